"""Secrets never reach a comment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.hiding import SECRET, Hiding
from roma_provider.cli.preview.summary import Summary
from roma_provider.config.keys import SECRETS
from tests.support.digest import NOW, STACK_URN, digest, document, replacement, step, told, urn

SAID = "hunter2-and-more"


@pytest.mark.parametrize("variable", [name for key in SECRETS for name in key.variables])
def test_what_the_settings_know_as_a_secret(variable: str) -> None:
    hiding = Hiding({variable: SAID, "HW_REGION_NAME": "cn-north-4"})
    assert hiding.text(f"token {SAID} of cn-north-4") == f"token {SECRET} of cn-north-4"


@pytest.mark.parametrize(
    "variable",
    [
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_ACCESS_TOKEN",
        "GITHUB_TOKEN",
        "DB_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "api_key",
    ],
)
def test_what_is_named_as_a_secret(variable: str) -> None:
    assert Hiding({variable: SAID}).hidden([{f"a{SAID}": [SAID]}]) == [{f"a{SECRET}": [SECRET]}]


def test_short_values_and_other_variables_stay() -> None:
    assert Hiding({"HW_AUTH_TOKEN": "replace", "HOME": "/home/me"}).text("replace in /home/me") == "replace in /home/me"


def test_the_longest_goes_first() -> None:
    assert Hiding({"A_TOKEN": SAID, "B_TOKEN": SAID + "-longer"}).text(f"{SAID}-longer") == SECRET


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "adminPassword",
        "user_passwd",
        "token",
        "secretKey",
        "access_key",
        "privateKey",
        "apiKey",
        "x-api-key",
    ],
)
def test_properties_that_are_named_as_secrets(key: str) -> None:
    assert Hiding({}).hidden({key: SAID}) == {key: SECRET}
    assert Hiding({}).hidden({key: 5}) == {key: SECRET}
    assert Hiding({}).hidden({key: {"inner": "x", "token": SAID}}) == {key: {"inner": "x", "token": SECRET}}
    for harmless in (None, True, False, ""):
        assert Hiding({}).hidden({key: harmless}) == {key: harmless}


def test_an_object_that_a_state_marks_as_a_secret() -> None:
    marked = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": SAID}
    assert Hiding({}).hidden({"a": [marked]}) == {"a": [SECRET]}


def test_the_value_of_a_bad_property_which_the_engine_does_not_blind() -> None:
    message = (
        "error: pulumi-python:dynamic/roma:Instance resource 'x': property description value {&{{a} has a "
        "problem: b\n}}} has a problem: write text"
    )
    found = Hiding({}).text(message)
    assert found == (
        "error: pulumi-python:dynamic/roma:Instance resource 'x': property description has a problem: write text"
    )


def test_nothing_of_it_is_in_a_comment(tmp_path: Path) -> None:
    """In every place that a document has, at once."""
    secret: dict[str, Any] = {"password": "in-a-property", "vpc_id": "[secret]", "note": f"x{SAID}y"}
    given = replacement(oldState={"id": "i", "inputs": secret, "outputs": secret}, newState={"inputs": secret})
    given["detailedDiff"] = {key: {"kind": "update", "inputDiff": True} for key in secret}
    made = {**step("create", new={"inputs": secret}), "urn": urn(f"name-{SAID}")}
    stack = {"op": "same", "urn": STACK_URN, "oldState": {"outputs": {"pw": "of-the-stack"}}}
    said = [told(f"{SAID} {word}", word, of) for word in ("error", "warning", "info") for of in (urn(), "")]
    data = digest(given, made, stack, diagnostics=said, config={"shop:x": "of-the-config"})
    text = Summary(document(tmp_path, data, {"HW_SECRET_KEY": SAID})).text(NOW, 65_000)
    for hidden in (SAID, "in-a-property", "of-the-stack", "of-the-config"):
        assert hidden in json.dumps(data)
        assert hidden not in text
    assert "- `vpc_id`: *a secret* → *a secret* — **a reason to replace it**" in text
    assert "- `password`: *a secret*" in text
