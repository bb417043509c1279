"""What the API shows besides arguments: one row an output that is no argument, and why other fields are none.

An output that is also an argument has the argument's name and spelling (``catalogue``); any other has the seed page's
field in snake_case. Together with the catalogue this accounts for every field of the page, and docs/fields.md is
made of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Part(Enum):
    """A part of the answer of GetCreateInstanceProcessV2: the class in ``api.models`` that holds its fields."""

    INSTANCE = "InstanceDetail"
    CREATION = "CreationProgress"
    SERVICE = "SubService"


@dataclass(frozen=True)
class Output:
    """An output that is no argument, under its field's name.

    - ``time``: epoch milliseconds, None for the answer's 0; the output ``…_rfc3339`` beside it is the same as text.
    - ``made``: not copied from the field, but made by ``outputs``.
    - ``of``: the field that it is made of, where that is an output under its own name too.
    - ``always``: never None.
    - ``doc``: what it is, in sentences; the docstring in ``resources.output_types``. ``note`` is for docs/fields.md:
      what becomes of the answer's value.
    """

    name: str
    type: str = "str"
    doc: str = ""
    part: Part = Part.INSTANCE
    time: bool = False
    made: bool = False
    always: bool = False
    note: str = ""
    of: str = ""

    @property
    def text(self) -> str:
        """The name of the same time as text."""
        return f"{self.name}_rfc3339"

    @property
    def names(self) -> tuple[str, ...]:
        """The outputs that this row makes."""
        return (self.name, self.text) if self.time else (self.name,)


OUTPUTS = (
    Output("instance_id", doc="The same as ``id``.", made=True, always=True),
    Output(
        "status",
        doc="Upper case: RUNNING, CREATING, CREATE_FAILED, FROZEN, … It alone says whether an instance is ready.",
        made=True,
        always=True,
    ),
    Output("connect_address", doc="Private address."),
    Output("connect_address_with_pp"),
    Output("mgmt_connect_address"),
    Output("mgmt_extra_connect_address"),
    Output("con_amount", doc="Number of connections, as text."),
    Output("charging_mode", "int", "1: pay per use."),
    Output(
        "error_code",
        doc="The code of the error, after a failure.",
        made=True,
        note="the id of the provisioning job, which it holds while all is well, is ``job_id``",
    ),
    Output("job_id", doc="Id of the provisioning job, where ``errorCode`` holds it.", made=True, of="error_code"),
    Output("error_message"),
    Output("user_id"),
    Output("user_name"),
    Output("domain_id"),
    Output("virtual_router_id"),
    Output("order_id"),
    Output("created_at", "int", "Epoch milliseconds.", time=True),
    Output("updated_at", "int", "Epoch milliseconds.", time=True),
    Output("task_status"),
    Output("no_password_access", "bool"),
    Output("access_user"),
    Output("publicip_addr", doc="Public address."),
    Output("publicip_bounded", "bool"),
    Output("resource_list"),
    Output("spec_code", doc="Such as roma.basic.001."),
    Output("tag_entries"),
    Output("ep_ids"),
    Output("ipv6_connect_address"),
    Output("bandwidths", "int", "Egress, Mbit/s."),
    Output("crypto_type"),
    Output("rocketmq_enable", "bool"),
    Output("external_elb_enable", "bool"),
    Output("lts_log_group_id"),
    Output("demond_pay", "bool", "Pay per use (spelled as the API does)."),
    Output("pre_pay", "bool", "Prepaid: can only be unsubscribed, not deleted."),
    Output("start_time", "int", "Begin of the creation, epoch milliseconds.", Part.CREATION, True),
    Output("end_time", "int", "End of the creation, epoch milliseconds.", Part.CREATION, True),
    Output("progress", "int", "0–100.", Part.CREATION),
    Output("services", "Sequence[Service]", "The sub-services.", Part.CREATION, made=True, always=True),
    Output("name", doc="Such as mqs, lvs, apic, fdi or link.", part=Part.SERVICE, always=True),
    Output("status", doc="As the API writes it, such as ``creating``.", part=Part.SERVICE),
    Output("progress", "int", "0–100.", Part.SERVICE),
    Output("start_time", "int", "Epoch milliseconds; None if it has not begun.", Part.SERVICE, True),
    Output("end_time", "int", "Epoch milliseconds; None if it has not ended.", Part.SERVICE, True),
    Output("error_code", part=Part.SERVICE),
    Output("error_msg", part=Part.SERVICE),
)

# Fields that are not read, since an argument's value is known before: from the field to the argument.
KNOWN_BEFORE: Mapping[str, str] = {"tenant_id": "project_id"}

_MASKED = 'masked with "#"'
_DEPRECATED = "marked as deprecated (弃用)"
_INVALID = "marked as invalid, to be ignored (忽略,无效字段)"
_OF_ITSELF = "changes by itself at every call"

# Fields of the seed page that are no output, and why.
OMITTED: Mapping[Part, Mapping[str, str]] = {
    Part.INSTANCE: {
        "res_tenant_id": _MASKED,
        "res_domain_id": _MASKED,
        "res_vpc_id": _MASKED,
        "res_subnet_id": _MASKED,
        "res_security_group_id": _MASKED,
        "res_instance_cluster_id": _MASKED,
        "port": _DEPRECATED,
        "location": _DEPRECATED,
        "engine": _DEPRECATED,
        "engine_version": _DEPRECATED,
        "out_zones": _INVALID,
        "name_like": _INVALID,
        "instance_id_like": _INVALID,
        "status_included": _INVALID,
        "type_excluded": _INVALID,
        "ep_id_or_default": "the same as `epId`",
        "deleted_at": "never set for an instance that exists",
        "res_leak_status": "of the provider's own resource tenant",
    },
    Part.CREATION: {
        "instance": "its fields are outputs: above",
        "current_time": _OF_ITSELF,
        "taken_time": _OF_ITSELF,
        "instance_id": "the same as `instanceId` of the instance",
        "name": "the same as the instance's",
        "status": "the same as the instance's, which decides; this one counts where the answer holds no instance",
    },
    Part.SERVICE: {"taken_time": _OF_ITSELF},
}


# The outputs of an instance that are no arguments.
COMPUTED = tuple(name for row in OUTPUTS if row.part is not Part.SERVICE for name in row.names)


def outputs_of(*parts: Part) -> tuple[Output, ...]:
    """The rows of these parts."""
    return tuple(row for row in OUTPUTS if row.part in parts)
