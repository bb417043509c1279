"""What a program writes: :class:`ExistingInstance`, which waits for what somebody else makes, and never deletes."""

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

    def __init__(
        self,
        resource_name: str,
        *,
        instance_id: Input[str],
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        :param resource_name: the resource's name in the program.
        :param instance_id: the instance's id. Another id is another instance: it is waited for, and the
            first one forgotten.
        :param region: left out, ``roma:region`` or HW_REGION_NAME.
        :param project_id: Huawei Cloud project id; left out, ``roma:projectId`` or HW_PROJECT_ID.
        :param opts: resource options; ``custom_timeouts.create`` (default 90 minutes) bounds the wait.
        """
        props: dict[str, object] = dict.fromkeys(ExistingInstance.__annotations__)
        given = {"instance_id": instance_id, "region": region, "project_id": project_id}
        props |= given | written(given)
        warn_of_plain_secrets()
        program.refers(resource_name, instance_id)
        super().__init__(ExistingInstanceProvider(), resource_name, props, opts)
        known.know_none(self, ExistingInstance.__annotations__)
