"""As whom a session signs in, in which words it says so, and the project that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.iam import PasswordAuth
from roma_provider.api.signing import AkSkAuth
from roma_provider.config.credentials import NONE_GIVEN
from roma_provider.config.keys import REGION, no_stack
from roma_provider.config.settings import Settings
from roma_provider.config.sign_in import GivenProject, SignIn
from roma_provider.errors import InputError, RomaApiError
from tests.support.fakes import PROJECT as PROJECT_ID
from tests.support.fakes import TOKEN as CANARY
from tests.support.fakes import FakeClock, credentials_file, plain_sign_in, refused
from tests.support.iam_server import IamServer, serving_iam

KEYS = {"HW_ACCESS_KEY": "canary-ak", "HW_SECRET_KEY": "canary-sk"}
TEMPORARY = {**KEYS, "HW_SECURITY_TOKEN": "canary-st"}
USER = {"HW_USER_NAME": "zhangyue", "HW_USER_PASSWORD": "canary-pw", "HW_DOMAIN_NAME": "account"}
WAYS: list[dict[str, str]] = [{"HW_AUTH_TOKEN": CANARY}, KEYS, TEMPORARY, USER]
KINDS: list[type[Auth]] = [TokenAuth, AkSkAuth, AkSkAuth, PasswordAuth]


@pytest.mark.parametrize(("environment", "kind"), list(zip(WAYS, KINDS, strict=True)))
def test_one_object_for_the_same_way_in(environment: dict[str, str], kind: type[Auth]) -> None:
    environment = dict(environment)
    sign_in = plain_sign_in(None, environment)
    auth = sign_in.auth("cn-north-4", PROJECT_ID)
    assert type(auth) is kind
    assert sign_in.auth("cn-north-4", PROJECT_ID) is auth
    # There is one for each project where that makes a difference.
    assert (sign_in.auth("cn-north-4", "x" * 16) is auth) == (kind is TokenAuth)
    assert plain_sign_in(None, environment).auth("cn-north-4", PROJECT_ID) is not auth
    environment.update({name: value + "x" for name, value in environment.items()})
    assert sign_in.auth("cn-north-4", PROJECT_ID) is not auth


def test_what_a_request_is_signed_with(tmp_path: Path) -> None:
    def headers(environment: dict[str, str], *place: str) -> dict[str, str]:
        auth = plain_sign_in({}, environment).auth(*place)
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
        plain_sign_in({}, USER).auth()
    assert (caught.value.key, caught.value.reason) == ("roma:region", REGION.missing("region"))
    with pytest.raises(InputError) as caught:
        plain_sign_in({"roma:authUrl": "http://iam.x"}, USER).auth("r-1")
    assert caught.value.key == "roma:authUrl"


def test_nothing_without_a_way_in() -> None:
    for call in (SignIn.found, SignIn.description, SignIn.auth, lambda sign_in: sign_in.find_project("cn-north-4")):
        with pytest.raises(InputError) as caught:
            call(plain_sign_in({}))
        assert (caught.value.key, caught.value.reason) == ("roma:token", NONE_GIVEN)


@pytest.mark.parametrize("inside", [" ", "\n", "\r\nX-Evil: 1", "ü", "\x00", "…"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(inside: str) -> None:
    with pytest.raises(InputError) as caught:
        plain_sign_in({}, {"HW_AUTH_TOKEN": f"{CANARY}{inside}{CANARY}"}).auth("cn-north-4", PROJECT_ID)
    assert str(caught.value) == "roma:token: a token is one word of visible ASCII characters; copy it again"
    assert caught.value.__cause__ is None


def test_the_way_in_in_words(tmp_path: Path) -> None:
    assert [plain_sign_in({}, environment).description() for environment in WAYS] == [
        "signing in with an IAM token from environment variable HW_AUTH_TOKEN",
        "signing in with AK/SK from environment variables HW_ACCESS_KEY, HW_SECRET_KEY",
        "signing in with AK/SK from environment variables HW_ACCESS_KEY, HW_SECRET_KEY, HW_SECURITY_TOKEN",
        "signing in with user name and password from environment variables HW_USER_NAME, HW_USER_PASSWORD, "
        "HW_DOMAIN_NAME",
    ]
    path = credentials_file(tmp_path)["HUAWEICLOUD_SDK_CREDENTIALS_FILE"]
    said = plain_sign_in({}, credentials_file(tmp_path)).description()
    assert said == f"signing in with AK/SK from ak, sk of file {path}"


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
    [hint] = plain_sign_in(config, environment).hints(refused(401))
    assert f"the token came from {place}" in hint
    assert CANARY not in hint


def test_the_hint_of_each_other_way() -> None:
    hints = [plain_sign_in({}, environment).hints(refused(401))[-1] for environment in (KEYS, TEMPORARY, USER, {})]
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
    hints = plain_sign_in({}, environment, FakeClock(now)).hints(refused(401, server_date=server))
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
    with serving_iam() as server:
        server.projects = [{"name": "cn-north-4", "id": PROJECT_ID}]
        yield server


@pytest.mark.parametrize("environment", WAYS)
def test_a_project_is_looked_up_once(iam: IamServer, environment: dict[str, str]) -> None:
    sign_in = plain_sign_in({"roma:authUrl": iam.url + "/v3"}, environment)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(sign_in.find_project, ["cn-north-4"] * 20)) == {PROJECT_ID}
    assert iam.queries == [{"name": ["cn-north-4"]}]
    assert [asked["auth"]["scope"] for asked in iam.asked] == (
        [{"project": {"name": "cn-north-4"}}] if environment is USER else []
    )


def test_that_there_is_no_project_is_remembered_too(iam: IamServer) -> None:
    sign_in = plain_sign_in({"roma:authUrl": iam.url}, KEYS)
    for _ in range(3):
        with pytest.raises(InputError, match="IAM shows no project named 'cn-east-3'") as caught:
            sign_in.find_project("cn-east-3")
        caught.value.hints.append("said")
        assert len(caught.value.reasons) == 2
    assert iam.queries == [{"name": ["cn-east-3"]}, {}]
    assert sign_in.find_project("cn-north-4") == PROJECT_ID


def test_a_project_that_is_given_is_not_looked_up(iam: IamServer, tmp_path: Path) -> None:
    url = {"roma:authUrl": iam.url}
    assert plain_sign_in({**url, "roma:projectId": "c"}, KEYS).project_id("cn-north-4") == "c"
    assert plain_sign_in(url, {**KEYS, "HUAWEICLOUD_SDK_PROJECT_ID": "e"}).project_id("cn-north-4") == "e"
    assert plain_sign_in(url, credentials_file(tmp_path)).project_id("cn-north-4") == PROJECT_ID
    assert iam.queries == []
    # The file's belongs to the file's keys.
    assert plain_sign_in(url, {**credentials_file(tmp_path), **KEYS}).project_id("cn-north-4") == PROJECT_ID
    assert len(iam.queries) == 1


def test_a_refusal_of_iam_is_shared_by_five_who_ask_at_once(iam: IamServer) -> None:
    """Five instances of one program: the password is sent once, and each of them says why."""
    iam.status = 401
    sign_in = plain_sign_in({"roma:authUrl": iam.url}, USER)

    def find(_index: int) -> RomaApiError:
        with pytest.raises(RomaApiError) as caught:
            sign_in.find_project("cn-north-4")
        caught.value.hints.append("said")
        return caught.value

    with ThreadPoolExecutor(5) as pool:
        errors = list(pool.map(find, range(5)))
    assert len(iam.asked) == 1
    assert len({id(error) for error in errors}) == 5
    assert [error.reasons for error in errors] == [
        ["create_token was answered with HTTP 401: 401: no: [secret]", "said"]
    ] * 5


def test_five_instances_share_one_token_and_two_sign_ins_none(iam: IamServer) -> None:
    settings = {"roma:authUrl": iam.url}, USER
    sign_in = plain_sign_in(*settings)

    def signed(_index: int) -> str:
        auth = sign_in.auth("cn-north-4", PROJECT_ID)
        return str(requests.Request("GET", "https://h/x", auth=auth).prepare().headers["X-Auth-Token"])

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(signed, range(5))) == {"token-1"}
    # By the project's id, though the region is known too.
    assert [asked["auth"]["scope"] for asked in iam.asked] == [{"project": {"id": PROJECT_ID}}]
    sign_in = plain_sign_in(*settings)
    assert signed(0) == "token-2"


def test_no_project_or_several_are_listed(iam: IamServer) -> None:
    def refusal(*named: tuple[str, str, bool | None]) -> InputError:
        iam.projects = [{"name": name, "id": id_, "enabled": enabled} for name, id_, enabled in named]
        with pytest.raises(InputError) as caught:
            plain_sign_in({"roma:authUrl": iam.url}, KEYS).find_project("cn-north-4")
        assert caught.value.key == "roma:projectId"
        return caught.value

    write = (
        "write the id of one: argument project_id, `pulumi config set roma:projectId ID`, or environment variable "
        "HW_PROJECT_ID"
    )
    none = refusal(("cn-east-3", "e" * 32, None), ("cn-north-4_dev", "f" * 32, None), ("MOS", "a" * 32, None))
    shown = f"cn-north-4_dev ({'f' * 32}), MOS ({'a' * 32}), cn-east-3 ({'e' * 32})"
    assert none.reason == f"IAM shows no project named 'cn-north-4'; there are: {shown}; {write}"
    assert "there are: none that this sign-in may see; write the id of one" in refusal().reason
    several = refusal(*(("cn-north-4", letter * 32, letter != "d") for letter in "bcd"))
    assert several.reason == f"IAM shows several projects named 'cn-north-4': {'b' * 32}, {'c' * 32}; {write}"


def test_a_command_names_no_stack_config_for_a_project(iam: IamServer) -> None:
    with pytest.raises(InputError) as caught:
        SignIn(Settings(no_stack, {**KEYS, "HW_AUTH_URL": iam.url})).find_project("cn-east-3")
    assert "write the id of one: option --project-id, or environment variable HW_PROJECT_ID" in caught.value.reason


def test_what_surrounds_an_instance(tmp_path: Path) -> None:
    file = credentials_file(tmp_path)
    path = file["HUAWEICLOUD_SDK_CREDENTIALS_FILE"]
    by_file = GivenProject(PROJECT_ID, None, f"project_id of file {path}")
    assert plain_sign_in({}, file).surrounding_project() == by_file
    sdk = {**file, "HUAWEICLOUD_SDK_PROJECT_ID": "s"}
    named_by = "HW_PROJECT_NAME"
    of_sdk = GivenProject("s", None, "HUAWEICLOUD_SDK_PROJECT_ID", named_by)
    assert plain_sign_in({}, sdk).surrounding_project() == of_sdk
    assert plain_sign_in({"roma:projectId": "c"}).surrounding_project() is None
    named = {**file, "HW_PROJECT_NAME": "n"}
    assert plain_sign_in({}, named).surrounding_project() == GivenProject(None, "n", named_by, named_by)
    both = {"roma:projectId": "c", "roma:projectName": "n"}
    configured = GivenProject("c", "n", "roma:projectId", "roma:projectName")
    assert plain_sign_in(both, file).configured_project() == configured
    assert plain_sign_in({}, file).configured_project() is None
