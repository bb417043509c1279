"""What a program writes: :class:`Instance`, which owns what it declares."""

from collections.abc import Sequence
from dataclasses import fields
from typing import overload

import pulumi
from pulumi import Input, Output
from pulumi.dynamic import Resource

from ..provider import InstanceProvider
from .args import InstanceArgs, MqsArgs, RcuArgs
from .options import resumable
from .output_types import InstanceOutputs, Mqs, Rcu
from .plain_secrets import warn_of_plain_secrets


class Instance(InstanceOutputs, Resource, module="roma", name="Instance"):
    """A ROMA Connect instance that this stack owns: created with it, deleted with it."""

    # What the API does not show is an output as declared.
    enable_all: Output[bool | None]
    mqs: Output[Mqs | None]
    rcu: Output[Rcu | None]
    publicip_enable: Output[bool | None]
    adopt_id: Output[str | None]

    @overload
    def __init__(self, resource_name: str, args: InstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        available_zones: Input[Sequence[Input[str]]],
        vpc_id: Input[str],
        subnet_id: Input[str],
        security_group_id: Input[str],
        name: Input[str] | None = None,
        description: Input[str] | None = None,
        product_id: Input[str] | None = None,
        edition: Input[str] | None = None,
        enterprise_project_id: Input[str] | None = None,
        cpu_architecture: Input[str] | None = None,
        ipv6_enable: Input[bool] | None = None,
        enable_all: Input[bool] | None = None,
        eip_id: Input[str] | None = None,
        ingress_bandwidth_size: Input[int] | None = None,
        maintain_begin: Input[str] | None = None,
        maintain_end: Input[str] | None = None,
        mqs: Input[MqsArgs] | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        adopt_id: Input[str] | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        rcu: Input[RcuArgs],
        available_zones: Input[Sequence[Input[str]]],
        vpc_id: Input[str],
        subnet_id: Input[str],
        name: Input[str] | None = None,
        description: Input[str] | None = None,
        enterprise_project_id: Input[str] | None = None,
        cpu_architecture: Input[str] | None = None,
        charge_type: Input[str] | None = None,
        publicip_enable: Input[bool] | None = None,
        ingress_bandwidth_size: Input[int] | None = None,
        scope: Input[str] | None = None,
        mqs: Input[MqsArgs] | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        adopt_id: Input[str] | None = None,
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: InstanceArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **arguments: object,
    ) -> None:
        """
        :param resource_name: the resource's name in the program; also the instance's, if ``name`` is left out.
        :param args: the arguments, in place of keywords.
        :param opts: resource options. ``delete_before_replace`` is set unless you set it, since two instances
            of one name cannot be told apart; ``custom_timeouts.create`` (default 60 minutes) counts for a
            resumed wait too, unless ``update`` is given.
        """
        if args is not None and arguments:
            raise TypeError("write the arguments as InstanceArgs or as keywords, not both")
        if args is not None and not isinstance(args, InstanceArgs):
            raise TypeError(f"write the arguments as keywords or as one InstanceArgs, not as {type(args).__name__}")
        if args is None:
            args = InstanceArgs(**arguments)  # type: ignore[arg-type]
        props: dict[str, object] = dict.fromkeys(Instance.__annotations__)
        props |= {field.name: getattr(args, field.name) for field in fields(args)}
        if props["name"] is None:
            props["name"] = resource_name
        warn_of_plain_secrets()
        super().__init__(InstanceProvider(), resource_name, props, _options(opts))

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
    ) -> "Instance":
        """Look up an instance that this stack does not own, by one read; whatever its status, it is not waited for.

        :param id: the instance's id. That it does not exist is an error.
        :param region: left out, ``roma:region`` or HW_REGION_NAME; likewise ``project_id``.
        """
        if not isinstance(id, pulumi.Output) and (not isinstance(id, str) or not id):
            raise pulumi.RunError(f"Instance.get({resource_name!r}): write the id of an instance, not {id!r}")
        found = cls.__new__(cls)
        props: dict[str, object] = dict.fromkeys(Instance.__annotations__)
        props |= {"region": region, "project_id": project_id}
        warn_of_plain_secrets()
        # The SDK cannot read by an id that is marked as secret, such as one of a StackReference; no id is one.
        known = pulumi.Output.unsecret(id) if isinstance(id, pulumi.Output) else id
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=known))
        Resource.__init__(found, InstanceProvider(), resource_name, props, options)
        return found


def _options(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    mine = resumable(opts)
    if mine.delete_before_replace is None:
        mine.delete_before_replace = True
    return mine
