"""What one configured provider shares, and that two of them share nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from roma_provider.api.client import RomaClient
from roma_provider.api.models import RomaInstanceSummary
from roma_provider.clock import Clock
from roma_provider.config.credentials import NONE_GIVEN
from roma_provider.config.keys import REGION as REGION_KEY
from roma_provider.errors import InputError, RomaApiError
from roma_provider.lifecycle.access import target
from roma_provider.lifecycle.session import Session
from tests.support.fakes import (
    ID,
    PROJECT,
    REGION,
    TOKEN,
    FakeClient,
    FakeClock,
    FakeOperation,
    Host,
    plain_session,
    refused,
    summary,
)
from tests.support.iam_server import IamServer, serving_iam
from tests.support.lifecycle import STATE
from tests.support.server import Server

USER = {"HW_USER_NAME": "zhangyue", "HW_USER_PASSWORD": "canary-pw", "HW_DOMAIN_NAME": "account"}


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        server.projects = [{"name": REGION, "id": PROJECT}]
        yield server


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def test_the_session_of_a_configuration(tmp_path: Path) -> None:
    clock = FakeClock()
    environment = {"HW_REGION_NAME": "eu-west-101", "XDG_STATE_HOME": str(tmp_path)}
    session = Session.of({"roma:pollSeconds": "7"}.get, environment, clock)
    assert session.settings.get(REGION_KEY) == "eu-west-101"
    assert session.settings.poll_seconds() == 7.0
    assert session.clock is clock
    assert session.sign_in.settings is session.settings
    assert session.journal.entries() == []
    assert type(Session.of(lambda _key: None, environment).clock) is Clock


def test_a_client_is_for_one_project_at_the_region_s_address() -> None:
    client = plain_session(None, {"HW_AUTH_TOKEN": TOKEN}).client("eu-west-101", PROJECT)
    assert isinstance(client, RomaClient)
    assert client.host == "roma.eu-west-101.myhuaweicloud.eu"


def test_no_client_without_a_way_in() -> None:
    with pytest.raises(InputError) as caught:
        plain_session({}).client(REGION, PROJECT)
    assert (caught.value.key, caught.value.reason) == ("roma:token", NONE_GIVEN)


def test_a_project_is_looked_up_once_in_a_session(iam: IamServer) -> None:
    settings = {"roma:authUrl": iam.url}, {"HW_AUTH_TOKEN": TOKEN}
    session = plain_session(*settings)
    assert [session.project_id(REGION) for _ in range(3)] == [PROJECT] * 3
    assert len(iam.queries) == 1
    assert plain_session(*settings).project_id(REGION) == PROJECT
    assert len(iam.queries) == 2
    assert plain_session({**settings[0], "roma:projectId": "c"}).project_id(REGION) == "c"


def test_the_clients_of_a_session_share_one_token_and_those_of_two_none(iam: IamServer) -> None:
    settings = {"roma:authUrl": iam.url, "roma:endpoint": iam.url, "roma:maxRetries": "0"}, USER
    session = plain_session(*settings)
    for _ in range(3):
        assert session.client(REGION, PROJECT).raw_list() == {}
    assert len(iam.asked) == 1
    other = plain_session(*settings)
    other.client(REGION, PROJECT).raw_list()
    assert len(iam.asked) == 2


def test_the_clients_of_a_session_share_the_budget_of_a_host_and_those_of_two_do_not(server: Server) -> None:
    settings = {"roma:endpoint": server.endpoint, "roma:maxRetries": "0"}, {"HW_AUTH_TOKEN": TOKEN}
    session, other = plain_session(*settings, FakeClock()), plain_session(*settings, FakeClock())
    session.budgets.of(server.host).note(0.0, refused(429, retry_after=60.0))
    server.answers(200, "{}")
    for _ in range(2):
        with pytest.raises(RomaApiError, match="nothing is asked for another 60 s"):
            session.client(REGION, PROJECT).creation_progress(ID, once=True)
    assert server.requests == []
    other.client(REGION, PROJECT).creation_progress(ID, once=True)
    assert len(server.requests) == 1


def test_what_one_session_remembers_another_does_not() -> None:
    one, other = plain_session(), plain_session()
    assert one.memory is not other.memory
    assert one.budgets is not other.budgets
    assert one.sign_in is not other.sign_in


def test_all_hooks_of_a_refresh_share_one_look_at_the_lists(tmp_path: Path) -> None:
    """Also those that ask while the first is still asking."""
    host = Host(FakeClient(lists=[[summary()]]), tmp_path)
    found = target(host.session, STATE, FakeOperation(), ID)
    asking, started, asked = threading.Event(), threading.Event(), []
    whole = host.client.all_instances

    def slow(once: bool = False) -> list[RomaInstanceSummary]:
        asked.append(threading.get_ident())
        asking.set()
        assert started.wait(10)
        others[0].join(0.2)  # it would be back by then, if it did not wait for this one
        return whole(once)

    host.client.all_instances = slow  # type: ignore[method-assign]
    others = [threading.Thread(target=host.session.listed, args=(found,), kwargs={"fresh": False}) for _ in range(2)]
    others[1].start()
    assert asking.wait(10)
    others[0].start()
    started.set()
    for other in others:
        other.join(10)
    assert len(asked) == 1
    host.session.listed(found, fresh=True)
    assert len(asked) == 2


def test_a_look_at_the_lists_that_failed_is_not_repeated_by_each_hook_of_a_refresh(tmp_path: Path) -> None:
    """One after another, each would try for a quarter of a minute, or for minutes."""
    host = Host(FakeClient(lists=[refused(503)]), tmp_path)
    found = target(host.session, STATE, FakeOperation(), ID)
    for _ in range(3):
        with pytest.raises(RomaApiError):
            host.session.listed(found, fresh=False)
    assert host.client.counts["list"] == 1
