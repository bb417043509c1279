"""The columns of the catalogue: what a live value is read from, and what is sent to which endpoint."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from roma_provider.schema.columns import Argument, Change, Field, Live, Resource, Sent, as_it_is, equal
from roma_provider.schema.kinds import BOTH, EDITION, RCU, Kind
from roma_provider.schema.rules import word

DETAIL = SimpleNamespace(vpc_id="v", pre_pay=True, demond_pay=None)


def argument(**more: Any) -> Argument:
    return Argument(name="vpc_id", rule=word, change=Change.REPLACE, doc="Id of the VPC.", example="v", **more)


def test_a_live_value_is_read_as_it_is_or_made_of_several_fields() -> None:
    assert Live("vpc_id")(DETAIL) == "v"
    assert Live("demond_pay")(DETAIL) is None
    both = Live("pre_pay", "demond_pay", read=lambda prepaid, on_demand: (prepaid, on_demand), note="as two flags")
    assert (both(DETAIL), both.fields, both.note) == ((True, None), ("pre_pay", "demond_pay"), "as two flags")


def test_a_live_value_of_a_field_that_the_model_has_not_is_a_fault() -> None:
    with pytest.raises(AttributeError, match="vpcId"):
        Live("vpcId")(DETAIL)


def upper(value: str) -> str:
    return value.upper()


@pytest.mark.parametrize(
    ("more", "edition", "rcu"),
    [
        ({}, Sent("vpc_id"), Sent("vpc_id")),
        ({"kinds": (RCU,)}, None, Sent("vpc_id")),
        ({"sent": {EDITION: "vpc"}}, Sent("vpc"), None),
        ({"sent": {EDITION: "vpc", RCU: Sent("vpcId", upper)}}, Sent("vpc"), Sent("vpcId", upper)),
        # What a kind does not take is not sent to it, whatever else is said.
        ({"kinds": (EDITION,), "sent": {RCU: "vpc"}}, None, None),
        ({"sent": {}}, None, None),
    ],
)
def test_what_each_endpoint_is_sent(more: dict[str, Any], edition: Sent | None, rcu: Sent | None) -> None:
    row = argument(**more)
    assert (row.sent_to(EDITION), row.sent_to(RCU)) == (edition, rcu)


def test_what_is_sent_is_not_converted_unless_it_is_said() -> None:
    value = ["a"]
    assert Sent("zones").convert(value) is value
    assert as_it_is(value) is value
    assert Sent("zones", upper).convert("a") == "A"


@pytest.mark.parametrize(
    ("one", "other", "same"), [(5, 5.0, True), (["a"], ["a"], True), ("a", "A", False), (None, "", False)]
)
def test_the_plain_comparison(one: Any, other: Any, same: bool) -> None:
    assert equal(one, other) is same
    assert argument().same(one, other) is same


def test_what_a_row_says_if_it_says_no_more() -> None:
    row = argument()
    assert (row.type, row.kinds, row.required, row.defaults, row.of) == ("str", BOTH, (), {}, (Resource.INSTANCE,))
    assert (row.live, row.always, row.sent, row.fields, row.left_out) == (None, False, None, (), "")
    field = Field("id", "str", word, "Id of the indicator.")
    assert (field.kinds, field.required, field.fields) == (BOTH, False, ())


@pytest.mark.parametrize("kind", BOTH)
def test_no_two_rows_share_their_defaults(kind: Kind) -> None:
    assert argument().defaults is not argument().defaults
    assert argument(defaults={kind: 5}).defaults == {kind: 5}


def test_the_classes_that_take_arguments() -> None:
    assert [resource.value for resource in Resource] == ["Instance", "ExistingInstance"]
