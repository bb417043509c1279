"""Where each setting is taken from, and what is said where it is missing or wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.api.retry import Limits
from roma_provider.config import credentials
from roma_provider.config.keys import (
    AUTH_URL,
    CLOUD,
    ENDPOINT,
    LOG,
    POLL,
    PRODUCT_IDS,
    PRODUCTS,
    PROGRESS,
    PROJECT,
    REGION,
    RETRIES,
    SECRETS,
    TIMEOUT,
    TOKEN,
    Key,
)
from roma_provider.config.settings import Settings
from roma_provider.errors import InputError
from tests.support.fakes import TOKEN as CANARY
from tests.support.fakes import credentials_file, plain_settings


@pytest.mark.parametrize(
    ("key", "config", "variable"),
    [
        (REGION, "roma:region", "HW_REGION_NAME"),
        (PROJECT, "roma:projectId", "HW_PROJECT_ID"),
        (TOKEN, "roma:token", "HW_AUTH_TOKEN"),
        (ENDPOINT, "roma:endpoint", "ROMA_ENDPOINT"),
        (POLL, "roma:pollSeconds", "ROMA_POLL_SECONDS"),
        (AUTH_URL, "roma:authUrl", "HW_AUTH_URL"),
        (CLOUD, "roma:cloud", "HW_CLOUD"),
        (RETRIES, "roma:maxRetries", "HW_MAX_RETRIES"),
        (TIMEOUT, "roma:timeoutSeconds", "ROMA_TIMEOUT_SECONDS"),
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


def test_variables_of_the_sdk_come_after_those_of_terraform() -> None:
    both = {"HW_PROJECT_ID": "h", "HUAWEICLOUD_SDK_PROJECT_ID": "s"}
    assert plain_settings({}, both).get(PROJECT) == "h"
    sdk = plain_settings({}, {**both, "HW_PROJECT_ID": " "})
    assert (sdk.get(PROJECT), sdk.source(PROJECT)) == ("s", "HUAWEICLOUD_SDK_PROJECT_ID")
    assert plain_settings({"roma:projectId": "c"}, both).source(PROJECT) == "roma:projectId"


def test_a_setting_without_a_key_or_without_a_variable() -> None:
    asked: list[str] = []
    settings = Settings(asked.append, {"ROMA_PROGRESS": "live", "ROMA_LOG": "debug"})
    assert (settings.get(PROGRESS), settings.get(LOG)) == ("live", "debug")
    assert asked == []
    assert (settings.source(PROGRESS), settings.source(PRODUCTS)) == ("ROMA_PROGRESS", "roma:productIds")


def test_reading_settings_loads_neither_requests_nor_pydantic() -> None:
    """In a process of its own: this one has loaded both."""
    code = (
        "import sys\n"
        "from roma_provider.config.settings import Settings\n"
        "settings = Settings({}.get, {})\n"
        "settings.endpoint('r-1'), settings.limits(), settings.poll_seconds(), settings.product_ids()\n"
        "settings.live_wish(), settings.log_wish()\n"
        "print(sorted({'requests', 'urllib3', 'pydantic'} & sys.modules.keys()))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


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


@pytest.mark.parametrize(
    ("region", "settings", "roma", "iam"),
    [
        ("eu-west-101", {}, "roma.eu-west-101.myhuaweicloud.eu", "iam.eu-west-101.myhuaweicloud.eu"),
        ("eu-west-0", {}, "roma.eu-west-0.myhuaweicloud.com", "iam.eu-west-0.myhuaweicloud.com"),
        ("r-1", {"roma:cloud": "Cloud.Example"}, "roma.r-1.cloud.example", "iam.r-1.cloud.example"),
        ("eu-west-101", {"roma:cloud": "a.b"}, "roma.eu-west-101.a.b", "iam.eu-west-101.a.b"),
        ("r-1", {"roma:authUrl": "https://iam.x/v3"}, "roma.r-1.myhuaweicloud.com", "iam.x"),
        ("r-1", {"roma:authUrl": "https://iam.x/v3/"}, "roma.r-1.myhuaweicloud.com", "iam.x"),
        ("r-1", {"roma:authUrl": "https://iam.x:1/"}, "roma.r-1.myhuaweicloud.com", "iam.x:1"),
        ("r-1", {"roma:authUrl": "https://iam.x/a/v3"}, "roma.r-1.myhuaweicloud.com", "iam.x/a"),
    ],
)
def test_the_addresses_of_a_region(region: str, settings: dict[str, str], roma: str, iam: str) -> None:
    found = plain_settings(settings, {"HW_AUTH_TOKEN": CANARY})
    assert found.endpoint(region) == f"https://{roma}"
    assert auth_url(found, region) == f"https://{iam}"


def auth_url(settings: Settings, region: str = "r-1") -> str:
    return settings.auth_url(region, credentials.find(settings.config, settings.environment))


def test_where_the_address_of_iam_is_written(tmp_path: Path) -> None:
    file = dict(credentials_file(tmp_path))
    assert auth_url(plain_settings({}, file)) == "https://iam.of-the-file"
    for name in ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL"):
        file[name] = f"https://{name.lower()}"
        assert auth_url(plain_settings({}, file)) == f"https://{name.lower()}"
    assert auth_url(plain_settings({"roma:authUrl": "https://config"}, file)) == "https://config"
    # The file's is for the file's own keys.
    other = {**credentials_file(tmp_path), "HW_AUTH_TOKEN": CANARY}
    assert auth_url(plain_settings({}, other)) == "https://iam.r-1.myhuaweicloud.com"
    with pytest.raises(InputError) as caught:
        auth_url(plain_settings({}, {**other, "HW_AUTH_URL": "http://iam.x/v3"}))
    assert caught.value.key == "HW_AUTH_URL"


@pytest.mark.parametrize("cloud", ["https://x.y", "x", "x.y/z", "a b.c", "a..b"])
def test_a_cloud_that_is_none(cloud: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}, {"HW_CLOUD": cloud}).endpoint("r-1")
    assert str(caught.value) == f"HW_CLOUD: write a domain, such as myhuaweicloud.com, not {cloud!r}"


def test_the_limits() -> None:
    assert plain_settings({}).limits() == Limits(5, 30.0)
    assert plain_settings({"roma:maxRetries": "0", "roma:timeoutSeconds": "1.5"}).limits() == Limits(0, 1.5)
    environment = {"HW_MAX_RETRIES": "10", "ROMA_TIMEOUT_SECONDS": "600"}
    assert plain_settings({}, environment).limits() == Limits(10, 600.0)


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("roma:maxRetries", "11", "write a whole number from 0 to 10, such as 5, not '11'"),
        ("roma:maxRetries", "-1", "write a whole number from 0 to 10, such as 5, not '-1'"),
        ("roma:maxRetries", "1.0", "write a whole number from 0 to 10, such as 5, not '1.0'"),
        ("roma:timeoutSeconds", "0", "write seconds from 1 to 600, such as 30, not '0'"),
        ("roma:timeoutSeconds", "nan", "write seconds from 1 to 600, such as 30, not 'nan'"),
        ("roma:timeoutSeconds", "1m", "write seconds from 1 to 600, such as 30, not '1m'"),
    ],
)
def test_limits_that_are_refused(key: str, text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({key: text}).limits()
    assert (caught.value.key, caught.value.reason) == (key, reason)


def test_the_limits_of_the_settings_are_those_of_a_transport() -> None:
    assert plain_settings({}).limits() == Limits()


@pytest.mark.parametrize(("word", "wish"), [("live", True), (" plain ", False), ("", None), ("  ", None), (None, None)])
def test_which_progress_is_asked_for(word: str | None, wish: bool | None) -> None:
    assert plain_settings({}, {} if word is None else {"ROMA_PROGRESS": word}).live_wish() is wish


def test_another_word_for_progress_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}, {"ROMA_PROGRESS": "Live"}).live_wish()
    assert str(caught.value) == "ROMA_PROGRESS: write live or plain, not 'Live'; unset, the terminal decides"


@pytest.mark.parametrize(("word", "wish"), [(" Debug", "debug"), ("debug", "debug"), (" ", ""), ("Verbose", "verbose")])
def test_which_log_is_asked_for(word: str, wish: str) -> None:
    assert plain_settings({}, {"ROMA_LOG": word}).log_wish() == wish
    assert plain_settings({}, {}).log_wish() == ""
