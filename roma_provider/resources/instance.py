"""What a program writes: :class:`Instance`, which owns what it declares."""

import copy
from dataclasses import fields
from typing import TYPE_CHECKING, overload

import pulumi
from pulumi import Input, Output
from pulumi.dynamic import Resource

from ..hosts.dynamic import known, program
from ..provider import InstanceProvider
from ..schema.written import BY_NAME
from .args import EditionArguments, InstanceArgs, RcuArguments
from .output_types import InstanceOutputs, Mqs, Rcu
from .plain_secrets import warn_of_plain_secrets
from .shown import with_arguments, with_words
from .written import written

if TYPE_CHECKING:
    from typing_extensions import Unpack

# Among the attributes of what `get` found: that it was looked up by its name.
_NAMED = "_looked_up_by_name"


class Instance(InstanceOutputs, Resource, module="roma", name="Instance"):
    """A ROMA Connect instance that this stack owns: created with it, deleted with it."""

    # What the API does not show is an output as declared.
    enable_all: Output[bool | None]
    """True: all sub-services; False: message queues alone. Edition only. As declared; the API does not show it."""
    mqs: Output[Mqs | None]
    """The message queue service. As declared; the API does not show it."""
    rcu: Output[Rcu | None]
    """ROMA compute units, in place of an edition (experimental). RCU only, and needed there. As declared; the API
    does not show it."""
    publicip_enable: Output[bool | None]
    """Public access. RCU only. As declared; the API does not show it."""
    adopt_id: Output[str | None]
    """Id of an instance that exists, to be taken over in place of creating one. As declared; the API does not show
    it."""

    wait: Output[bool | None]
    """False: the instance is ordered, and not waited for; an ``ExistingInstance`` of its id waits. As declared; the API
    does not show it."""

    @overload
    def __init__(self, resource_name: str, args: InstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **arguments: "Unpack[EditionArguments]",
    ) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **arguments: "Unpack[RcuArguments]",
    ) -> None: ...

    @with_arguments
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
            of one name cannot be told apart; ``custom_timeouts.create`` (default 90 minutes) counts for a
            resumed wait too, unless ``update`` is given.
        """
        if args is not None and arguments:
            raise TypeError("write the arguments as InstanceArgs or as keywords, not both")
        if args is not None and not isinstance(args, InstanceArgs):
            raise TypeError(f"write the arguments as keywords or as one InstanceArgs, not as {type(args).__name__}")
        if args is None:
            args = InstanceArgs(**arguments)  # type: ignore[arg-type]
        props: dict[str, object] = dict.fromkeys(Instance.__annotations__)
        given = {field.name: getattr(args, field.name) for field in fields(args)}
        if given["name"] is None:
            given["name"] = resource_name
        props |= given
        warn_of_plain_secrets()
        if opts is not None and opts.id is not None:  # only looked up, as by `get`, and never checked
            program.refers(resource_name, opts.id)
        else:
            props |= written(given)
        if args.adopt_id is not None:
            program.adopts(resource_name, opts.parent if opts is not None else None, args.adopt_id)
        if opts is not None and opts.retain_on_delete:
            program.retains(resource_name)
        super().__init__(InstanceProvider(), resource_name, props, _options(opts))
        known.know_none(self, Instance.__annotations__)

    @overload
    @classmethod
    def get(
        cls,
        resource_name: str,
        id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
    ) -> "Instance": ...

    @overload
    @classmethod
    def get(
        cls,
        resource_name: str,
        *,
        name: Input[str],
        opts: pulumi.ResourceOptions | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
    ) -> "Instance": ...

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        name: Input[str] | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
    ) -> "Instance":
        """Look up an instance that this stack does not own, by one read; whatever its status, it is not waited for.

        :param id: the instance's id. That it does not exist is an error.
        :param name: its name, in place of the id, looked up anew in each run: none or several of that name are an
            error. Where the id must stay what it is, write ``ExistingInstance(…, name=…)``.
        :param region: left out, ``roma:region`` or HW_REGION_NAME; likewise ``project_id``.
        """
        if name is not None and id is not None:
            raise pulumi.RunError(f"Instance.get({resource_name!r}): write the id of an instance or its name, not both")
        given, what = (id, "id") if name is None else (name, "name")
        if not isinstance(given, pulumi.Output) and (not isinstance(given, str) or not given):
            raise pulumi.RunError(f"Instance.get({resource_name!r}): write the {what} of an instance, not {given!r}")
        found = cls.__new__(cls)
        vars(found)[_NAMED] = name is not None
        props: dict[str, object] = dict.fromkeys(Instance.__annotations__)
        props |= {"region": region, "project_id": project_id}
        warn_of_plain_secrets()
        # The SDK cannot read by an id that is marked as secret, such as one of a StackReference; no id is one.
        plain = pulumi.Output.unsecret(given) if isinstance(given, pulumi.Output) else given
        if name is None:
            program.refers(resource_name, plain)
        else:  # the engine keeps one id for a resource that is read, so that the name is it; see `lifecycle.named`
            plain = pulumi.Output.concat(BY_NAME, plain) if isinstance(plain, pulumi.Output) else BY_NAME + plain
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=plain))
        Resource.__init__(found, InstanceProvider(), resource_name, props, options)
        known.know_none(found, Instance.__annotations__)
        return found

    @property
    def id(self) -> Output[str]:
        """The instance's id; the engine's own, of one that is looked up by its name, is that name."""
        return self.instance_id if vars(self).get(_NAMED) else super().id


with_words(Instance)


def _options(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """A copy of a program's options with our defaults; the user's own are left as they are."""
    mine = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    if mine.delete_before_replace is None:
        mine.delete_before_replace = True
    return mine
