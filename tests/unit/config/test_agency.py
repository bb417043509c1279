"""An agency that is assumed, and the variables of Huawei's own tools that are not honoured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from roma_provider.api.iam import AgencyAuth
from roma_provider.config.keys import REFUSED, Refusal
from roma_provider.errors import InputError
from tests.support.fakes import PROJECT, TOKEN, plain_sign_in, refused
from tests.support.iam_server import IamServer, serving_iam

REGION = "cn-north-4"
KEYS = {"HW_ACCESS_KEY": "canary-ak", "HW_SECRET_KEY": "canary-sk"}
USER = {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "canary-pw", "HW_DOMAIN_NAME": "mine"}
AGENCY = {"HW_ASSUME_ROLE_AGENCY_NAME": "deployers", "HW_ASSUME_ROLE_DOMAIN_NAME": "theirs"}
IN_CONFIG = {"roma:agencyName": "deployers", "roma:agencyDomainName": "theirs"}
WAYS: list[dict[str, str]] = [{"HW_AUTH_TOKEN": TOKEN}, KEYS, USER]


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        server.projects = [{"name": REGION, "id": PROJECT}]
        yield server


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("in_config", [False, True])
def test_it_is_assumed_with_any_way_in(iam: IamServer, way: dict[str, str], in_config: bool) -> None:
    config = {"roma:authUrl": iam.url, **(IN_CONFIG if in_config else {})}
    sign_in = plain_sign_in(config, {**way, **({} if in_config else AGENCY)})
    auth = sign_in.auth(REGION, PROJECT)
    assert isinstance(auth, AgencyAuth)
    assert sign_in.auth(REGION, PROJECT) is auth
    assert sign_in.auth(REGION, "x" * 16) is not auth
    token = requests.Request("GET", "https://h/x", auth=auth).prepare().headers["X-Auth-Token"]
    assert token == f"token-{len(iam.asked)}"
    assert iam.asked[-1]["auth"]["identity"]["assume_role"] == {"domain_name": "theirs", "agency_name": "deployers"}
    assert iam.asked[-1]["auth"]["scope"] == {"project": {"id": PROJECT}}
    if way is USER:
        assert iam.asked[0]["auth"]["scope"] == {"domain": {"name": "mine"}}
    # The project that is looked up is the agency's.
    assert sign_in.find_project(REGION) == PROJECT
    assert iam.asked[-1]["auth"]["scope"] == {"project": {"name": REGION}}


def test_in_words_and_where_it_is_refused() -> None:
    sign_in = plain_sign_in({}, {**KEYS, **AGENCY})
    assert sign_in.description() == (
        "signing in with AK/SK from environment variables HW_ACCESS_KEY, HW_SECRET_KEY, and assuming an agency from "
        "environment variables HW_ASSUME_ROLE_AGENCY_NAME, HW_ASSUME_ROLE_DOMAIN_NAME"
    )
    [hint] = sign_in.hints(refused(403))
    assert hint.startswith(
        "the sign-in was refused: an agency was to be assumed, which came from environment variables "
        "HW_ASSUME_ROLE_AGENCY_NAME, HW_ASSUME_ROLE_DOMAIN_NAME. Check that the account has made an agency"
    )
    assert "And AK/SK came from environment variables HW_ACCESS_KEY, HW_SECRET_KEY." in hint
    assert "canary" not in hint


@pytest.mark.parametrize(
    ("config", "environment", "key", "said"),
    [
        (
            {},
            {"HW_ASSUME_ROLE_AGENCY_NAME": "a"},
            "HW_ASSUME_ROLE_DOMAIN_NAME",
            "no account (domain) name of the agency is given, while HW_ASSUME_ROLE_AGENCY_NAME is set in the "
            "environment; set environment variable HW_ASSUME_ROLE_DOMAIN_NAME too, or unset HW_ASSUME_ROLE_AGENCY_NAME",
        ),
        (
            {"roma:agencyName": "a"},
            {"HW_ASSUME_ROLE_DOMAIN_NAME": "d"},
            "HW_ASSUME_ROLE_AGENCY_NAME",
            "no agency name is given, while HW_ASSUME_ROLE_DOMAIN_NAME is set in the environment; roma:agencyName does "
            "not go with it, since all parts come from one place; set environment variable HW_ASSUME_ROLE_AGENCY_NAME "
            "too, or unset HW_ASSUME_ROLE_DOMAIN_NAME",
        ),
        (
            {"roma:agencyDomainName": "d"},
            {},
            "roma:agencyName",
            "no agency name is given, while roma:agencyDomainName is set in the stack config; run `pulumi config set "
            "roma:agencyName deployers` too, or `pulumi config rm` for roma:agencyDomainName",
        ),
    ],
)
def test_half_an_agency_is_an_error(config: dict[str, str], environment: dict[str, str], key: str, said: str) -> None:
    sign_in = plain_sign_in(config, {**KEYS, **environment})
    for call in (sign_in.auth, sign_in.found):
        with pytest.raises(InputError) as caught:
            call()
        assert (caught.value.key, caught.value.reason) == (key, said)


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.variable)
def test_a_variable_that_is_not_honoured_is_refused(refusal: Refusal) -> None:
    for way in WAYS:
        with pytest.raises(InputError) as caught:
            plain_sign_in({}, {**way, refusal.variable: "canary"}).description()
        assert caught.value.key == refusal.variable
        assert caught.value.reason.startswith("it is set, and this provider does not honour it; unset it, and ")
        assert "canary" not in str(caught.value)
    for value in ("", " ", *refusal.harmless, *(value.upper() for value in refusal.harmless)):
        assert plain_sign_in({}, {**KEYS, refusal.variable: value}).found()


def test_values_that_change_nothing() -> None:
    assert plain_sign_in({}, {**KEYS, "HW_SIGNING_ALGORITHM": "HmacSHA256", "HW_INSECURE": "False"}).found()
    # The account's id says no more than its name.
    assert plain_sign_in({}, {**KEYS, **AGENCY, "HW_ASSUME_ROLE_DOMAIN_ID": "d" * 32}).found().agency is not None
    assert plain_sign_in({}, {**KEYS, "HW_ASSUME_ROLE_DURATION": "3600"}).found().agency is None
