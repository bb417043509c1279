"""Identifiers in the API's shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roma_provider.emulator.core.identifiers import Identifiers
from tests.support.emulator import Api

if TYPE_CHECKING:
    pass


def test_identifiers_look_like_the_apis() -> None:
    identifiers = Identifiers()
    assert identifiers.order_id(1741262473785)[:17] == "20250306120108660"
    assert len(identifiers.order_id(0)) == 23
    assert len({identifiers.token() for _ in range(3)}) == 3


def test_two_instances_have_different_identifiers(api: Api) -> None:
    first, second = (api.process(api.create())["instance"] for _ in range(2))
    for name in ("instanceId", "errorCode", "orderId"):
        assert first[name] != second[name]
