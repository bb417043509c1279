"""The table of settings: whole, without a name twice, and the one that the documentation is made from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roma_provider.config import keys
from roma_provider.config.keys import SECRETS, SETTINGS, SIGNING_IN, TOKEN, Key
from tools import docs_tables

ROOT = Path(__file__).parents[3]


def test_every_setting_is_in_the_table_once() -> None:
    declared = [value for value in vars(keys).values() if isinstance(value, Key)]
    assert sorted(declared, key=lambda key: key.name) == sorted(SETTINGS, key=lambda key: key.name)
    names = [name for key in SETTINGS for name in (key.config, *key.variables) if name]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", SETTINGS, ids=lambda key: key.name)
def test_a_row_is_whole(key: Key) -> None:
    assert key.config is None or re.fullmatch(r"roma:[a-z][A-Za-z]+", key.config)
    assert all(re.fullmatch(r"[A-Z][A-Z_]+", name) for name in key.variables)
    assert key.name == (key.config or key.variables[0])
    assert key.example
    assert key.what
    assert key.doc
    assert not key.doc.endswith(".")


def test_the_secrets() -> None:
    assert [key.config for key in SECRETS] == [
        "roma:token",
        "roma:accessKey",
        "roma:secretKey",
        "roma:securityToken",
        "roma:userPassword",
    ]
    assert TOKEN.missing() == (
        "no IAM token is given; set one of: `pulumi config set --secret roma:token MIIE…`, "
        'environment variable HW_AUTH_TOKEN, input {"roma:token": pulumi.Output.secret("MIIE…")} of a provider '
        "resource (which does not see the stack config)"
    )


def test_what_is_said_where_an_argument_would_do() -> None:
    assert keys.REGION.missing("region") == (
        "no region is given; set one of: argument region, `pulumi config set roma:region cn-north-4`, "
        'environment variable HW_REGION_NAME, input {"roma:region": "cn-north-4"} of a provider resource '
        "(which does not see the stack config)"
    )


def test_no_variable_is_read_that_is_not_in_the_table() -> None:
    """Names in the code, outside comments and docstrings: each belongs to a row."""
    known = {name for key in SETTINGS for name in (key.config, *key.variables) if name}
    for path in (ROOT / "roma_provider").rglob("*.py"):
        if "emulator" in path.parts or path.name == "keys.py":
            continue
        found = re.findall(r"""["'`]((?:HW|ROMA|HUAWEICLOUD)_[A-Z_]+|roma:[a-z][A-Za-z]+)["'`]""", path.read_text())
        assert set(found) <= known, path


def test_the_tables_of_the_documentation_have_every_row() -> None:
    assert len(docs_tables.settings_table().splitlines()) == 2 + len(SETTINGS)
    assert len(docs_tables.sign_in_table().splitlines()) == 2 + len(SIGNING_IN)
    assert set(SIGNING_IN) < set(SETTINGS)
