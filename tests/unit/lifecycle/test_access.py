"""What the lifecycle adds to an answer that refuses the sign-in, and how it comes by a project id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import InputError, RomaApiError
from tests.support.fakes import ID, PROJECT, REGION, TOKEN, FakeClient, FakeOperation, Host, inputs, progress, refused
from tests.support.iam_server import IamServer, serving_iam

KEYS = {"HW_ACCESS_KEY": "canary-ak", "HW_SECRET_KEY": "canary-sk"}
NOW = 1741262473.0  # where the fake clock stands: 2025-03-06 12:01:13 UTC


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        server.projects = [{"name": REGION, "id": PROJECT}]
        yield server


@pytest.mark.parametrize(
    ("environment", "answer", "words"),
    [
        (KEYS, refused(401, "APIGW.0301", server_date=NOW - 1200), "it is 20 min ahead"),
        (KEYS, refused(401, "APIGW.0301", server_date=NOW - 200), None),
        (KEYS, refused(400, "ROMA.1002", server_date=NOW + 86400), "it is 1440 min behind"),
        ({"HW_AUTH_TOKEN": TOKEN}, refused(401, server_date=NOW - 1200), None),
    ],
)
def test_a_refusal_names_the_way_in_and_the_clock(
    tmp_path: Path, environment: dict[str, str], answer: RomaApiError, words: str | None
) -> None:
    host = Host(FakeClient(lists=[answer]), tmp_path, environment=environment)
    with pytest.raises(RomaApiError) as caught:
        host.owned.create(FakeOperation(), inputs())
    reasons = caught.value.reasons
    assert len(reasons) == (2 if words is None else 3)
    assert reasons[-1].startswith("the sign-in was refused: ")
    assert next(iter(environment)) in reasons[-1]
    if words is not None:
        assert reasons[1].startswith("this machine's clock says 2025-03-06 12:01:13 UTC, the server's 2025-03-0")
        assert words in reasons[1]


def test_another_refusal_is_not_about_the_sign_in(tmp_path: Path) -> None:
    host = Host(FakeClient(lists=[refused(403, server_date=NOW - 1200)]), tmp_path, environment=KEYS)
    with pytest.raises(RomaApiError) as caught:
        host.owned.create(FakeOperation(), inputs())
    assert len(caught.value.reasons) == 1


@pytest.mark.parametrize(
    ("environment", "config", "key"),
    [
        ({**KEYS, "HW_MAX_RETRIES": "many"}, {}, "HW_MAX_RETRIES"),
        (KEYS, {"roma:timeoutSeconds": "0"}, "roma:timeoutSeconds"),
        (KEYS, {"roma:cloud": "?"}, "roma:cloud"),
        (
            {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "p", "HW_DOMAIN_NAME": "d"},
            {"roma:cloud": "?"},
            "roma:cloud",  # of both addresses, and said once
        ),
    ],
)
def test_preview_finds_what_is_wrong_with_the_settings(
    tmp_path: Path, environment: dict[str, str], config: dict[str, str], key: str
) -> None:
    host = Host(FakeClient(), tmp_path, config=config, environment=environment)
    checked = host.owned.check(FakeOperation(), {}, inputs())
    assert [failing for failing, _ in checked.failures] == [key]


def read(host: Host, props: dict[str, Any]) -> Any:
    return host.owned.read(FakeOperation(), ID, props, owned=True)


def test_a_get_looks_its_project_up(tmp_path: Path, iam: IamServer) -> None:
    config = {"roma:region": REGION, "roma:authUrl": iam.url}
    host = Host(FakeClient(progress=[progress("RUNNING")]), tmp_path, config=config, environment=KEYS)
    for _ in range(2):
        assert read(host, {}).outputs["project_id"] == PROJECT
    assert host.session.places == [(REGION, PROJECT)] * 2
    assert len(iam.queries) == 1
    # What the state says is not asked for.
    read(host, {"region": "r-1", "project_id": PROJECT})
    assert host.session.places[-1] == ("r-1", PROJECT)
    assert len(iam.queries) == 1


def test_a_get_without_a_region_or_a_way_in(tmp_path: Path) -> None:
    host = Host(FakeClient(), tmp_path, config={}, environment={})
    for props, key in (({}, "roma:region"), ({"region": REGION}, "roma:token")):
        with pytest.raises(InputError) as caught:
            read(host, props)
        assert caught.value.key == key
