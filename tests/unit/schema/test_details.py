"""What a preview shows of a difference: which lines, of which kind, and whose old value."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.schema.details import Detail, Edit, States, details
from roma_provider.schema.diff import Difference, difference
from roma_provider.schema.outputs import outputs
from tests.support.fakes import ID, Unknown, inputs, is_unknown, progress, rcu_inputs

STATE = outputs(ID, inputs(), progress("RUNNING"))
ADD, DELETE, UPDATE = Edit.ADD, Edit.DELETE, Edit.UPDATE


def lines(olds: dict[str, Any] | None = None, state: dict[str, Any] | None = None, **changes: Any) -> dict[str, Detail]:
    """The lines of a program that differs by ``changes`` from the inputs ``olds`` of the state."""
    olds, news = inputs() if olds is None else olds, inputs(**changes)
    shown = {**STATE, **olds} if state is None else state
    found = difference(shown, news, is_unknown)
    return details(found, States(shown, olds, news, is_unknown))


def test_nothing_has_no_line() -> None:
    assert lines() == {}


def test_what_replaces_is_told_from_what_does_not() -> None:
    assert lines(vpc_id="other", name="other") == {"vpc_id": Detail(UPDATE, replaces=True), "name": Detail(UPDATE)}


def test_what_the_instance_has_is_the_old_value_of_what_is_declared_for_the_first_time() -> None:
    without = {key: value for key, value in inputs().items() if key != "maintain_begin"}
    state = {**STATE, "maintain_begin": "02:00:00"}
    found = lines(without, state, maintain_begin="22:00:00", eip_id="new")
    assert found == {"maintain_begin": Detail(UPDATE, of_inputs=False), "eip_id": Detail(ADD)}


def test_drift_is_shown_from_the_inputs_that_a_refresh_has_found() -> None:
    assert lines(inputs(description="by hand"), description="declared") == {"description": Detail(UPDATE)}


@pytest.mark.parametrize("of_inputs", [True, False])
def test_the_inputs_may_not_be_what_the_instance_has(of_inputs: bool) -> None:
    state = {**STATE, "name": "third"}
    olds = inputs(name="first") if of_inputs else inputs()
    assert lines(olds, state) == {"name": Detail(UPDATE, of_inputs=of_inputs)}


def test_an_argument_that_is_taken_away_has_a_line_where_the_next_instance_is_made_without_it() -> None:
    olds = inputs(eip_id="old", adopt_id=ID)
    assert lines(olds, eip_id=None) == {}
    assert lines(olds, eip_id=None, vpc_id="other") == {"eip_id": Detail(DELETE), "vpc_id": Detail(UPDATE, True)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, {"ssl_enable": True}, {"mqs": ADD}),
        ({"ssl_enable": True}, {"ssl_enable": False}, {"mqs.ssl_enable": UPDATE}),
        ({"ssl_enable": True}, {"engine_version": "2.7"}, {"mqs.engine_version": ADD, "mqs.ssl_enable": DELETE}),
        ({"ssl_enable": True}, {"ssl_enable": Unknown()}, {"mqs.ssl_enable": UPDATE}),
        ({"ssl_enable": True}, Unknown(), {"mqs": UPDATE}),
    ],
)
def test_a_nested_argument(old: Any, new: Any, expected: dict[str, Edit]) -> None:
    assert lines(inputs(mqs=old), mqs=new) == {path: Detail(edit) for path, edit in expected.items()}


def test_the_parts_of_a_list() -> None:
    found = lines(inputs(available_zones=["a", "b"]), available_zones=["a", "c", "d"])
    assert found == {"available_zones[1]": Detail(UPDATE, True), "available_zones[2]": Detail(ADD, True)}
    found = lines(inputs(available_zones=["a", "b"]), available_zones=["a"])
    assert found == {"available_zones[1]": Detail(DELETE, True)}


def test_the_parts_of_rcus() -> None:
    def share(value: int) -> dict[str, Any]:
        return {"indicator": {"id": "apic"}, "value": value}

    olds, news = rcu_inputs(rcu={"distribution": [share(5)]}), rcu_inputs(rcu={"distribution": [share(7), share(1)]})
    state = outputs(ID, olds, progress("RUNNING", productId=None, type=None))
    found = details(difference(state, news, is_unknown), States(state, olds, news, is_unknown))
    assert found == {"rcu.distribution[0].value": Detail(UPDATE), "rcu.distribution[1]": Detail(ADD)}


def test_what_is_not_known_yet() -> None:
    assert lines(name=Unknown()) == {"name": Detail(UPDATE)}
    assert lines(eip_id=Unknown()) == {"eip_id": Detail(ADD)}
    assert lines(vpc_id="v", name=Unknown()) == {"vpc_id": Detail(UPDATE, True), "name": Detail(UPDATE)}


def test_another_edition_is_one_line_and_its_product_none() -> None:
    olds = inputs(edition="basic")
    found = lines(olds, edition="professional", product_id="00300-30102-0--0")
    assert found == {"edition": Detail(UPDATE, True)}
    found = lines(olds, edition=None, product_id="00300-30102-0--0")
    assert found == {"edition": Detail(DELETE), "product_id": Detail(UPDATE, True)}


def test_another_kind_shows_all_that_the_next_instance_has_otherwise() -> None:
    olds, news = inputs(), rcu_inputs()
    found = details(difference(STATE, news, is_unknown), States(STATE, olds, news, is_unknown))
    assert found["rcu"] == Detail(ADD, replaces=True)
    assert found["security_group_id"] == Detail(DELETE)
    assert "vpc_id" not in found
    assert all(not line.replaces for path, line in found.items() if path != "rcu")


def test_what_failed_is_replaced_because_of_its_status() -> None:
    state = {**STATE, "status": "CREATE_FAILED"}
    assert lines(state=state) == {"status": Detail(UPDATE, replaces=True, of_inputs=False)}


def test_an_update_that_only_looks_has_no_line() -> None:
    """With replace_on_changes=["*"] any line would be a reason to replace what is half-made."""
    state = {**STATE, "status": "CREATING"}
    assert details(Difference(resumes=True), States(state, inputs(), inputs(), is_unknown)) == {}


def test_what_is_of_the_host_alone_has_no_line() -> None:
    assert lines(inputs(), vpc_id="v") == {"vpc_id": Detail(UPDATE, replaces=True)}
