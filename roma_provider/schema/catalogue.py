"""One row an argument: what it may be, where it is sent, where it is read, what a change of it means.

check, diff, outputs and requests are read off it, and so are the tables of docs (``make docs-tables``).
The fields of ``mqs`` and ``rcu`` are in ``nested``. What type checkers must see (``resources.args`` and
``resources.output_types``), the models of ``api`` and the emulator stand beside it: tests/unit/schema/test_catalogue.py
says which line is missing where.

Rules over several arguments are functions: in ``check``, that an instance is of one kind (``_refuse_other_kind``),
has edition or product_id (``_check_product``), a window of four hours (``_check_window``), RCUs that add up
(``_check_rcu``) and Kafka's version for Kafka alone (``_check_mqs``); in ``place``, whence region and project come; in
``diff``, that another kind replaces, and that an edition is alike if its product id is (``_alike``).

The order of the rows is that of problems found, and of the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .columns import Argument, Change, Live, Resource, Sent
from .kinds import BOTH, EDITION, RCU, Kind
from .nested import MQS, RCUS
from .rules import anything, flag, instance_id, one_of, project_id, region_id, text, whole, window, word, zones
from .spellings import (
    architecture,
    bandwidth,
    charge_type,
    clock_time,
    text_or_empty,
    v1_architecture,
    v1_mqs,
    v3_config,
    without_case,
    without_order,
)

_EVERY = (Resource.INSTANCE, Resource.EXISTING)

ARGUMENTS = (
    Argument(
        "name",
        word,
        Change.CONSOLE,
        "Name of the instance.",
        "roma-orders",
        required=BOTH,
        left_out="the resource's own name",
        live=Live("name"),
        always=True,
    ),
    Argument(
        "description",
        text,
        Change.CONSOLE,
        "What the instance is for, in your words.",
        "orders and stock",
        live=Live("description", read=text_or_empty, note='null becomes ""'),
    ),
    Argument(
        "product_id",
        word,
        Change.REPLACE,
        "Product id, such as ``00300-30101-0--0``.",
        "00300-30102-0--0",
        left_out="that of ``edition``",
        kinds=(EDITION,),
        live=Live("product_id"),
    ),
    Argument(
        "edition",
        word,
        Change.REPLACE,
        "basic, professional, enterprise, platinum or platinumXB; stands for a product id.",
        "professional",
        kinds=(EDITION,),
        live=Live("type"),
        same=without_case,
        sent={},  # check has made a product id of it
    ),
    Argument(
        "available_zones",
        zones,
        Change.REPLACE,
        'Zone ids, such as ``["az0.dc0"]``; their order means nothing.',
        ["az0.dc1", "az1.dc1"],
        type="Sequence[str]",
        required=BOTH,
        live=Live("available_zones", note="JSON text in the answer, a list here"),
        always=True,
        same=without_order,
        sent={EDITION: "available_zones", RCU: "available_zone_ids"},
    ),
    Argument(
        "vpc_id",
        word,
        Change.REPLACE,
        "Id of the VPC.",
        "0c2f1f4a-4a6c-4d5f-9c0e-6d1b3c1f8a10",
        required=BOTH,
        live=Live("tenant_vpc_id"),
        always=True,
    ),
    Argument(
        "subnet_id",
        word,
        Change.REPLACE,
        "Id of the subnet.",
        "5a0d9e5e-3b0e-4f0a-8a51-0c8b8f5f7d22",
        required=BOTH,
        live=Live("tenant_subnet_id"),
        always=True,
    ),
    Argument(
        "security_group_id",
        word,
        Change.REPLACE,
        "Id of the security group.",
        "8d0b6f7e-55a1-4f0c-a2c5-3b1d5f0e9c33",
        kinds=(EDITION,),
        required=(EDITION,),
        live=Live("tenant_security_group_id"),
    ),
    Argument(
        "enterprise_project_id",
        word,
        Change.CONSOLE,
        'Id of the enterprise project, "0" for the default one; needed where the account has enterprise projects.',
        "b7f0a3c2-1d7e-4a55-9f0d-2e6b4c8d0f44",
        live=Live("ep_id"),
        sent={EDITION: "ep_id", RCU: "enterprise_project_id"},
    ),
    Argument(
        "cpu_architecture",
        one_of("x86_64", "aarch64"),
        Change.REPLACE,
        "x86_64 or aarch64.",
        "aarch64",
        defaults={EDITION: "x86_64", RCU: "x86_64"},
        live=Live("cpu_arch", read=architecture, note="x86, arm and arm64 are written so too"),
        always=True,
        sent={EDITION: Sent("cpu_architecture", v1_architecture), RCU: "cpu_arch"},
    ),
    Argument(
        "ipv6_enable",
        flag,
        Change.SETTLED,
        "Whether the instance has an IPv6 address too.",
        True,
        type="bool",
        kinds=(EDITION,),
        defaults={EDITION: False},
        live=Live("ipv6_enable"),
        always=True,
    ),
    Argument(
        "enable_all",
        flag,
        Change.SETTLED,
        "True: all sub-services; False: message queues alone.",
        False,
        type="bool",
        kinds=(EDITION,),
        defaults={EDITION: True},
    ),
    Argument(
        "eip_id",
        word,
        Change.CONSOLE,
        "Id of an elastic IP, for public access.",
        "3e5b7c1d-90af-4b1e-8b8e-7a9c0d2e1f55",
        kinds=(EDITION,),
        live=Live("publicip_id"),
    ),
    Argument(
        "ingress_bandwidth_size",
        whole("Mbit/s"),
        Change.CONSOLE,
        "Public ingress bandwidth in Mbit/s.",
        5,
        type="int",
        live=Live("ingress_bandwidth_size", read=bandwidth, note="text in the answer"),
        sent={EDITION: "entrance_bandwidth_size", RCU: "ingress_bandwidth_size"},
    ),
    Argument(
        "maintain_begin",
        window,
        Change.CONSOLE,
        "Begin of the maintenance window, UTC: 02, 06, 10, 14, 18 or 22 o'clock, as ``22:00:00``.",
        "22:00:00",
        kinds=(EDITION,),
        live=Live("maintain_begin", read=clock_time, note="``22:00`` becomes ``22:00:00``"),
    ),
    Argument(
        "maintain_end",
        window,
        Change.CONSOLE,
        "End of the maintenance window, UTC: four hours later, as ``02:00:00``.",
        "02:00:00",
        kinds=(EDITION,),
        live=Live("maintain_end", read=clock_time, note="as ``maintain_begin``"),
    ),
    Argument(
        "mqs",
        anything,
        Change.SETTLED,
        "The message queue service.",
        {"engine_version": "2.3.0", "ssl_enable": True},
        type="Mqs",
        sent={EDITION: Sent("mqs", v1_mqs), RCU: Sent("config", v3_config)},
        fields=MQS,
    ),
    Argument(
        "rcu",
        anything,
        Change.UNSEEN,
        "ROMA compute units, in place of an edition (experimental).",
        {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]},
        type="Rcu",
        kinds=(RCU,),
        required=(RCU,),
        fields=RCUS,
    ),
    Argument(
        "charge_type",
        one_of("postPaid", "prePaid"),
        Change.CONSOLE,
        "postPaid, or prePaid, which can only be unsubscribed, not deleted.",
        "prePaid",
        kinds=(RCU,),
        defaults={RCU: "postPaid"},
        live=Live("pre_pay", "demond_pay", read=charge_type),
    ),
    Argument(
        "publicip_enable",
        flag,
        Change.UNSEEN,
        "Public access.",
        True,
        type="bool",
        kinds=(RCU,),
        defaults={RCU: False},
    ),
    Argument(
        "scope",
        one_of("center", "edge"),
        Change.SETTLED,
        "center, or edge for an IES edge instance.",
        "edge",
        kinds=(RCU,),
        live=Live("scope"),
    ),
    Argument(
        "region",
        region_id,
        Change.REPLACE,
        "Region that the instance lives in.",
        "cn-north-4",
        left_out="``roma:region`` or HW_REGION_NAME",
        always=True,
        sent={},
        of=_EVERY,
    ),
    Argument(
        "project_id",
        project_id,
        Change.REPLACE,
        "Huawei Cloud project id.",
        "c29445cce74b445682de4fcf3102cec4",
        left_out="``roma:projectId``, HW_PROJECT_ID, or the region's own project",
        always=True,
        sent={},
        of=_EVERY,
    ),
    Argument(
        "adopt_id",
        instance_id,
        Change.NONE,
        "Id of an instance that exists, to be taken over in place of creating one.",
        "b037d389-62a4-464a-8461-c88797ad4f23",
        sent={},
    ),
    Argument(
        "wait",
        flag,
        Change.HERE,
        "False: the instance is ordered, and not waited for; an ``ExistingInstance`` of its id waits.",
        False,
        type="bool",
        left_out="True",
        sent={},
    ),
    Argument(
        "instance_id",
        instance_id,
        Change.REPLACE,
        "Id of the instance. Another id is another instance: it is waited for, and the first one forgotten.",
        "b037d389-62a4-464a-8461-c88797ad4f23",
        left_out="that of ``name``",
        sent={},
        of=(Resource.EXISTING,),
    ),
)

INSTANCE: Mapping[str, Argument] = {row.name: row for row in ARGUMENTS if Resource.INSTANCE in row.of}
EXISTING: Mapping[str, Argument] = {
    "name": replace(
        INSTANCE["name"],
        change=Change.REPLACE,
        doc="Name of the instance, in place of its id: the one instance of that name, whose id is kept.",
        required=(),
        left_out="that of ``instance_id``",
        of=(Resource.EXISTING,),
    ),
    **{row.name: row for row in ARGUMENTS if Resource.EXISTING in row.of},
}


def own(kind: Kind) -> set[str]:
    """The arguments that the other kind's endpoint does not take."""
    return {row.name for row in INSTANCE.values() if row.kinds == (kind,)}


def required(kind: Kind) -> tuple[str, ...]:
    """The arguments without which no instance of this kind can be."""
    return tuple(row.name for row in INSTANCE.values() if kind in row.required)


def defaults(kind: Kind) -> dict[str, Any]:
    """The values that count where an argument of this kind is left out."""
    return {row.name: row.defaults[kind] for row in INSTANCE.values() if kind in row.defaults}
