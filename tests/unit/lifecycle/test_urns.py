"""The parts of a URN, whose name may hold what separates them."""

from __future__ import annotations

import pytest

from roma_provider.lifecycle.urns import in_its_stack, name_of, stack_of

URN = "urn:pulumi:dev::shop::my:Component$pulumi-python:dynamic/roma:Instance::"


@pytest.mark.parametrize("name", ["one", "a::b", "::", "a:b", ""])
def test_the_name_is_all_that_follows_the_type(name: str) -> None:
    assert name_of(URN + name) == name
    # As notes of a run have it: after stack and project, or the name alone.
    assert name_of(in_its_stack(URN + name)) == name
    assert name_of(name) == name
    assert in_its_stack(URN + name) == f"my:Component$pulumi-python:dynamic/roma:Instance::{name}"
    assert stack_of(URN + name) == "urn:pulumi:dev::shop"


def test_what_is_no_urn() -> None:
    assert (name_of("one"), name_of(""), in_its_stack("one")) == ("one", "", "one")
    assert (stack_of("one"), stack_of("urn:pulumi:dev::shop")) == ("", "")
