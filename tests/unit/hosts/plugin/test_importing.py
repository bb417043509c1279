"""The inputs of what is imported: a program of them has no difference to what there is."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.hosts.link import Link
from roma_provider.hosts.plugin.call import Call
from roma_provider.hosts.plugin.importing import inputs_of, reference_of
from roma_provider.schema.diff import difference
from tests.support.fakes import ID, PROJECT, REGION, plain_session, progress, rcu_inputs
from tests.support.lifecycle import state

PLACE = {"region": REGION, "project_id": PROJECT}
CALL = Call(None, None, Link())


def imported(config: dict[str, str] | None = None, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    outputs = state(ID, PLACE, progress("RUNNING", **changes))
    found = inputs_of(plain_session({"roma:region": REGION, **(config or {})}), CALL, outputs)
    return found, {**found, **outputs}


def test_one_of_edition_and_product_with_defaults_and_place() -> None:
    found, outputs = imported()
    assert "edition" not in found
    assert (found["product_id"], found["enable_all"], found["cpu_architecture"]) == ("00300-30101-0--0", True, "x86_64")
    assert {key: found[key] for key in PLACE} == PLACE
    assert not difference(outputs, found, CALL.is_unknown).any


def test_a_window_that_nobody_ordered_is_left_out() -> None:
    assert {"maintain_begin", "maintain_end"} & imported(maintainBegin="00:29:11", maintainEnd="04:29:11")[
        0
    ].keys() == set()
    found, outputs = imported(maintainBegin="22:00", maintainEnd="02:00")
    assert (found["maintain_begin"], found["maintain_end"]) == ("22:00:00", "02:00:00")
    assert not difference(outputs, found, CALL.is_unknown).any


def test_what_check_refuses_is_left_out() -> None:
    found, outputs = imported(cpuArch="sparc")
    assert found["cpu_architecture"] == "x86_64"
    assert outputs["cpu_architecture"] == "sparc"


def test_today_s_enterprise_project_is_not_that_of_what_is_there() -> None:
    found, _ = imported({"roma:enterpriseProjectId": "other"}, epId="0")
    assert "enterprise_project_id" not in found


def test_what_no_program_can_declare_says_so() -> None:
    outputs = state(ID, rcu_inputs(), progress("RUNNING", productId=None))
    with pytest.raises(
        InputError, match=r"^id: this instance cannot be imported: it shows no product.* Write adopt_id"
    ):
        inputs_of(plain_session(), CALL, outputs)


def test_a_reference_is_its_id_and_where_it_lives() -> None:
    outputs = state(ID, PLACE, progress("RUNNING"))
    assert reference_of(outputs) == {"instance_id": ID, **PLACE}
