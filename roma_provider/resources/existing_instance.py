"""What a program writes: :class:`ExistingInstance`, which waits for what somebody else makes, and never deletes."""

from typing import overload

import pulumi
from pulumi import Input
from pulumi.dynamic import Resource

from ..hosts.dynamic import known, program
from ..provider import ExistingInstanceProvider
from .output_types import InstanceOutputs
from .plain_secrets import warn_of_plain_secrets
from .written import written


class ExistingInstance(InstanceOutputs, Resource, module="roma", name="ExistingInstance"):
    """A ROMA Connect instance that is made elsewhere (the console, an order, Terraform, another stack).

    ``pulumi up`` waits until it is ready; ``refresh`` reads it; ``destroy`` forgets it. Nothing ever deletes it.
    """

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: Input[str],
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: Input[str] | None = None,
        name: Input[str] | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        :param resource_name: the resource's name in the program.
        :param instance_id: the instance's id. Another id is another instance: it is waited for, and the
            first one forgotten.
        :param name: its name, in place of the id. There must be exactly one instance of that name when the resource is
            made; its id is kept, whatever the name comes to mean later.
        :param region: left out, ``roma:region`` or HW_REGION_NAME.
        :param project_id: Huawei Cloud project id; left out, ``roma:projectId`` or HW_PROJECT_ID.
        :param opts: resource options; ``custom_timeouts.create`` (default 90 minutes) bounds the wait.
        """
        if (instance_id is None) is (name is None):
            raise TypeError(f"ExistingInstance({resource_name!r}): write instance_id or name, one of them")
        props: dict[str, object] = dict.fromkeys(ExistingInstance.__annotations__)
        given = {"instance_id": instance_id, "name": name, "region": region, "project_id": project_id}
        props |= given | written(given)
        warn_of_plain_secrets()
        if instance_id is not None:
            program.refers(resource_name, instance_id)
        super().__init__(ExistingInstanceProvider(), resource_name, props, opts)
        known.know_none(self, ExistingInstance.__annotations__)
