"""Which way to sign in is found, in which order, and what is said where one is not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.config.credentials import NONE_GIVEN, PLACES, Found, Way, find
from roma_provider.config.keys import (
    ACCESS_KEY,
    DOMAIN_NAME,
    SECRET_KEY,
    SECURITY_TOKEN,
    TOKEN,
    USER_NAME,
    USER_PASSWORD,
)
from roma_provider.errors import InputError

TOKEN_ENV = {"HW_AUTH_TOKEN": "env-token"}
HW = {"HW_ACCESS_KEY": "hw-ak", "HW_SECRET_KEY": "hw-sk"}
SDK = {"HUAWEICLOUD_SDK_AK": "sdk-ak", "HUAWEICLOUD_SDK_SK": "sdk-sk"}
USER = {"HW_USER_NAME": "env-user", "HW_USER_PASSWORD": "env-password", "HW_DOMAIN_NAME": "env-account"}
TOKEN_CONFIG = {"roma:token": "config-token"}
KEYS_CONFIG = {"roma:accessKey": "config-ak", "roma:secretKey": "config-sk"}
USER_CONFIG = {"roma:userName": "config-user", "roma:userPassword": "p", "roma:domainName": "config-account"}
FILE = "[basic]\nak = file-ak\nsk = file-sk\n"


def found(config: dict[str, str] | None = None, environment: dict[str, str] | None = None) -> Found:
    return find((config or {}).get, environment or {})


def refused(config: dict[str, str] | None = None, environment: dict[str, str] | None = None) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        found(config, environment)
    # Neither the message nor what it came from may hold a value.
    assert caught.value.__cause__ is None
    return caught.value.key, caught.value.reason


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A home with the usual file of credentials in it."""
    write(tmp_path, FILE)
    return {"HOME": str(tmp_path)}


def write(home: Path, text: str | bytes) -> Path:
    path = home / ".huaweicloud" / "credentials"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_order(home: dict[str, str]) -> None:
    environment = {**TOKEN_ENV, **HW, **SDK, **USER, **home}
    config = {**TOKEN_CONFIG, **KEYS_CONFIG, **USER_CONFIG}
    seen = []

    def next_without(*names: str) -> None:
        way = found(config, environment)
        seen.append((way.way, way.where.partition(" /")[0], next(iter(way.values.values()))))
        for name in names:
            environment.pop(name, None)
            config.pop(name, None)

    for names in (TOKEN_ENV, HW, SDK, USER, TOKEN_CONFIG, KEYS_CONFIG, USER_CONFIG, {"HOME": ""}):
        next_without(*names)
    assert seen == [
        (Way.TOKEN, "the environment", "env-token"),
        (Way.KEYS, "the environment", "hw-ak"),
        (Way.KEYS, "the environment", "sdk-ak"),
        (Way.PASSWORD, "the environment", "env-user"),
        (Way.TOKEN, "the stack config", "config-token"),
        (Way.KEYS, "the stack config", "config-ak"),
        (Way.PASSWORD, "the stack config", "config-user"),
        (Way.KEYS, "file", "file-ak"),
    ]
    assert refused() == ("roma:token", NONE_GIVEN)
    assert len(PLACES) == 7


def test_the_values_and_where_they_came_from(home: dict[str, str]) -> None:
    assert found({}, TOKEN_ENV).source == "environment variable HW_AUTH_TOKEN"
    temporary = found({}, {**HW, "HW_SECURITY_TOKEN": "st"})
    assert temporary.values == {ACCESS_KEY: "hw-ak", SECRET_KEY: "hw-sk", SECURITY_TOKEN: "st"}
    assert temporary.source == "environment variables HW_ACCESS_KEY, HW_SECRET_KEY, HW_SECURITY_TOKEN"
    assert found({}, SDK).source == "environment variables HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK"
    user = found(USER_CONFIG)
    assert user.values == {USER_NAME: "config-user", USER_PASSWORD: "p", DOMAIN_NAME: "config-account"}
    assert user.source == (
        "roma:userName, roma:userPassword, roma:domainName of the stack config (`refresh` and `destroy` see that "
        "of the last `up`)"
    )
    assert found({}, home).source == f"ak, sk of file {home['HOME']}/.huaweicloud/credentials"
    assert "hw-sk" not in repr(temporary)


def test_blanks_of_copying_are_taken_off_and_those_of_a_password_kept() -> None:
    assert found({}, {"HW_AUTH_TOKEN": " t\n"}).value(TOKEN) == "t"
    assert found({}, {"HW_ACCESS_KEY": " a ", "HW_SECRET_KEY": "s\n"}).values == {ACCESS_KEY: "a", SECRET_KEY: "s"}
    assert found({}, {**USER, "HW_USER_PASSWORD": " p ü \r\n"}).value(USER_PASSWORD) == " p ü "
    assert found({}, {"HW_AUTH_TOKEN": " ", **HW}).way is Way.KEYS


# --- halves ------------------------------------------------------------------------------------------------

ONE_PLACE = "since all parts come from one place"


@pytest.mark.parametrize(
    ("config", "environment", "key", "reason"),
    [
        (
            {},
            {"HW_ACCESS_KEY": "SECRET"},
            "HW_SECRET_KEY",
            "no secret key is given, while HW_ACCESS_KEY is set in the environment; set environment variable "
            "HW_SECRET_KEY too, or unset HW_ACCESS_KEY",
        ),
        (
            {"roma:secretKey": "SECRET"},
            {"HW_ACCESS_KEY": "SECRET"},
            "HW_SECRET_KEY",
            f"no secret key is given, while HW_ACCESS_KEY is set in the environment; roma:secretKey does not go with "
            f"it, {ONE_PLACE}; set environment variable HW_SECRET_KEY too, or unset HW_ACCESS_KEY",
        ),
        (
            {},
            {"HUAWEICLOUD_SDK_AK": "SECRET", "HW_SECRET_KEY": "SECRET"},
            "HW_ACCESS_KEY",
            f"no access key is given, while HW_SECRET_KEY is set in the environment; HUAWEICLOUD_SDK_AK does not go "
            f"with it, {ONE_PLACE}; set environment variable HW_ACCESS_KEY too, or unset HW_SECRET_KEY",
        ),
        (
            {},
            {"HW_SECURITY_TOKEN": "SECRET"},
            "HW_ACCESS_KEY",
            "no access key is given, while HW_SECURITY_TOKEN is set in the environment; set environment variable "
            "HW_ACCESS_KEY too, or unset HW_SECURITY_TOKEN",
        ),
        (
            {},
            {"HUAWEICLOUD_SDK_AK": "SECRET", "HUAWEICLOUD_SDK_SECURITY_TOKEN": "SECRET"},
            "HUAWEICLOUD_SDK_SK",
            "no secret key is given, while HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SECURITY_TOKEN are set in the "
            "environment; set environment variable HUAWEICLOUD_SDK_SK too, or unset HUAWEICLOUD_SDK_AK and "
            "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        ),
        (
            {"roma:accessKey": "SECRET"},
            {},
            "roma:secretKey",
            "no secret key is given, while roma:accessKey is set in the stack config; run `pulumi config set "
            "--secret roma:secretKey MFyf…` too, or `pulumi config rm` for roma:accessKey",
        ),
        (
            {},
            {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "SECRET"},
            "HW_DOMAIN_NAME",
            "no account (domain) name of the IAM user is given, while HW_USER_NAME and HW_USER_PASSWORD are set in the "
            "environment; set environment variable HW_DOMAIN_NAME too, or unset HW_USER_NAME and HW_USER_PASSWORD",
        ),
        (
            {"roma:userPassword": "SECRET"},
            {"HW_USER_NAME": "u", "HW_DOMAIN_NAME": "d"},
            "HW_USER_PASSWORD",
            f"no password of the IAM user is given, while HW_USER_NAME is set in the environment; roma:userPassword "
            f"does not go with it, {ONE_PLACE}; set environment variable HW_USER_PASSWORD too, or unset HW_USER_NAME",
        ),
        (
            {"roma:userName": "u", "roma:userPassword": "SECRET"},
            {"HW_DOMAIN_NAME": "d"},
            "roma:domainName",
            f"no account (domain) name of the IAM user is given, while roma:userName and roma:userPassword are set in "
            f"the stack config; HW_DOMAIN_NAME does not go with it, {ONE_PLACE}; run `pulumi config set "
            "roma:domainName my-account` too, or `pulumi config rm` for roma:userName and roma:userPassword",
        ),
    ],
)
def test_a_way_that_is_not_whole(config: dict[str, str], environment: dict[str, str], key: str, reason: str) -> None:
    said = refused(config, environment)
    assert said == (key, reason)
    assert "SECRET" not in said[1].replace("SECRET_KEY", "")


def test_a_whole_way_that_comes_first_hides_the_half_of_a_later_one() -> None:
    assert found({"roma:accessKey": "a"}, TOKEN_ENV).way is Way.TOKEN
    assert found({}, {**TOKEN_ENV, "HW_ACCESS_KEY": "a"}).way is Way.TOKEN
    assert found({}, {**HW, "HW_USER_NAME": "u"}).way is Way.KEYS


def test_an_account_s_name_alone_is_no_way_in() -> None:
    assert found(KEYS_CONFIG, {"HW_DOMAIN_NAME": "d"}).where == "the stack config"
    assert refused({"roma:domainName": "d"}) == ("roma:token", NONE_GIVEN)


def test_keys_of_one_place_never_get_the_security_token_of_another() -> None:
    assert SECURITY_TOKEN not in found(KEYS_CONFIG | {"roma:securityToken": "c"}, HW).values
    assert SECURITY_TOKEN not in found({}, {**HW, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "s"}).values
    assert SECURITY_TOKEN not in found({"roma:securityToken": "c"}, HW).values


@pytest.mark.parametrize(
    ("environment", "key", "what"),
    [
        ({"HW_AUTH_TOKEN": "SECRET SECRET"}, "roma:token", "a token"),
        ({"HW_ACCESS_KEY": "SECRET,x", "HW_SECRET_KEY": "s"}, "HW_ACCESS_KEY", "an access key"),
        ({"HW_ACCESS_KEY": "a", "HW_SECRET_KEY": "SECRET\nX: 1"}, "HW_SECRET_KEY", "a secret key"),
        ({**HW, "HW_SECURITY_TOKEN": "SECRETü"}, "HW_SECURITY_TOKEN", "a security token"),
    ],
)
def test_a_value_that_cannot_be_one_is_not_shown(environment: dict[str, str], key: str, what: str) -> None:
    assert refused({}, environment) == (key, f"{what} is one word of visible ASCII characters; copy it again")


# --- the file ----------------------------------------------------------------------------------------------


def test_the_file(tmp_path: Path, home: dict[str, str]) -> None:
    assert found({}, home).values == {ACCESS_KEY: "file-ak", SECRET_KEY: "file-sk"}
    more = "project_id = p%x\nsecurity_token: st\niam_endpoint = https://iam.example.com\nregion = x\n"
    write(tmp_path, ("\ufeff# mine\r\n" + FILE.replace("file-sk", "s%k=;#") + more + "[global]\nak = other\n").encode())
    way = found({}, home)
    assert way.values == {ACCESS_KEY: "file-ak", SECRET_KEY: "s%k=;#", SECURITY_TOKEN: "st"}
    assert (way.project_id, way.auth_url) == ("p%x", "https://iam.example.com")
    assert (found({}, HW | home).project_id, found({}, HW | home).auth_url) == (None, None)


def test_a_file_of_another_name(tmp_path: Path, home: dict[str, str]) -> None:
    other = tmp_path / "mine.ini"
    other.write_text(FILE.replace("file", "own"))
    for name in (str(other), "~/mine.ini"):
        assert found({}, {**home, "HUAWEICLOUD_SDK_CREDENTIALS_FILE": name}).value(ACCESS_KEY) == "own-ak"
    gone = tmp_path / "gone"
    assert refused({}, {**home, "HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(gone)}) == (
        "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
        f"there is no file {gone}; write the path of one, or unset HUAWEICLOUD_SDK_CREDENTIALS_FILE",
    )


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert refused({}, {"HOME": str(tmp_path)}) == ("roma:token", NONE_GIVEN)
    write(tmp_path, FILE)
    assert found({}, {"USERPROFILE": str(tmp_path)}).value(SECRET_KEY) == "file-sk"


SHAPE = "write the lines `[basic]`, `ak = …` and `sk = …`"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ak = SECRET\n", f"this file of credentials is not an INI file (line 1); {SHAPE}"),
        ("[basic]\nak = a\nSECRET\n", f"this file of credentials is not an INI file (line 3); {SHAPE}"),
        ("[basic]\nak = SECRET\nak = SECRET\n", f"this file of credentials is not an INI file (line 3); {SHAPE}"),
        ("[global]\nak = SECRET\n", f"this file of credentials has no section [basic]; {SHAPE}"),
        ("", f"this file of credentials has no section [basic]; {SHAPE}"),
        ("[basic]\nidp_id = SECRET\n", f"section [basic] holds no keys; {SHAPE}"),
        (b"[basic]\nak = \xff\xfe\n", "this file of credentials cannot be read: it is not UTF-8 text"),
    ],
)
def test_a_broken_file(tmp_path: Path, text: str | bytes, reason: str) -> None:
    path = write(tmp_path, text)
    assert refused({}, {"HOME": str(tmp_path)}) == (str(path), reason)


def test_a_file_with_half_of_a_pair_or_a_key_that_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, "[basic]\nak = SECRET\nsk =\n")
    assert refused({}, {"HOME": str(tmp_path)}) == (
        "sk",
        f"no secret key is given, while ak is set in file {path}; write sk = … under [basic] too",
    )
    write(tmp_path, "[basic]\nak = a\nsk = SECRET SECRET\n")
    said = f"a secret key is one word of visible ASCII characters; copy it again (in file {path})"
    assert refused({}, {"HOME": str(tmp_path)}) == ("sk", said)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / ".huaweicloud" / "credentials"
    folder.mkdir(parents=True)
    said = "this file of credentials cannot be read: Is a directory"
    assert refused({}, {"HOME": str(tmp_path)}) == (str(folder), said)
