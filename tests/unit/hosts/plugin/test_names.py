"""The spelling of properties at the boundary: there and back, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.hosts.plugin import names
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED

INSIDE: dict[str, Any] = {
    "name": "orders",
    "available_zones": ["az0.dc0"],
    "mqs": {"engine_version": "2.7", "vpc_client_plain": True},
    "rcu": {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]},
    "services": [{"name": "mqs", "start_time_rfc3339": "2025-03-06T12:01:13.785Z"}],
    "created_at_rfc3339": "2025-03-06T12:01:13.785Z",
    "__host": "roma.example",
}
WIRE: dict[str, Any] = {
    "name": "orders",
    "availableZones": ["az0.dc0"],
    "mqs": {"engineVersion": "2.7", "vpcClientPlain": True},
    "rcu": {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]},
    "services": [{"name": "mqs", "startTimeRfc3339": "2025-03-06T12:01:13.785Z"}],
    "createdAtRfc3339": "2025-03-06T12:01:13.785Z",
    "__host": "roma.example",
}


def test_there_and_back() -> None:
    assert names.to_wire(INSIDE) == WIRE
    assert names.from_wire(WIRE) == INSIDE


def test_a_state_of_the_dynamic_provider_is_read_as_it_is() -> None:
    assert names.from_wire(INSIDE) == INSIDE


def test_each_name_has_one_spelling_and_no_two_have_the_same() -> None:
    every = {*INSTANCE, *COMPUTED}
    assert len({names.camel(name) for name in every}) == len(every)
    assert names.from_wire(names.to_wire(dict.fromkeys(every, 1))) == dict.fromkeys(every, 1)


def test_what_no_table_knows_stays() -> None:
    unknown = {"vpcID": 1, "some_thing": {"vpc_id": 2}, "mqs": {"foo_bar": 3}}
    assert names.to_wire(unknown) == unknown
    assert names.from_wire(unknown) == unknown


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("mqs.ssl_enable", "mqs.sslEnable"),
        ("available_zones[0]", "availableZones[0]"),
        ("rcu.distribution[1].indicator", "rcu.distribution[1].indicator"),
        ("roma:region", "roma:region"),
        ("HW_REGION_NAME", "HW_REGION_NAME"),
        ("foo_bar", "foo_bar"),
    ],
)
def test_paths(path: str, written: str) -> None:
    assert names.path_to_wire(path) == written


def test_what_a_program_has_spelled_as_this_package_does() -> None:
    given = {"vpc_id": "v", "subnetId": "s", "mqs": {"ssl_enable": True}, "name": "n", "other_thing": 1}
    assert names.misspelled(given) == [("vpc_id", "vpcId"), ("mqs.ssl_enable", "sslEnable")]
    assert names.misspelled(WIRE) == []
