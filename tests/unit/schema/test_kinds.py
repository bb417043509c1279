"""The two kinds of instance, and how they are told apart."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.schema.kinds import BOTH, EDITION, RCU, Kind, is_rcu, kind_of
from tests.support.fakes import Unknown, inputs, rcu_inputs


@pytest.mark.parametrize(
    ("props", "kind"),
    [
        ({"rcu": {}}, RCU),
        ({"rcu": None}, EDITION),
        ({}, EDITION),
        ({"rcu": Unknown()}, RCU),
        (inputs(), EDITION),
        (rcu_inputs(), RCU),
    ],
)
def test_an_instance_with_rcus_is_an_rcu_instance(props: dict[str, Any], kind: Kind) -> None:
    assert kind_of(props) is kind
    assert is_rcu(props) is (kind is RCU)


def test_the_words_of_each_kind() -> None:
    assert [(kind.name, kind.word) for kind in BOTH] == [
        ("an instance of an edition", "Edition"),
        ("an RCU instance", "RCU"),
    ]
