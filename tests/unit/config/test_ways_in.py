"""As whom the settings sign in, in which words they say so, and the project that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.iam import PasswordAuth
from roma_provider.api.signing import AkSkAuth
from roma_provider.config.credentials import NONE_GIVEN
from roma_provider.config.settings import REGION, Settings, shared_projects
from roma_provider.errors import InputError
from tests.support.fakes import PROJECT as PROJECT_ID
from tests.support.fakes import TOKEN as CANARY
from tests.support.fakes import credentials_file, plain_settings, refused
from tests.support.iam_server import IamServer, serving_iam

KEYS = {"HW_ACCESS_KEY": "canary-ak", "HW_SECRET_KEY": "canary-sk"}
TEMPORARY = {**KEYS, "HW_SECURITY_TOKEN": "canary-st"}
USER = {"HW_USER_NAME": "zhangyue", "HW_USER_PASSWORD": "canary-pw", "HW_DOMAIN_NAME": "account"}
WAYS: list[dict[str, str]] = [{"HW_AUTH_TOKEN": CANARY}, KEYS, TEMPORARY, USER]
KINDS: list[type[Auth]] = [TokenAuth, AkSkAuth, AkSkAuth, PasswordAuth]


@pytest.mark.parametrize(("environment", "kind"), list(zip(WAYS, KINDS, strict=True)))
def test_credentials_and_a_client(environment: dict[str, str], kind: type[Auth]) -> None:
    settings = plain_settings(None, environment)
    auth = settings.credentials("cn-north-4", PROJECT_ID)
    assert type(auth) is kind
    assert isinstance(settings.client("cn-north-4", PROJECT_ID), RomaClient)
    # Of the same credentials there is one in a process, for each project where that makes a difference.
    again = plain_settings(None, dict(environment))
    assert again.credentials("cn-north-4", PROJECT_ID) is auth
    assert (again.credentials("cn-north-4", "x" * 16) is auth) == (kind is TokenAuth)
    changed = {name: value + "x" for name, value in environment.items()}
    assert plain_settings(None, changed).credentials("cn-north-4", PROJECT_ID) is not auth


def test_what_a_request_is_signed_with(tmp_path: Path) -> None:
    def headers(environment: dict[str, str], *place: str) -> dict[str, str]:
        auth = plain_settings({}, environment).credentials(*place)
        request = requests.Request("GET", "https://h/x", auth=auth).prepare()
        return {name: str(value) for name, value in request.headers.items()}

    assert headers({"HW_AUTH_TOKEN": CANARY}, "r", "p") == {"X-Auth-Token": CANARY}
    plain = headers(KEYS, "r", PROJECT_ID)
    assert plain["X-Project-Id"] == PROJECT_ID
    assert plain["Authorization"].startswith("SDK-HMAC-SHA256 Access=canary-ak, SignedHeaders=host;x-project-id;")
    assert "X-Project-Id" not in headers(KEYS, "r")
    assert headers(TEMPORARY, "r")["X-Security-Token"] == "canary-st"
    assert "Access=canary-ak" in headers(credentials_file(tmp_path))["Authorization"]


def test_a_password_needs_to_know_whom_to_ask() -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}, USER).credentials()
    assert (caught.value.key, caught.value.reason) == ("roma:region", REGION.missing("region"))
    with pytest.raises(InputError) as caught:
        plain_settings({"roma:authUrl": "http://iam.x"}, USER).credentials("r-1")
    assert caught.value.key == "roma:authUrl"


def test_no_client_without_a_way_in() -> None:
    for call in (Settings.way_in, Settings.credentials, lambda settings: settings.client("cn-north-4", PROJECT_ID)):
        with pytest.raises(InputError) as caught:
            call(plain_settings({}))
        assert (caught.value.key, caught.value.reason) == ("roma:token", NONE_GIVEN)


@pytest.mark.parametrize("inside", [" ", "\n", "\r\nX-Evil: 1", "ü", "\x00", "…"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(inside: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_settings({}, {"HW_AUTH_TOKEN": f"{CANARY}{inside}{CANARY}"}).client("cn-north-4", PROJECT_ID)
    assert str(caught.value) == "roma:token: a token is one word of visible ASCII characters; copy it again"
    assert caught.value.__cause__ is None


def test_the_way_in_in_words(tmp_path: Path) -> None:
    assert [plain_settings({}, environment).way_in() for environment in WAYS] == [
        "signing in with an IAM token from environment variable HW_AUTH_TOKEN",
        "signing in with AK/SK from environment variables HW_ACCESS_KEY, HW_SECRET_KEY",
        "signing in with AK/SK from environment variables HW_ACCESS_KEY, HW_SECRET_KEY, HW_SECURITY_TOKEN",
        "signing in with user name and password from environment variables HW_USER_NAME, HW_USER_PASSWORD, "
        "HW_DOMAIN_NAME",
    ]
    path = credentials_file(tmp_path)["HUAWEICLOUD_SDK_CREDENTIALS_FILE"]
    assert (
        plain_settings({}, credentials_file(tmp_path)).way_in() == f"signing in with AK/SK from ak, sk of file {path}"
    )


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


def test_the_hint_of_each_other_way() -> None:
    hints = [plain_settings({}, environment).sign_in_hint() for environment in (KEYS, TEMPORARY, USER, {})]
    assert hints == [
        "the sign-in was refused: AK/SK came from environment variables HW_ACCESS_KEY, HW_SECRET_KEY. Check that the "
        "two belong together and are active; temporary keys need their security token too. Five wrong signatures in a "
        "row lock a key for five minutes",
        "the sign-in was refused: AK/SK came from environment variables HW_ACCESS_KEY, HW_SECRET_KEY, "
        "HW_SECURITY_TOKEN. Temporary keys expire, at the latest after 24 hours: get new ones, all three together",
        "the sign-in was refused: user name, password and account name came from environment variables HW_USER_NAME, "
        "HW_USER_PASSWORD, HW_DOMAIN_NAME. They must be those of an IAM user (a HUAWEI ID gets no token); repeated "
        "wrong passwords lock the user",
        f"the sign-in was refused: roma:token: {NONE_GIVEN}",
    ]
    assert "canary" not in " ".join(hints)


NOON = 1741262503.0  # 2025-03-06 12:01:43 UTC


@pytest.mark.parametrize(
    ("environment", "now", "server", "words"),
    [
        (KEYS, NOON + 1260, NOON, "it is 21 min ahead"),
        (TEMPORARY, NOON - 301, NOON, "it is 5 min behind"),
        (KEYS, NOON + 300, NOON, None),
        (KEYS, NOON, None, None),
        # The time of a token is the server's alone.
        ({"HW_AUTH_TOKEN": CANARY}, NOON + 9999, NOON, None),
        ({}, NOON + 9999, NOON, None),
    ],
)
def test_a_clock_that_is_wrong(
    environment: dict[str, str], now: float, server: float | None, words: str | None
) -> None:
    hints = plain_settings({}, environment).sign_in_hints(refused(401, server_date=server), now)
    assert hints[-1].startswith("the sign-in was refused: ")
    assert len(hints) == (1 if words is None else 2)
    if words is not None:
        assert words in hints[0]
        assert "the server's 2025-03-06 12:01:43 UTC" in hints[0]
        assert hints[0].endswith("a signature counts for 15 minutes only; set the clock")
    if words == "it is 21 min ahead":
        assert hints[0].startswith("this machine's clock says 2025-03-06 12:22:43 UTC, the server's")


# --- the project of a region -------------------------------------------------------------------------------


@pytest.fixture
def iam() -> Iterator[IamServer]:
    shared_projects.forget()
    with serving_iam() as server:
        server.projects = [{"name": "cn-north-4", "id": PROJECT_ID}]
        yield server
    shared_projects.forget()


@pytest.mark.parametrize("environment", WAYS)
def test_a_project_is_looked_up_once_in_a_process(iam: IamServer, environment: dict[str, str]) -> None:
    def find(_index: int) -> str:
        return plain_settings({"roma:authUrl": iam.url + "/v3"}, dict(environment)).find_project("cn-north-4")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(find, range(20))) == {PROJECT_ID}
    assert iam.queries == [{"name": ["cn-north-4"]}]
    assert [asked["auth"]["scope"] for asked in iam.asked] == (
        [{"project": {"name": "cn-north-4"}}] if environment is USER else []
    )


def test_that_there_is_no_project_is_remembered_too(iam: IamServer) -> None:
    settings = plain_settings({"roma:authUrl": iam.url}, KEYS)
    for _ in range(3):
        with pytest.raises(InputError, match="IAM shows no project named 'cn-east-3'") as caught:
            settings.find_project("cn-east-3")
        caught.value.hints.append("said")
        assert len(caught.value.reasons) == 2
    assert iam.queries == [{"name": ["cn-east-3"]}, {}]
    assert settings.find_project("cn-north-4") == PROJECT_ID


def test_a_project_that_is_given_is_not_looked_up(iam: IamServer, tmp_path: Path) -> None:
    url = {"roma:authUrl": iam.url}
    assert plain_settings({**url, "roma:projectId": "c"}, KEYS).project_id("cn-north-4") == "c"
    assert plain_settings(url, {**KEYS, "HUAWEICLOUD_SDK_PROJECT_ID": "e"}).project_id("cn-north-4") == "e"
    assert plain_settings(url, credentials_file(tmp_path)).project_id("cn-north-4") == PROJECT_ID
    assert iam.queries == []
    # The file's belongs to the file's keys.
    assert plain_settings(url, {**credentials_file(tmp_path), **KEYS}).project_id("cn-north-4") == PROJECT_ID
    assert len(iam.queries) == 1
