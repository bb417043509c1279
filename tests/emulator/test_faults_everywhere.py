"""Each kind of fault on each operation, and the clock in every answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, TOKEN, Control, Emulator
from roma_provider.emulator.core.faults import IAM_OPERATIONS, OPERATIONS
from tests.support.emulator import Api, SettableClock
from tests.support.rcu import get_list_v3, post_rcu

THROTTLED = "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute"

Make = Callable[[], requests.Response]


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(api: Api, operation: str) -> Make:
    """A call of the operation, to the same end each time."""
    instance_id = api.create()
    return {
        "create_instance": api.post,
        "create_rcu_instance": lambda: post_rcu(api),
        "creation_progress": lambda: api.get_process(instance_id),
        "list_instances": api.get_list,
        "list_roma_instances": lambda: get_list_v3(api),
        "delete_instance": lambda: api.delete(instance_id),
        "create_token": api.sign_in,
        "list_projects": api.projects,
        "other": lambda: api.call("GET", "/nowhere"),
    }[operation]


@pytest.fixture
def good(operation: str) -> int:
    return {"delete_instance": 202, "create_token": 201, "other": 404}.get(operation, 200)


def code(answer: requests.Response) -> str:
    body = answer.json()
    return str(body["error"]["code"] if "error" in body else body["error_code"])


def test_refusals_so_many_times(make: Make, operation: str, good: int, control: Control) -> None:
    control.add_fault(operation, status=401, times=3)
    answers = [make() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, good]
    assert code(answers[0]) == ("401" if operation in IAM_OPERATIONS else "APIGW.0301")
    assert [call.status for call in control.calls(operation)][-4:] == [401, 401, 401, good]


@pytest.mark.parametrize("retry_after", ["7", "Thu, 06 Mar 2025 12:02:13 GMT"])
def test_throttling(make: Make, operation: str, good: int, control: Control, retry_after: str) -> None:
    control.add_fault(operation, status=429, headers={"Retry-After": retry_after})
    throttled, after = make(), make()
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, retry_after)
    assert (throttled.json()["error_code"], throttled.json()["error_msg"]) == ("APIGW.0308", THROTTLED)
    assert (after.status_code, "Retry-After" in after.headers) == (good, False)


def test_a_reset(make: Make, operation: str, good: int, control: Control) -> None:
    control.add_fault(operation, reset=True)
    with pytest.raises(requests.exceptions.ConnectionError, match="Connection reset"):
        make()
    assert make().status_code == good


def test_a_cut(make: Make, operation: str, good: int, control: Control) -> None:
    control.add_fault(operation, cut=3)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        make()
    assert make().status_code == good


def test_a_drip(make: Make, operation: str, good: int, control: Control) -> None:
    control.add_fault(operation, drip_seconds=0.0005, when="after")
    answer = make()
    assert answer.status_code == good
    assert ("X-Subject-Token" in answer.headers) == (operation == "create_token")
    if operation != "delete_instance":
        assert len(answer.content) == int(answer.headers["Content-Length"]) > 30
        assert answer.json()


def test_a_delay(make: Make, operation: str, good: int, control: Control) -> None:
    control.add_fault(operation, delay_seconds=0.001)
    assert make().status_code == good


def test_a_token_that_drips_or_is_cut_is_issued(api: Api, emulator: Emulator, control: Control) -> None:
    control.add_fault("create_token", drip_seconds=0.0005)
    answer = api.sign_in()
    assert (answer.status_code, answer.json()["token"]["user"]["name"]) == (201, "somebody")
    assert Api(emulator.url, token=answer.headers["X-Subject-Token"]).get_list().status_code == 200
    control.add_fault("list_projects", drip_seconds=0.0005)
    assert [project["id"] for project in api.projects().json()["projects"]] == [PROJECT_ID]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"code": 400, "message": "Request parameter is invalid.", "title": "Bad Request"}}),
        (
            403,
            {
                "error": {
                    "code": 403,
                    "message": "You are not authorized to perform the requested action.",
                    "title": "Forbidden",
                }
            },
        ),
    ],
)
def test_iam_has_words_of_its_own(api: Api, control: Control, status: int, body: object) -> None:
    control.add_fault("*", times=2, status=status)
    assert [api.sign_in().json(), api.projects().json()] == [body, body]


def test_every_answer_has_the_emulators_date(
    make: Make, operation: str, api: Api, emulator: Emulator, control: Control, clock: SettableClock
) -> None:
    clock.tick(3600)
    for fault in ({}, {"status": 503}, {"status": 200}, {"drip_seconds": 0.0}):
        if fault:
            control.add_fault(operation, **fault)
        assert make().headers["Date"] == "Thu, 06 Mar 2025 13:01:13 GMT"
    api.token = "made-up" if api.token == TOKEN else TOKEN
    assert make().headers["Date"] == "Thu, 06 Mar 2025 13:01:13 GMT"
    # A clock that is wrong can be given to one answer, too.
    control.add_fault(operation, status=401, headers={"Date": "Thu, 06 Mar 2025 14:01:13 GMT"})
    assert make().headers["Date"] == "Thu, 06 Mar 2025 14:01:13 GMT"
