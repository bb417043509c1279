"""The vendor's own SDK against the emulator: it lists what it finds there, into its own models."""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from roma_provider.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    TOKEN,
    Control,
    Emulator,
)
from tests.support.emulator import Api, SettableClock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, SdkException
    from huaweicloudsdkcore.region.region import Region
    from huaweicloudsdkcore.signer.signer import Signer

pytestmark = pytest.mark.slow  # the SDK takes three seconds to import


@cache
def sdk() -> Any:
    """The SDK's module, where a test needs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("huaweicloudsdkroma.v2")


def client(url: str, token: str = TOKEN) -> Any:
    """The SDK's client. It signs with AK/SK only; here a token takes the signature's place."""
    credentials = BasicCredentials("ak", "sk", PROJECT_ID)

    def add_token(request: Any) -> Any:
        Signer.process_request_uri(request)
        request.header_params["X-Auth-Token"] = token
        return request

    # Not a subclass: the builder takes a class of this very name only.
    credentials.sign_request = add_token
    return sdk().RomaClient.new_builder().with_credentials(credentials).with_endpoints([url]).build()


def test_the_sdk_lists_instances(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed")
    failed = api.create(name="failed", maintain_begin="22:00:00", maintain_end="02:00:00")
    control.settings(scenario="ready")
    ready = api.create(name="ready", cpu_architecture="arm")
    clock.tick(1000)
    answer = client(api.url).check_roma_instance_list_v2(sdk().CheckRomaInstanceListV2Request(limit=10))
    assert (answer.status_code, answer.total, answer.size) == (200, 2, 2)
    first, second = answer.instances
    assert (first.id, first.name, first.status, first.error_code) == (
        failed,
        "failed",
        "CREATE_FAILED",
        "ROMA.10010",
    )
    assert (first.maintain_begin, first.maintain_end) == ("22:00:00", "02:00:00")
    assert (second.id, second.status, second.cpu_arch) == (ready, "RUNNING", "aarch64")
    assert (second.available_zone_ids, second.error_code) == (["az0.dc0"], None)
    filtered = client(api.url).check_roma_instance_list_v2(sdk().CheckRomaInstanceListV2Request(status="RUNNING"))
    assert [instance.id for instance in filtered.instances] == [ready]


def test_the_sdk_understands_a_refusal(api: Api) -> None:
    with pytest.raises(ClientRequestException) as refused:
        client(api.url, token="made-up").check_roma_instance_list_v2(sdk().CheckRomaInstanceListV2Request())
    assert refused.value.status_code == 401
    assert refused.value.error_code == "APIGW.0301"
    assert refused.value.error_msg == "Incorrect IAM authentication information: decrypt token fail"
    assert len(refused.value.request_id) == 32


def test_the_sdk_has_no_v3() -> None:
    operations = [name for name in dir(sdk().RomaClient) if "instance" in name]
    assert "check_roma_instance_list_v2" in operations
    assert [name for name in operations if name.endswith("v3")] == []


@pytest.fixture
def today() -> Iterator[Emulator]:
    """An emulator at this machine's time, which the SDK signs with; its creations outlast the import of the SDK."""
    with Emulator(list_lag_seconds=0, creation_seconds=600, clock=time.time) as running:
        yield running


def listed(emulator: Emulator, credentials: Any, region: str | None = None) -> Any:
    """What the SDK lists, signed by itself; with a region it asks IAM for the project."""
    builder = sdk().RomaClient.new_builder().with_credentials(credentials.with_iam_endpoint(emulator.url))
    where = (
        builder.with_endpoints([emulator.url]) if region is None else builder.with_region(Region(region, emulator.url))
    )
    return where.build().check_roma_instance_list_v2(sdk().CheckRomaInstanceListV2Request(limit=10, status="CREATING"))


def test_the_sdk_signs_in_with_keys(today: Emulator) -> None:
    instance_id = Api(today.url).create(name="集成")
    answer = listed(today, BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT_ID))
    assert [(one.id, one.name) for one in answer.instances] == [(instance_id, "集成")]


def test_the_sdk_signs_in_with_temporary_keys(today: Emulator) -> None:
    credentials = BasicCredentials(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, PROJECT_ID)
    with pytest.raises(ClientRequestException, match="ak not exist"):
        listed(today, credentials)
    assert listed(today, credentials.with_security_token(SECURITY_TOKEN)).total == 0


def test_the_sdk_asks_for_the_project(today: Emulator) -> None:
    for count in (0, 2):
        today.control.settings(projects=count)
        with pytest.raises(SdkException, match="project id"):
            listed(today, BasicCredentials(ACCESS_KEY, SECRET_KEY), REGION)
    today.control.settings(projects=1)
    Api(today.url).create()
    today.control.clear_calls()
    assert listed(today, BasicCredentials(ACCESS_KEY, SECRET_KEY), REGION).total == 1
    assert [(call.operation, call.status) for call in today.control.calls()] == [
        ("list_projects", 200),
        ("list_instances", 200),
    ]


def test_the_sdk_understands_a_refused_signature(today: Emulator) -> None:
    for attempt in range(6):
        with pytest.raises(ClientRequestException) as refused:
            listed(today, BasicCredentials(ACCESS_KEY, "another", PROJECT_ID))
        reason = "AK access failed to reach the limit,forbidden" if attempt == 5 else "verify aksk signature fail, "
        assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
        assert refused.value.error_msg.startswith(f"Incorrect IAM authentication information: {reason}")
