"""Where each setting is taken from, and what is said where it is missing or wrong."""

from __future__ import annotations

import json
import os

import pytest

from roma_provider.api.client import RomaClient
from roma_provider.errors import InputError
from roma_provider.settings import ENDPOINT, POLL, PRODUCT_IDS, PROJECT, REGION, SECRETS, TOKEN, Key, Settings

from .fakes import PROJECT as PROJECT_ID
from .fakes import TOKEN as CANARY
from .fakes import plain_settings


@pytest.mark.parametrize(
    ("key", "config", "variable"),
    [
        (REGION, "roma:region", "HW_REGION_NAME"),
        (PROJECT, "roma:projectId", "HW_PROJECT_ID"),
        (TOKEN, "roma:token", "HW_AUTH_TOKEN"),
        (ENDPOINT, "roma:endpoint", "ROMA_ENDPOINT"),
        (POLL, "roma:pollSeconds", "ROMA_POLL_SECONDS"),
    ],
)
def test_config_goes_first_but_for_secrets(key: Key, config: str, variable: str) -> None:
    both = plain_settings({config: "c"}, {variable: "e"})
    assert both.get(key) == ("e" if key in SECRETS else "c")
    assert plain_settings({config: " c "}).get(key) == "c"
    assert plain_settings({}, {variable: " e\n"}).get(key) == "e"
    assert plain_settings({config: " "}, {variable: "e"}).get(key) == "e"
    assert plain_settings({config: "c"}, {variable: " "}).get(key) == "c"
    assert plain_settings({}).get(key) is None


def test_the_token_is_the_one_secret() -> None:
    assert SECRETS == (TOKEN,)
    assert TOKEN.missing() == (
        "no IAM token is given; set one of: `pulumi config set --secret roma:token MIIE…`, "
        "environment variable HW_AUTH_TOKEN"
    )


def test_the_environment_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_REGION_NAME", "eu-west-101")
    found = Settings.of(lambda _key: None)
    assert found.get(REGION) == "eu-west-101"
    assert found.environment is os.environ


def test_product_ids() -> None:
    assert plain_settings({}).product_ids() == dict(PRODUCT_IDS)
    mine = plain_settings({"roma:productIds": json.dumps({"basic": "b", "own": "o"})}).product_ids()
    assert mine == {**PRODUCT_IDS, "basic": "b", "own": "o"}
    assert PRODUCT_IDS["basic"] == "00300-30101-0--0"


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        '"basic"',
        '{"basic": 5}',
        '{"basic": null}',
        '{"basic": {}}',
        '{"basic": ""}',
        '{"x": " "}',
        "[" * 100_000,
    ],
)
def test_product_ids_that_are_refused(bad: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({"roma:productIds": bad}).product_ids()
    assert caught.value.key == "roma:productIds"
    assert caught.value.reason == (
        'write a JSON object from edition to product id, such as {"basic": "00400-30101-0--0"}'
    )


@pytest.mark.parametrize(("text", "seconds"), [(None, 5.0), ("5", 5.0), ("0.05", 0.05), ("300", 300.0), (" 1.5 ", 1.5)])
def test_poll_seconds(text: str | None, seconds: float) -> None:
    assert plain_settings({} if text is None else {"roma:pollSeconds": text}).poll_seconds() == seconds
    assert plain_settings({}, {} if text is None else {"ROMA_POLL_SECONDS": text}).poll_seconds() == seconds


@pytest.mark.parametrize("text", ["0", "-1", "0.04", "301", "nan", "inf", "5s", "five"])
def test_poll_seconds_that_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({"roma:pollSeconds": text}).poll_seconds()
    assert caught.value.key == "roma:pollSeconds"
    assert caught.value.reason == f"write seconds from 0.05 to 300, such as 5, not {text!r}"


def test_the_endpoint() -> None:
    assert plain_settings({}).endpoint("cn-north-4") == "https://roma.cn-north-4.myhuaweicloud.com"
    assert plain_settings({}, {"ROMA_ENDPOINT": "http://127.0.0.1:80/"}).endpoint("x") == "http://127.0.0.1:80"
    both = plain_settings({"roma:endpoint": "https://one"}, {"ROMA_ENDPOINT": "https://two"})
    assert both.endpoint("x") == "https://one"
    with pytest.raises(InputError, match="roma:endpoint: http would send credentials in the clear to one"):
        plain_settings({"roma:endpoint": "http://one"}).endpoint("x")


def test_a_client() -> None:
    assert isinstance(plain_settings({}, {"HW_AUTH_TOKEN": CANARY}).client("cn-north-4", PROJECT_ID), RomaClient)


def test_no_client_without_a_token() -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}).client("cn-north-4", PROJECT_ID)
    assert (caught.value.key, caught.value.reason) == ("roma:token", TOKEN.missing())


@pytest.mark.parametrize("inside", [" ", "\n", "\r\nX-Evil: 1", "ü", "\x00", "…"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(inside: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}, {"HW_AUTH_TOKEN": f"{CANARY}{inside}{CANARY}"}).client("cn-north-4", PROJECT_ID)
    assert str(caught.value) == "roma:token: a token is one word of visible ASCII characters; copy it again"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("config", "environment", "place"),
    [
        ({"roma:token": CANARY}, {}, "roma:token of the stack config"),
        ({}, {"HW_AUTH_TOKEN": CANARY}, "environment variable HW_AUTH_TOKEN"),
        ({"roma:token": "x"}, {"HW_AUTH_TOKEN": CANARY}, "environment variable HW_AUTH_TOKEN"),
    ],
)
def test_the_hint_says_where_the_token_came_from_and_never_what_it_is(
    config: dict[str, str], environment: dict[str, str], place: str
) -> None:
    hint = plain_settings(config, environment).sign_in_hint()
    assert f"the token came from {place}" in hint
    assert CANARY not in hint


def test_the_token() -> None:
    assert plain_settings({"roma:token": "x"}, {"HW_AUTH_TOKEN": f" {CANARY}\n"}).token() == CANARY
    with pytest.raises(InputError) as caught:
        plain_settings({}).token()
    assert (caught.value.key, caught.value.reason) == ("roma:token", TOKEN.missing())
