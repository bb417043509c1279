"""The JSON of an instance: `/process`, the lists of V2 and V3. Plain dicts, keys in the published order.

Sources (docs/api-notes.md): the page GetCreateInstanceProcessV2 for `/process` (its example, field by field);
CheckRomaInstanceListV2 and ListRomaInstancesV3 for the lists.

Guesses, since nothing is published about them: that `errorCode` keeps the job id once the instance is RUNNING or failed
without a word; the top-level status in lower case outside CREATING; the values of the editions above basic, and of
platinumXB (`type` stays within the documented four); that `/process` says 22:00 for a window ordered as 22:00:00 (it is
what the console's detail of an instance does) while the V2 list says 22:00:00 (documented).

Of RCU instances the lists' entries are published, `/process` is not. Guesses: that it knows them, with null where
`orders` has nothing; that `publicipBounded` and `publicipAddr` come without a `publicipId` (which the V3 list has for
category roma only); `chargingMode` 0 for prepaid, as the vendor's sibling services have it.
"""

import datetime
import ipaddress
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from ..core.json_input import parsed_json
from ..core.orders import category_of, is_made_of_all, ordered
from ..core.store import InstanceRecord
from ..core.timeline import Creation, creation_at

_MASKED = "#"
_JOB_ASSIGNED = 1668  # ms from createdAt to updatedAt in the seed


def creation_of(record: InstanceRecord, now: int) -> Creation:
    """The creation of an instance; it stands still from its DELETE on."""
    until = now if record.deleted_at is None else min(now, record.deleted_at)
    return creation_at(
        until,
        record.created_at,
        record.creation_seconds,
        record.scenario,
        is_made_of_all(record.request),
    )


def status_of(record: InstanceRecord, now: int) -> str:
    """`instance.status`: an override, else DELETING, else what the creation says."""
    if record.status is not None:
        return record.status
    return "DELETING" if record.deleted_at is not None else creation_of(record, now).status


def _address(instance_id: str, network: str) -> str:
    """An address of the network that is always the same for an instance."""
    addresses = ipaddress.ip_network(network)
    number = int.from_bytes(sha256(instance_id.encode()).digest()[:8], "big")
    return str(addresses[1 + number % (min(addresses.num_addresses, 2**32) - 2)])


def instance_of(record: InstanceRecord, now: int) -> dict[str, Any]:
    """The `instance` object of `/process`, overrides applied."""
    creation = creation_of(record, now)
    shown = _published(record) | ordered(record.request)
    shown["status"] = status_of(record, now)
    shown["updatedAt"] = record.deleted_at or creation.end_time or min(now, record.created_at + _JOB_ASSIGNED)
    # The job that makes the instance, not an error, unless the creation failed and says why.
    shown["errorCode"] = creation.error_code or record.job_id
    shown["errorMessage"] = creation.error_message
    if creation.status == "RUNNING":
        shown |= _addresses(record.instance_id, public=shown["publicipBounded"], ipv6=shown["ipv6Enable"])
    else:
        shown["publicipBounded"] = False
    return {**shown, **record.fields}


def _addresses(instance_id: str, *, public: bool, ipv6: bool) -> dict[str, str]:
    addresses = {"connectAddress": _address(instance_id, "10.0.0.0/8")}
    if public:
        addresses["publicipAddr"] = _address(instance_id, "203.0.113.0/24")
    if ipv6:
        addresses["ipv6ConnectAddress"] = _address(instance_id, "2001:db8::/32")
    return addresses


def _published(record: InstanceRecord) -> dict[str, Any]:
    """Every key of `instance`, in the published order, with the value that it has without an order."""
    created = datetime.datetime.fromtimestamp(record.created_at / 1000, tz=datetime.timezone.utc)
    return {
        "instanceId": record.instance_id,
        **dict.fromkeys(("name", "status", "connectAddress", "connectAddressWithPP", "mgmtConnectAddress")),
        **dict.fromkeys(("mgmtExtraConnectAddress", "port", "conAmount", "type", "location", "productId")),
        "engine": "ROMA",
        "engineVersion": "1.0.0",
        "chargingMode": 1,
        **dict.fromkeys(("description", "errorCode", "errorMessage")),
        **dict.fromkeys(("resTenantId", "resDomainId", "resVpcId", "resSubnetId", "resSecurityGroupId"), _MASKED),
        "tenantId": record.project_id,
        **dict.fromkeys(("tenantVpcId", "tenantSubnetId", "tenantSecurityGroupId")),
        "userId": record.user_id,
        "userName": record.user_name,
        **dict.fromkeys(("domainId", "virtualRouterId")),
        "orderId": record.order_id,
        "createdAt": record.created_at,
        **dict.fromkeys(("updatedAt", "deletedAt", "availableZones")),
        "maintainBegin": f"{created:%H:%M:%S}",
        "maintainEnd": f"{created:%H:%M:%S}",
        "taskStatus": None,
        "noPasswordAccess": False,
        **dict.fromkeys(("accessUser", "publicipId", "publicipAddr")),
        "publicipBounded": False,
        **dict.fromkeys(("outZones", "resourceList", "nameLike", "instanceIdLike", "specCode", "statusIncluded")),
        "epId": "0",
        **dict.fromkeys(("resLeakStatus", "tagEntries", "epIds", "typeExcluded")),
        "ipv6Enable": False,
        "ipv6ConnectAddress": None,
        "bandwidths": 0,
        "ingressBandwidthSize": None,
        "resInstanceClusterId": _MASKED,
        "scope": "center",
        **dict.fromkeys(("cpuArch", "cryptoType")),
        "rocketmqEnable": False,
        "externalElbEnable": False,
        "ltsLogGroupId": None,
        "demondPay": True,
        "prePay": False,
        "epIdOrDefault": "0",
    }


def process_answer(record: InstanceRecord, now: int) -> dict[str, Any]:
    """GetCreateInstanceProcessV2."""
    creation = creation_of(record, now)
    instance = instance_of(record, now)
    return {
        "instance": instance,
        "currentTime": now,
        "instance_id": record.instance_id,
        "name": instance["name"],
        "start_time": record.created_at,
        "taken_time": creation.taken_time,
        "end_time": creation.end_time,
        "progress": creation.progress,
        "status": str(instance["status"]).lower(),
        "item": [asdict(service) for service in creation.services],
    }


def _iso(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(milliseconds // 1000, tz=datetime.timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _long(window: str | None) -> str | None:
    return f"{window}:00" if window and len(window) == len("22:00") else window


def _without_none(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not None}


def _errors(instance: Mapping[str, Any]) -> dict[str, Any]:
    """`error_code` and `error_msg` of the V2 list, which its example of a healthy instance does not have."""
    if instance["errorMessage"] is None:
        return {"error_code": None, "error_msg": None}
    return {"error_code": instance["errorCode"], "error_msg": instance["errorMessage"]}


def list_item_v2(record: InstanceRecord, now: int) -> dict[str, Any]:
    """An entry of CheckRomaInstanceListV2; what is not set is left out, as in its example."""
    instance = instance_of(record, now)
    return _without_none(
        {
            "id": instance["instanceId"],
            "name": instance["name"],
            "description": instance["description"] or "",
            "flavor_id": instance["productId"],
            "flavor_type": instance["type"],
            "cpu_arch": instance["cpuArch"],
            "vpc_id": instance["tenantVpcId"],
            "subnet_id": instance["tenantSubnetId"],
            "security_group_id": instance["tenantSecurityGroupId"],
            "publicip_enable": instance["publicipId"] is not None,
            "publicip_id": instance["publicipId"],
            "publicip_address": instance["publicipAddr"],
            "status": instance["status"],
            **_errors(instance),
            "charge_type": "prePaid" if instance["prePay"] else "postPaid",
            "project_id": instance["tenantId"],
            "create_time": _iso(instance["createdAt"]),
            "update_time": _iso(instance["updatedAt"]),
            "maintain_begin": _long(instance["maintainBegin"]),
            "maintain_end": _long(instance["maintainEnd"]),
            "available_zone_ids": parsed_json(instance["availableZones"] or "[]"),
            "enterprise_project_id": instance["epIdOrDefault"],
        }
    )


def list_item_v3(record: InstanceRecord, now: int) -> dict[str, Any]:
    """An entry of ListRomaInstancesV3, as far as its table could be read; instances of both kinds have one."""
    instance = instance_of(record, now)
    category = category_of(record.request)
    public_access = instance["publicipId"] is not None
    if category == "rcu":
        # No EIP of its own to tell by: what was ordered, until the console changes it.
        was_ordered = ordered(record.request).get("publicipBounded", False)
        public_access = bool(record.fields.get("publicipBounded", was_ordered))
    return _without_none(
        {
            "id": instance["instanceId"],
            "name": instance["name"],
            "description": instance["description"] or "",
            "status": instance["status"],
            "category": category,
            "charge_type": "prePaid" if instance["prePay"] else "postPaid",
            "available_zone_ids": parsed_json(instance["availableZones"] or "[]"),
            "cpu_arch": instance["cpuArch"],
            "enterprise_project_id": instance["epIdOrDefault"],
            "vpc_id": instance["tenantVpcId"],
            "subnet_id": instance["tenantSubnetId"],
            "security_group_id": instance["tenantSecurityGroupId"],
            "publicip_enable": public_access,
            "publicip_id": instance["publicipId"],
        }
    )
