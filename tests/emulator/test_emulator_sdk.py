"""The vendor's own SDK against the emulator: it lists what it finds there, into its own models."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, TOKEN, Control

from .conftest import Api, SettableClock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
    from huaweicloudsdkcore.signer.signer import Signer
    from huaweicloudsdkroma.v2 import CheckRomaInstanceListV2Request, RomaClient


def client(url: str, token: str = TOKEN) -> Any:
    """The SDK's client. It signs with AK/SK only; here a token takes the signature's place."""
    credentials = BasicCredentials("ak", "sk", PROJECT_ID)

    def add_token(request: Any) -> Any:
        Signer.process_request_uri(request)
        request.header_params["X-Auth-Token"] = token
        return request

    # Not a subclass: the builder takes a class of this very name only.
    credentials.sign_request = add_token
    return RomaClient.new_builder().with_credentials(credentials).with_endpoints([url]).build()


def test_the_sdk_lists_instances(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed")
    failed = api.create(name="failed", maintain_begin="22:00:00", maintain_end="02:00:00")
    control.settings(scenario="ready")
    ready = api.create(name="ready", cpu_architecture="arm")
    clock.tick(1000)
    answer = client(api.url).check_roma_instance_list_v2(CheckRomaInstanceListV2Request(limit=10))
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
    filtered = client(api.url).check_roma_instance_list_v2(CheckRomaInstanceListV2Request(status="RUNNING"))
    assert [instance.id for instance in filtered.instances] == [ready]


def test_the_sdk_understands_a_refusal(api: Api) -> None:
    with pytest.raises(ClientRequestException) as refused:
        client(api.url, token="made-up").check_roma_instance_list_v2(CheckRomaInstanceListV2Request())
    assert refused.value.status_code == 401
    assert refused.value.error_code == "APIGW.0301"
    assert refused.value.error_msg == "Incorrect IAM authentication information: decrypt token fail"
    assert len(refused.value.request_id) == 32
