"""What was written and has no value: nothing is said of it by check, and create and update refuse it."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.check import check, check_existing
from roma_provider.schema.diff import difference
from roma_provider.schema.written import ABSENT, WRITTEN, absent, refuse_absent, warning
from tests.support.arguments import given
from tests.support.fakes import ID, PROJECT, REGION, Unknown, inputs, is_unknown, plain_sign_in

FULL: dict[str, Any] = {**given(), "region": REGION, "project_id": PROJECT}


def written(*lost: str, **changes: Any) -> dict[str, Any]:
    """Arguments on the wire, of which these have no value in `up`."""
    mine = {**FULL, **changes}
    marks = {key: {} if key in lost else {"known": True} for key in (*mine, *lost)}
    return {**{key: value for key, value in mine.items() if key not in lost}, WRITTEN: marks}


def test_what_is_known_is_not_absent() -> None:
    assert absent({}) == absent({WRITTEN: None}) == absent({WRITTEN: Unknown()}) == []
    marks = {"a": {"known": True}, "b": {"known": False}, "c": {"known": Unknown()}, "d": {}, "e": Unknown()}
    assert absent({WRITTEN: marks}) == ["d"]


@pytest.mark.parametrize("key", sorted(set(INSTANCE) - {"rcu"}))
def test_nothing_is_said_of_what_has_no_value(key: str) -> None:
    found = check({}, written(key), plain_sign_in({"roma:region": REGION, "roma:projectId": PROJECT}), is_unknown)
    assert found.failures == []
    assert found.inputs[ABSENT] == [key]
    assert WRITTEN not in found.inputs
    if key not in ("region", "project_id"):
        assert key not in found.inputs


def test_a_part_that_has_no_value_takes_its_argument_out() -> None:
    news = written("available_zones") | {"available_zones": []}
    found = check({}, news, plain_sign_in({}), is_unknown)
    assert (found.failures, "available_zones" in found.inputs) == ([], False)


def test_the_kind_is_that_of_what_was_written() -> None:
    mine = {key: value for key, value in FULL.items() if key not in ("product_id", "security_group_id")}
    marks: dict[str, Any] = {key: {"known": True} for key in mine} | {"rcu": {}}
    found = check({}, {**mine, "charge_type": "postPaid", WRITTEN: marks}, plain_sign_in({}), is_unknown)
    assert found.failures == []


def test_what_was_not_written_is_still_missing() -> None:
    news = written(vpc_id=None, product_id=None)
    news[WRITTEN] = {key: mark for key, mark in news[WRITTEN].items() if news.get(key) is not None}
    found = check({}, news, plain_sign_in({}), is_unknown)
    assert [key for key, _ in found.failures] == ["vpc_id", "product_id"]


def test_an_output_that_came_to_be_none_is_left_out() -> None:
    news = written() | {"description": None}
    news[WRITTEN]["description"] = {"known": False}
    found = check({}, news, plain_sign_in({}), is_unknown)
    assert (found.failures, ABSENT in found.inputs) == ([], False)


def test_an_id_to_wait_for() -> None:
    news = {"region": REGION, "project_id": PROJECT, WRITTEN: {"instance_id": {}, "region": {"known": True}}}
    found = check_existing({}, news, plain_sign_in({}), is_unknown)
    assert (found.failures, found.inputs[ABSENT]) == ([], ["instance_id"])
    news[WRITTEN] = {}
    assert [key for key, _ in check_existing({}, news, plain_sign_in({}), is_unknown).failures] == ["instance_id"]


def test_it_never_replaces() -> None:
    """Neither by what is lost, nor by what stands in its place, nor by what else was changed."""
    lost = {**inputs(vpc_id="another", region="eu-west-101"), ABSENT: ["region"]}
    found = difference({**inputs(), "instance_id": ID}, lost, is_unknown)
    assert (found.any, found.keys) == (True, [])


def test_it_is_warned_of() -> None:
    assert warning(["vpc_id"]) == (
        "what the program gives 'vpc_id' has no value, since the resource that it comes from could not be made. This "
        "resource is neither made nor changed in this run: deal with that first, then run `pulumi up` again"
    )


def test_it_is_refused() -> None:
    refuse_absent(inputs(), "nothing was created")
    with pytest.raises(InputError) as caught:
        refuse_absent({**inputs(), ABSENT: ["mqs", "vpc_id"]}, "nothing was created")
    assert str(caught.value) == (
        "mqs: what the program gives 'mqs', 'vpc_id' has no value, since the resource that it comes from could not be "
        "made; nothing was created: deal with that first, then run `pulumi up` again"
    )
