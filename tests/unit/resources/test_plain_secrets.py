"""The warning of a secret that stands in clear in the stack's config."""

from __future__ import annotations

import pulumi
import pytest

from roma_provider.resources.plain_secrets import SECRET_KEYS, warn_of_plain_secrets
from tests.support.fakes import TOKEN
from tests.support.mocks import Mocks, engine

__all__ = ["engine"]


@pytest.fixture
def warned(engine: Mocks, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    # The SDK keeps which keys are secret until it is told others.
    pulumi.runtime.set_all_config({}, [])
    found: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", found.append)
    return found


def test_the_keys_that_hold_a_secret() -> None:
    assert set(SECRET_KEYS) == {
        "roma:token",
        "roma:accessKey",
        "roma:secretKey",
        "roma:securityToken",
        "roma:userPassword",
    }


def test_a_secret_that_stands_in_clear_is_warned_of_once(warned: list[str]) -> None:
    pulumi.runtime.set_all_config({"roma:token": TOKEN})
    warn_of_plain_secrets()
    warn_of_plain_secrets()
    assert warned == [
        "roma:token stands in clear in the stack's config and so in its state; set it again with "
        "`pulumi config set --secret roma:token`"
    ]


@pytest.mark.parametrize(
    ("config", "secrets"), [({"roma:token": TOKEN}, ["roma:token"]), ({}, []), ({"shop:token": TOKEN}, [])]
)
def test_a_secret_that_is_one_is_not_warned_of(warned: list[str], config: dict[str, str], secrets: list[str]) -> None:
    pulumi.runtime.set_all_config(config, secrets)
    warn_of_plain_secrets()
    assert warned == []


def test_each_secret_in_clear_has_its_warning_without_its_value(warned: list[str]) -> None:
    pulumi.runtime.set_all_config(dict.fromkeys(SECRET_KEYS, TOKEN), [SECRET_KEYS[0]])
    warn_of_plain_secrets()
    assert [text.partition(" ")[0] for text in warned] == [*SECRET_KEYS[1:]]
    assert not any(TOKEN in text for text in warned)


def test_one_that_comes_later_is_warned_of_too(warned: list[str]) -> None:
    one, other = SECRET_KEYS[:2]
    for config in ({one: TOKEN}, {one: TOKEN, other: TOKEN}):
        pulumi.runtime.set_all_config(config)
        warn_of_plain_secrets()
    assert [text.partition(" ")[0] for text in warned] == [one, other]


def test_what_is_no_secret_may_stand_in_clear(warned: list[str]) -> None:
    pulumi.runtime.set_all_config({"roma:region": "cn-north-4"})
    warn_of_plain_secrets()
    assert warned == []
