"""What a preview shows: what is declared is known, what the API will show is not."""

from __future__ import annotations

from typing import Any

from roma_provider.hosts.plugin import previews
from roma_provider.hosts.plugin.schema import EXISTING_TYPE, INSTANCE_TYPE
from roma_provider.hosts.plugin.wire import UNKNOWN_VALUE
from tests.support.fakes import ID, PROJECT, REGION, inputs
from tests.support.lifecycle import STATE

REFERENCE = {"instance_id": ID, "region": REGION, "project_id": PROJECT}


def unknown(found: dict[str, Any]) -> set[str]:
    return {key for key, value in found.items() if value is UNKNOWN_VALUE}


def test_what_is_created() -> None:
    found = previews.created(INSTANCE_TYPE, inputs())
    assert {key: found[key] for key in inputs()} == inputs()
    assert {"instance_id", "status", "services", "description", "eip_id"} <= unknown(found)
    # As declared, and nothing was.
    assert {"mqs", "rcu", "adopt_id", "wait", "publicip_enable"} & found.keys() == set()


def test_the_id_of_what_is_adopted_is_known() -> None:
    found = previews.created(INSTANCE_TYPE, inputs(adopt_id=ID))
    assert found["instance_id"] == ID
    assert previews.created(INSTANCE_TYPE, inputs(adopt_id=UNKNOWN_VALUE))["instance_id"] is UNKNOWN_VALUE


def test_a_reference_has_its_id_and_nothing_that_is_only_declared() -> None:
    found = previews.created(EXISTING_TYPE, REFERENCE)
    assert found["instance_id"] == ID
    assert {"name", "vpc_id", "status"} <= unknown(found)
    assert {"mqs", "enable_all"} & found.keys() == set()


def test_an_update_that_changes_nothing_keeps_all() -> None:
    assert previews.updated(INSTANCE_TYPE, STATE, inputs()) == STATE
    assert previews.updated(EXISTING_TYPE, {**STATE, **REFERENCE}, REFERENCE) == {**STATE, **REFERENCE}


def test_an_update_knows_the_arguments_alone() -> None:
    for found in (
        previews.updated(INSTANCE_TYPE, STATE, inputs(description="x")),
        previews.updated(INSTANCE_TYPE, {**STATE, "status": "CREATING"}, inputs(description="x")),
    ):
        assert (found["description"], found["instance_id"], found["vpc_id"]) == ("x", ID, STATE["vpc_id"])
        assert {"status", "connect_address", "services", "updated_at"} <= unknown(found)
    named = previews.updated(EXISTING_TYPE, {**STATE, **REFERENCE}, {**REFERENCE, "name": "other"})
    assert named["status"] is UNKNOWN_VALUE
