"""Signing in, and the projects of a region."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from tests.support.emulator import Api, SettableClock
from tests.support.signed import SigningCaller

OTHER_PROJECT = "0123456789abcdef0123456789abcdef"


def outcome(answer: requests.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("error_code")


def test_a_region_has_one_project(api: Api) -> None:
    answer = api.projects(name="cn-north-4")
    assert answer.status_code == 200
    assert answer.headers["X-IAM-Trace-Id"]
    assert answer.json() == {
        "links": {"self": "/v3/projects", "previous": None, "next": None},
        "projects": [
            {
                "domain_id": "d78cbac186b744899480f25bd022f468",
                "is_domain": False,
                "parent_id": "d78cbac186b744899480f25bd022f468",
                "name": "cn-north-4",
                "description": "",
                "id": PROJECT_ID,
                "enabled": True,
                "links": {"self": f"/v3/projects/{PROJECT_ID}"},
            }
        ],
    }
    assert api.projects().json() == answer.json()
    (elsewhere,) = api.projects(name="ap-southeast-3").json()["projects"]
    assert elsewhere["name"] == "ap-southeast-3"
    assert (len(elsewhere["id"]), elsewhere["id"] != PROJECT_ID) == (32, True)
    assert api.projects(name="ap-southeast-3").json()["projects"] == [elsewhere]


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_how_many_projects_can_be_set(api: Api, control: Control, count: int) -> None:
    assert control.settings(projects=count).projects == count
    projects = api.projects(name="cn-north-4").json()["projects"]
    assert [project["name"] for project in projects] == ["cn-north-4"] * count
    ids = [project["id"] for project in projects]
    assert len(set(ids)) == count
    assert ids[:1] == [PROJECT_ID][:count]


def test_projects_are_shown_to_those_who_signed_in_only(api: Api, emulator: Emulator, clock: SettableClock) -> None:
    token = api.sign_in().headers["X-Subject-Token"]
    for known in (token, "made-up", None):
        answer = Api(emulator.url, token=known).projects(name="cn-north-4")
        assert answer.status_code == (200 if known == token else 401)
        if known != token:
            assert answer.json()["error"] == {
                "code": 401,
                "message": "The request you have made requires authentication.",
                "title": "Unauthorized",
            }
    clock.tick(24 * 3600)
    assert Api(emulator.url, token=token).projects().json()["error"]["code"] == 401
    unsigned = SigningCaller(emulator.url, clock, secret_key="another").call("GET", "/v3/projects")
    assert outcome(unsigned) == (401, "APIGW.0301")


def test_a_token_for_a_project_opens_that_one_only(api: Api, emulator: Emulator) -> None:
    answer = api.sign_in(project={"id": OTHER_PROJECT})
    assert answer.json()["token"]["project"]["id"] == OTHER_PROJECT
    token = answer.headers["X-Subject-Token"]
    assert Api(emulator.url, OTHER_PROJECT, token).get_list().status_code == 200
    theirs = Api(emulator.url, PROJECT_ID, token)
    for refused in (theirs.get_list(), theirs.post(), theirs.get_process("x"), theirs.delete("x")):
        assert outcome(refused) == (401, "APIGW.0307")
        assert refused.json()["error_msg"] == "The token must be updated"
    assert theirs.projects().status_code == 200


@pytest.mark.parametrize("region", ["cn-north-4", "ap-southeast-3"])
def test_a_token_by_the_projects_name_opens_any(api: Api, emulator: Emulator, region: str) -> None:
    answer = api.sign_in(project={"name": region})
    project = answer.json()["token"]["project"]
    assert project == {"domain": {"name": "an-account"}} | {
        name: api.projects(name=region).json()["projects"][0][name] for name in ("id", "name")
    }
    for project_id in (PROJECT_ID, OTHER_PROJECT, project["id"]):
        assert Api(emulator.url, project_id, answer.headers["X-Subject-Token"]).get_list().status_code == 200


def test_a_token_that_ends_in_the_middle_of_a_wait(api: Api, emulator: Emulator, control: Control) -> None:
    instance_id = api.create()
    theirs = Api(emulator.url, token=api.sign_in().headers["X-Subject-Token"])
    # The first two polls go well; the token ends with the third, for everyone, once.
    control.add_fault("creation_progress", times=2, delay_seconds=0)
    control.add_fault("creation_progress", expire_tokens=True)
    statuses = [theirs.get_process(instance_id).status_code for _ in range(4)]
    assert statuses == [200, 200, 401, 401]
    with ThreadPoolExecutor(20) as threads:
        waiting = list(threads.map(lambda _: theirs.get_process(instance_id), range(20)))
        assert [outcome(answer) for answer in waiting] == [(401, "APIGW.0307")] * 20
        theirs.token = api.sign_in().headers["X-Subject-Token"]
        waiting = list(threads.map(lambda _: theirs.get_process(instance_id), range(20)))
        assert [answer.status_code for answer in waiting] == [200] * 20
    assert len(control.calls("create_token")) == 2


def assume(caller: Api | SigningCaller, agency: str = "deployers") -> requests.Response:
    identity = {"methods": ["assume_role"], "assume_role": {"domain_name": "theirs", "agency_name": agency}}
    auth = {"identity": identity, "scope": {"project": {"id": PROJECT_ID}}}
    if isinstance(caller, Api):
        return caller.call("POST", "/v3/auth/tokens", json={"auth": auth})
    headers = {"Content-Type": "application/json"}
    return caller.call("POST", "/v3/auth/tokens", body=json.dumps({"auth": auth}).encode(), headers=headers)


def test_an_agency_s_token(api: Api, emulator: Emulator, clock: SettableClock) -> None:
    token = api.sign_in().headers["X-Subject-Token"]
    signing = SigningCaller(emulator.url, clock)
    for caller in (Api(emulator.url, token=token), signing):
        answer = assume(caller)
        assert answer.status_code == 201
        shown = answer.json()["token"]
        assert (shown["methods"], shown["user"]["name"]) == (["assume_role"], "theirs/deployers")
        assert shown["assumed_by"]["user"]["name"] in ("somebody", "zhangyue")
        theirs = Api(emulator.url, token=answer.headers["X-Subject-Token"])
        assert theirs.process(theirs.create())["instance"]["userName"] == "theirs/deployers"
    clock.tick(24 * 3600)
    assert outcome(theirs.get_list()) == (401, "APIGW.0307")


def test_an_agency_that_is_not_given(api: Api, emulator: Emulator, clock: SettableClock) -> None:
    refused = assume(api, "wrong")
    assert (refused.status_code, refused.json()["error"]["title"]) == (403, "Forbidden")
    assert assume(Api(emulator.url, token=None)).status_code == 401
    assert assume(Api(emulator.url, token="made-up")).status_code == 401
    unsigned = SigningCaller(emulator.url, clock, secret_key="another")
    assert outcome(assume(unsigned)) == (401, "APIGW.0301")
    for assumed in ({}, {"domain_name": "theirs"}, {"agency_name": "a"}, {"domain_name": "", "agency_name": "a"}, 1):
        body = {"auth": {"identity": {"methods": ["assume_role"], "assume_role": assumed}}}
        assert api.call("POST", "/v3/auth/tokens", json=body).status_code == 400
