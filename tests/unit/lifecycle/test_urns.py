"""The parts of a URN, whose name may hold what separates them."""

from __future__ import annotations

import pytest

from roma_provider.lifecycle.urns import in_its_stack, name_of, stack_of

TYPES = ("pulumi-python:dynamic/roma:Instance", "roma:index:Instance")


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("name", ["one", "a::b", "::", "a:b", ""])
def test_the_name_is_all_that_follows_the_type(name: str, type_: str) -> None:
    urn = f"urn:pulumi:dev::shop::my:Component${type_}::{name}"
    assert name_of(urn) == name
    # As notes of a run have it: after stack and project, or the name alone.
    assert name_of(in_its_stack(urn)) == name
    assert name_of(name) == name
    assert in_its_stack(urn) == f"my:Component${type_}::{name}"
    assert stack_of(urn) == "urn:pulumi:dev::shop"


def test_what_is_no_urn() -> None:
    assert (name_of("one"), name_of(""), in_its_stack("one")) == ("one", "", "one")
    assert (stack_of("one"), stack_of("urn:pulumi:dev::shop")) == ("", "")
