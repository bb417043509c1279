"""The provider's client over HTTP against a served emulator: every operation, and how each is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from roma_provider.api import client as client_module
from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.models import CreateInstanceRequest, MqsRequest
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Transport
from roma_provider.emulator import PROJECT_ID, TOKEN, Control
from roma_provider.errors import RomaApiError, RomaConnectionError
from tests.support.emulator import Api, SettableClock

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"
OTHER_PROJECT = "d" * 32


def client_of(api: Api, token: str = TOKEN, project_id: str = PROJECT_ID) -> RomaClient:
    """One that repeats nothing."""
    return RomaClient(Transport(api.url, TokenAuth(token), Limits(max_retries=0)), project_id)


@pytest.fixture
def client(api: Api) -> RomaClient:
    return client_of(api)


def request(**changes: Any) -> CreateInstanceRequest:
    """An order as the seed's instance, with every field that POST takes."""
    given: dict[str, Any] = {
        "name": "roma-2222",
        "description": "for a test",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0", "az1.dc1"],
        "ep_id": "ep-1",
        "vpc_id": "vpc-1",
        "subnet_id": "subnet-1",
        "security_group_id": "group-1",
        "ipv6_enable": True,
        "enable_all": False,
        "eip_id": "eip-1",
        "entrance_bandwidth_size": 5,
        "mqs": MqsRequest(engine_version="2.7", ssl_enable=True),
        "maintain_begin": "22:00:00",
        "maintain_end": "02:00:00",
        "cpu_architecture": "arm",
    }
    return CreateInstanceRequest(**{**given, **changes})


def create(client: RomaClient, **changes: Any) -> str:
    made = client.create_instance(request(**changes))
    assert made is not None
    return made


def test_an_instance_from_its_order_to_its_end(
    client: RomaClient, control: Control, clock: SettableClock, api: Api
) -> None:
    created = round(clock.now * 1000)
    made = create(client)
    assert [(found.id, found.name, found.project_id) for found in control.instances()] == [
        (made, "roma-2222", PROJECT_ID)
    ]

    begun = client.creation_progress(made)
    assert (begun.instance_id, begun.progress, begun.decisive_status) == (made, 0, "CREATING")
    assert (begun.start_time, begun.end_time) == (created, None)
    assert begun.instance is not None
    assert (begun.instance.error_code or "").startswith("JOB-")
    assert begun.instance.connect_address is None
    assert [(service.name, service.status) for service in begun.services] == [("mqs", "creating"), ("lvs", "creating")]

    clock.tick(1000)
    ready = client.creation_progress(made)
    assert (ready.progress, ready.decisive_status, ready.end_time) == (100, "RUNNING", created + 1_000_000)
    live = ready.instance
    assert live is not None
    assert live.connect_address
    assert (live.name, live.description, live.ep_id) == ("roma-2222", "for a test", "ep-1")
    assert (live.product_id, live.type, live.cpu_arch) == ("00300-30101-0--0", "basic", "aarch64")
    assert live.available_zones == ["az0.dc0", "az1.dc1"]
    assert (live.tenant_vpc_id, live.tenant_subnet_id, live.tenant_security_group_id) == (
        "vpc-1",
        "subnet-1",
        "group-1",
    )
    assert (live.publicip_id, live.ingress_bandwidth_size, live.ipv6_enable) == ("eip-1", "5", True)
    assert (live.maintain_begin, live.maintain_end) == ("22:00", "02:00")

    (listed,) = client.list_instances()
    assert (listed.id, listed.name, listed.status) == (made, "roma-2222", "RUNNING")

    client.delete_instance(made)
    assert [entry.status for entry in client.list_instances()] == ["DELETING"]
    clock.tick(10)
    assert client.list_instances() == []
    calls = [(call.operation, call.method, call.status) for call in control.calls()]
    assert calls == [
        ("create_instance", "POST", 200),
        ("creation_progress", "GET", 200),
        ("creation_progress", "GET", 200),
        ("list_instances", "GET", 200),
        ("delete_instance", "DELETE", 202),
        ("list_instances", "GET", 200),
        ("list_instances", "GET", 200),
    ]
    assert {call.project_id for call in control.calls()} == {PROJECT_ID}


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3)])
def test_a_list_is_read_page_by_page_until_one_is_not_full(
    client: RomaClient, control: Control, monkeypatch: pytest.MonkeyPatch, count: int, pages: int
) -> None:
    monkeypatch.setattr(client_module, "PAGE", 2)
    made = [create(client, name=f"roma-{number}") for number in range(count)]
    control.clear_calls()
    assert [entry.id for entry in client.list_instances()] == made
    assert [call.operation for call in control.calls()] == ["list_instances"] * pages


def test_the_usual_page_is_one_that_the_api_gives(client: RomaClient, control: Control) -> None:
    made = [create(client, name=f"roma-{number}") for number in range(11)]  # more than the default of ten
    control.clear_calls()
    assert [entry.id for entry in client.list_instances()] == made
    assert len(control.calls()) == 1


def test_a_list_lags_behind_an_order(client: RomaClient, control: Control, clock: SettableClock) -> None:
    control.settings(list_lag_seconds=30)
    made = create(client)
    assert client.list_instances() == []
    clock.tick(30)
    assert [entry.id for entry in client.list_instances()] == [made]


def test_one_projects_client_sees_and_touches_nothing_of_another(
    client: RomaClient, api: Api, control: Control
) -> None:
    made = create(client)
    other = client_of(api, project_id=OTHER_PROJECT)
    assert other.list_instances() == []
    for operation in (other.creation_progress, other.delete_instance):
        with pytest.raises(RomaApiError) as refused:
            operation(made)
        assert refused.value.not_found
    assert [(found.id, found.status) for found in control.instances()] == [(made, "CREATING")]
    assert {call.project_id for call in control.calls()} == {PROJECT_ID, OTHER_PROJECT}


def test_a_failed_creation_in_the_models(client: RomaClient, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed")
    made = create(client, enable_all=True)
    clock.tick(1000)
    failed = client.creation_progress(made)
    assert failed.decisive_status == "CREATE_FAILED"
    assert failed.instance is not None
    assert (failed.instance.error_code, failed.instance.error_message) == (
        "ROMA.10010",
        "create task failed: sub-service link could not be created.",
    )
    assert {service.name: service.error_code for service in failed.services if service.error_code} == {
        "link": "LINK.00500001"
    }


Operation = Callable[[RomaClient], object]
OPERATIONS: dict[str, Operation] = {
    "create_instance": lambda client: client.create_instance(request()),
    "creation_progress": lambda client: client.creation_progress(UNKNOWN_ID),
    "list_instances": lambda client: client.list_instances(),
    "delete_instance": lambda client: client.delete_instance(UNKNOWN_ID),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_token_that_is_refused(api: Api, control: Control, operation: str) -> None:
    with pytest.raises(RomaApiError) as refused:
        OPERATIONS[operation](client_of(api, token="made-up"))
    error = refused.value
    assert (error.operation, error.status, error.code) == (operation, 401, "APIGW.0301")
    assert error.message == "Incorrect IAM authentication information: decrypt token fail"
    assert error.request_id is not None
    assert len(error.request_id) == 32
    assert (error.not_found, error.transient, error.outcome_unknown) == (False, False, False)
    assert "made-up" not in str(error)
    assert len(control.calls()) == 1
    assert control.instances() == []


@pytest.mark.parametrize("operation", ["creation_progress", "delete_instance"])
def test_an_instance_that_is_not_there(client: RomaClient, operation: str) -> None:
    with pytest.raises(RomaApiError) as refused:
        OPERATIONS[operation](client)
    error = refused.value
    assert (error.operation, error.status, error.code, error.message) == (
        operation,
        404,
        "APIC.7302",
        "Instance not found",
    )
    assert (error.not_found, error.wrong_endpoint) == (True, False)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_path_that_the_gateway_does_not_know(api: Api, operation: str) -> None:
    elsewhere = RomaClient(Transport(f"{api.url}/elsewhere", TokenAuth(TOKEN)), PROJECT_ID)
    with pytest.raises(RomaApiError) as refused:
        OPERATIONS[operation](elsewhere)
    assert (refused.value.status, refused.value.code) == (404, "APIGW.0101")
    assert (refused.value.not_found, refused.value.wrong_endpoint) == (False, True)


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"product_id": "unheard-of"}, "product_id"),
        ({"name": "x" * 65}, "name"),
        ({"available_zones": [f"az{number}" for number in range(10)]}, "available_zones"),
        ({"maintain_begin": None}, "maintain_begin"),
        ({"mqs": MqsRequest(engine_version="2.7", rocketmq_enable=True)}, "mqs.engine_version"),
    ],
)
def test_an_order_that_is_refused(client: RomaClient, control: Control, change: Any, parameter: str) -> None:
    with pytest.raises(RomaApiError) as refused:
        client.create_instance(request(**change))
    error = refused.value
    assert (error.operation, error.status, error.code) == ("create_instance", 400, "ROMA.13000")
    assert f"parameterName:{parameter}." in error.message
    assert not error.outcome_unknown
    assert control.instances() == []


def test_a_prepaid_instance_is_not_deleted(client: RomaClient, control: Control, clock: SettableClock) -> None:
    made = create(client)
    clock.tick(1000)
    control.patch_instance(made, fields={"prePay": True})
    with pytest.raises(RomaApiError) as refused:
        client.delete_instance(made)
    assert (refused.value.status, refused.value.code) == (400, "ROMA.13000")
    assert [found.status for found in control.instances()] == ["RUNNING"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("status", "code", "transient"),
    [
        (400, "APIGW.0201", False),
        (403, "APIGW.0302", False),
        (408, "APIGW.0201", True),
        (429, "APIGW.0308", True),
        (500, "ROMA.00011000", True),
        (502, "APIGW.0201", True),
        (503, "APIGW.0613", True),
        (504, "APIGW.0201", True),
    ],
)
def test_the_gateways_refusals(
    client: RomaClient, control: Control, operation: str, status: int, code: str, transient: bool
) -> None:
    control.add_fault(operation, status=status, headers={"Retry-After": "7"})
    with pytest.raises(RomaApiError) as refused:
        OPERATIONS[operation](client)
    error = refused.value
    assert (error.operation, error.status, error.code, error.retry_after) == (operation, status, code, 7)
    assert error.transient is transient
    assert error.outcome_unknown is (status == 408 or status >= 500)
    assert len(control.calls()) == 1
    assert control.instances() == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_redirect_is_not_followed(client: RomaClient, control: Control, operation: str) -> None:
    control.add_fault(operation, status=302, headers={"Location": "https://elsewhere.example.com/x"})
    with pytest.raises(RomaApiError, match=r"a redirect to elsewhere\.example\.com, which is not followed") as refused:
        OPERATIONS[operation](client)
    assert refused.value.status == 302
    assert len(control.calls()) == 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_connection_that_is_reset(client: RomaClient, control: Control, operation: str) -> None:
    control.add_fault(operation, reset=True)
    with pytest.raises(RomaConnectionError, match="the connection was reset") as broken:
        OPERATIONS[operation](client)
    assert (broken.value.operation, broken.value.sent) == (operation, True)
    assert len(control.calls()) == 1


def test_an_order_whose_answer_is_lost_may_have_been_taken(client: RomaClient, control: Control) -> None:
    control.add_fault("create_instance", when="after", reset=True)
    with pytest.raises(RomaConnectionError) as broken:
        client.create_instance(request())
    assert broken.value.sent
    control.add_fault("create_instance", when="after", status=502)
    with pytest.raises(RomaApiError) as refused:
        client.create_instance(request(name="second"))
    assert refused.value.outcome_unknown
    assert [found.name for found in control.instances()] == ["roma-2222", "second"]


@pytest.mark.parametrize("operation", ["creation_progress", "list_instances"])
def test_an_answer_that_is_cut_or_no_json_object(client: RomaClient, control: Control, operation: str) -> None:
    create(client)
    control.add_fault(operation, status=200, body="<html>hello</html>")
    with pytest.raises(RomaApiError, match="cut off or not JSON") as refused:
        OPERATIONS[operation](client)
    assert (refused.value.status, refused.value.transient) == (200, True)
    control.add_fault(operation, status=200, body=[1])
    with pytest.raises(RomaApiError, match="not the JSON object it should be"):
        OPERATIONS[operation](client)


def test_nothing_listens(api: Api) -> None:
    nowhere = RomaClient(Transport("http://127.0.0.1:1", TokenAuth(TOKEN)), PROJECT_ID)
    with pytest.raises(RomaConnectionError, match="nothing listens there") as broken:
        nowhere.create_instance(request())
    assert not broken.value.sent
