"""The gateway's throttle, and lists that lag behind /process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, TOKEN, Control, Emulator
from roma_provider.emulator.control.client import ControlError
from roma_provider.emulator.core.throttle import Throttle, parsed
from tests.support.emulator import Api, SettableClock


@pytest.fixture
def at() -> SettableClock:
    return SettableClock()


@pytest.fixture
def api(at: SettableClock) -> Iterator[Api]:
    with Emulator(creation_seconds=60, list_lag_seconds=0, clock=at) as running:
        yield Api(running.url)


def listed(api: Api) -> requests.Response:
    url = f"{api.url}/v3/{PROJECT_ID}/roma/instances"
    return requests.get(url, headers={"X-Auth-Token": TOKEN}, timeout=10)


def test_one_call_too_many_is_refused_in_the_vendors_words_without_retry_after(api: Api, at: SettableClock) -> None:
    control = Control(api.url)
    control.settings(throttle="3/300")
    assert [listed(api).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = listed(api)
    assert refused.json()["error_code"] == "APIGW.0308"
    assert refused.json()["error_msg"].endswith("policy user over ratelimit,limit:200,time:5 minute")
    assert "Retry-After" not in refused.headers
    assert [call.status for call in control.calls()][-2:] == [429, 429]
    at.tick(299.0)
    assert listed(api).status_code == 429
    at.tick(1.0)
    assert listed(api).status_code == 200  # what was refused does not count
    control.settings(throttle="")
    assert [listed(api).status_code for _ in range(9)] == [200] * 9


def test_users_are_counted_by_themselves() -> None:
    throttle = Throttle()
    assert [throttle.refuses(user, 1, 10.0, 0.0) for user in ("a", "b", "a")] == [False, False, True]


def test_statuses_in_lists_lag_behind_process(api: Api, at: SettableClock) -> None:
    Control(api.url).settings(status_lag_seconds=20)
    api.create()
    at.tick(70.0)
    assert listed(api).json()["instances"][0]["status"] == "CREATING"
    at.tick(10.0)
    assert listed(api).json()["instances"][0]["status"] == "RUNNING"


@pytest.mark.parametrize("text", ["200", "0/300", "x/300", "200/0", "200/x", "/"])
def test_what_is_no_throttle(api: Api, text: str) -> None:
    with pytest.raises(ControlError, match="write CALLS/SECONDS, such as 200/300"):
        Control(api.url).settings(throttle=text)
    with pytest.raises(ValueError, match=r".*"):
        parsed(text)
