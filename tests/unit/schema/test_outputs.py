"""From an answer of the API to outputs, and back to inputs."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED, OUTPUTS, Part
from roma_provider.schema.outputs import live_inputs, outputs, same
from tests.support.fakes import GROUP, ID, PROJECT, REGION, SEED, SUBNET, VPC, body, inputs, progress

SEED_OUTPUTS = {
    "name": "roma-2222",
    "description": "",
    "product_id": "00300-30101-0--0",
    "edition": "basic",
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": SUBNET,
    "security_group_id": GROUP,
    "enterprise_project_id": "0",
    "cpu_architecture": "x86_64",
    "ipv6_enable": False,
    "enable_all": True,
    "maintain_begin": "12:01:13",
    "maintain_end": "12:01:13",
    "region": REGION,
    "project_id": PROJECT,
    "instance_id": ID,
    "status": "CREATING",
    "con_amount": "25",
    "charging_mode": 1,
    "job_id": "JOB-0d42a6bc-3f3d-446a-8351-00a110f56137",
    "user_id": "9167977213674566b8d89570083e2ba0",
    "user_name": "zhangyue",
    "order_id": "20250306120108660165176",
    "created_at": 1741262473785,
    "created_at_rfc3339": "2025-03-06T12:01:13.785Z",
    "updated_at": 1741262475453,
    "updated_at_rfc3339": "2025-03-06T12:01:15.453Z",
    "charge_type": "postPaid",
    "no_password_access": False,
    "publicip_bounded": False,
    "spec_code": "roma.basic.001",
    "bandwidths": 0,
    "scope": "center",
    "rocketmq_enable": False,
    "external_elb_enable": False,
    "demond_pay": True,
    "pre_pay": False,
    "start_time": 1741262473785,
    "start_time_rfc3339": "2025-03-06T12:01:13.785Z",
    "progress": 0,
    "services": [
        {"name": "mqs", "status": "creating", "progress": 0, "error_msg": "", "error_code": ""},
        {
            "name": "lvs",
            "start_time": 1741262473785,
            "start_time_rfc3339": "2025-03-06T12:01:13.785Z",
            "status": "creating",
            "progress": 0,
            "error_msg": "",
            "error_code": "",
        },
    ],
}


def test_the_outputs_of_the_seed_example() -> None:
    assert outputs(ID, inputs(), CreationProgress.model_validate(SEED)) == SEED_OUTPUTS


@pytest.mark.parametrize(
    ("sent", "job", "code"),
    [("JOB-1", "JOB-1", None), ("ROMA.10010", None, "ROMA.10010"), ("", None, None), ("0", None, None)],
)
def test_error_code_is_an_errors_and_a_job_is_a_job(sent: str, job: str | None, code: str | None) -> None:
    found = outputs(ID, inputs(), progress("CREATE_FAILED", errorCode=sent))
    assert (found.get("job_id"), found.get("error_code")) == (job, code)


def test_what_changes_by_itself_is_no_output() -> None:
    later = {**SEED, "currentTime": 1741269999999, "taken_time": 99}
    later["item"] = [{**item, "taken_time": 98} for item in SEED["item"]]
    assert outputs(ID, inputs(), CreationProgress.model_validate(later)) == SEED_OUTPUTS


def test_every_output_can_be_given() -> None:
    found = set(outputs(ID, inputs(), CreationProgress.model_validate(SEED)))
    assert found - set(COMPUTED) == found & set(INSTANCE)
    full = dict.fromkeys(SEED["instance"], "1") | {"createdAt": 1, "updatedAt": 1, "status": "RUNNING"}
    flags = [
        "noPasswordAccess",
        "publicipBounded",
        "ipv6Enable",
        "rocketmqEnable",
        "externalElbEnable",
        "demondPay",
        "prePay",
    ]
    answer = {**SEED, "instance": full | dict.fromkeys(flags, True), "end_time": 5}
    found = set(outputs(ID, inputs(), CreationProgress.model_validate(answer)))
    assert set(COMPUTED) - {"job_id"} <= found  # errorCode holds a job's id or an error's code
    assert {"eip_id", "ingress_bandwidth_size"} <= found
    plain = [row.name for row in OUTPUTS if row.part is Part.INSTANCE and not row.made and not row.time]
    assert len(plain) == len(set(plain)) == 29


@pytest.mark.parametrize(
    ("flags", "charge_type"),
    [
        ({"demondPay": True, "prePay": False}, "postPaid"),
        ({"demondPay": False, "prePay": True}, "prePaid"),
        ({"demondPay": None, "prePay": None}, None),
    ],
)
def test_how_an_instance_is_paid(flags: dict[str, Any], charge_type: str | None) -> None:
    assert outputs(ID, inputs(), progress("RUNNING", **flags)).get("charge_type") == charge_type


def test_right_after_post_there_is_what_was_declared() -> None:
    assert outputs(ID, inputs(mqs={"ssl_enable": True}), None) == {
        **inputs(mqs={"ssl_enable": True}),
        "instance_id": ID,
        "status": "CREATING",
    }


def test_live_values_go_before_declared_ones_and_nulls_do_not() -> None:
    live = progress("RUNNING", name="other", tenantVpcId=None, cpuArch="arm", maintainBegin="22:00", publicipId="e1")
    found = outputs(ID, inputs(maintain_begin="22:00:00", mqs={"ssl_enable": True}), live)
    assert found["name"] == "other"
    assert found["vpc_id"] == VPC
    assert found["cpu_architecture"] == "aarch64"
    assert found["maintain_begin"] == "22:00:00"
    assert found["eip_id"] == "e1"
    assert found["mqs"] == {"ssl_enable": True}
    assert found["status"] == "RUNNING"


def test_an_answer_without_instance_leaves_what_was_declared() -> None:
    found = outputs(ID, inputs(), CreationProgress.model_validate({"status": "creating", "progress": 30}))
    assert found == {**inputs(), "instance_id": ID, "status": "CREATING", "progress": 30, "services": []}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("x86", "x86_64"),
        ("x86_64", "x86_64"),
        ("X86_64", "x86_64"),
        ("arm", "aarch64"),
        ("arm64", "aarch64"),
        ("aarch64", "aarch64"),
        ("riscv", "riscv"),
    ],
)
def test_architectures(sent: str, shown: str) -> None:
    assert outputs(ID, {}, progress(cpuArch=sent))["cpu_architecture"] == shown


@pytest.mark.parametrize(
    ("sent", "shown"), [("22:00", "22:00:00"), ("22:00:00", "22:00:00"), ("12:01:13", "12:01:13"), ("late", "late")]
)
def test_times_of_day(sent: str, shown: str) -> None:
    assert outputs(ID, {}, progress(maintainEnd=sent))["maintain_end"] == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("5", 5), (5, 5), ("", None), ("fast", None), (None, None), ("-1", None), ("²", None), ("٥", None)],
)
def test_bandwidth(sent: Any, shown: int | None) -> None:
    assert outputs(ID, {}, progress(ingressBandwidthSize=sent)).get("ingress_bandwidth_size") == shown


def test_no_drift() -> None:
    for one in (
        inputs(),
        inputs(edition="Basic", description="", enterprise_project_id="0"),
        inputs(available_zones=["az0.dc0"], mqs={"ssl_enable": True}, ingress_bandwidth_size=5),
    ):
        assert live_inputs(one, CreationProgress.model_validate(SEED)) == one


def test_drift_shows_in_what_the_program_set_and_nowhere_else() -> None:
    live = progress("RUNNING", name="new", description="by hand", maintainBegin="02:00", publicipId="e1")
    assert live_inputs(inputs(maintain_begin="22:00:00"), live) == inputs(name="new", maintain_begin="02:00:00")
    assert live_inputs(inputs(description="mine"), live) == inputs(name="new", description="by hand")
    assert live_inputs(inputs(description="mine"), progress(description=None)) == inputs(description="")


def test_zones_in_another_order_are_no_drift() -> None:
    live = progress(availableZones='["b","a"]')
    assert live_inputs(inputs(available_zones=["a", "b"]), live) == inputs(available_zones=["a", "b"])
    assert live_inputs(inputs(available_zones=["a"]), live) == inputs(available_zones=["b", "a"])


def test_no_instance_no_drift() -> None:
    assert live_inputs(inputs(), CreationProgress.model_validate({"status": "running"})) == inputs()


@pytest.mark.parametrize(
    ("key", "one", "other", "equal"),
    [
        ("name", "a", "a", True),
        ("name", "a", "A", False),
        ("name", None, None, True),
        ("description", "", None, True),
        ("description", None, "x", False),
        ("available_zones", ["a", "b"], ["b", "a"], True),
        ("available_zones", ["a"], ["a", "a"], False),
        ("available_zones", ["a"], ["b"], False),
        ("edition", "platinumXB", "platinumxb", True),
        ("edition", "basic", "platinum", False),
        ("ingress_bandwidth_size", 5, 5.0, True),
        # What the API does not show is the same as nothing, however it is spelled.
        ("ipv6_enable", None, False, True),
        ("ipv6_enable", None, True, False),
        ("ingress_bandwidth_size", None, 0, True),
        ("ingress_bandwidth_size", None, 5, False),
        ("mqs", None, {}, True),
        ("mqs", {"a": 1}, {"a": 1.0}, True),
        ("mqs", {"a": 1}, {"a": 2}, False),
    ],
)
def test_same(key: str, one: Any, other: Any, equal: bool) -> None:
    assert same(key, one, other) is equal
    assert same(key, other, one) is equal


def test_status_is_the_decisive_one_in_upper_case() -> None:
    assert outputs(ID, {}, progress(" running "))["status"] == "RUNNING"
    assert (
        outputs(ID, {}, CreationProgress.model_validate({**body("frozen"), "status": "running"}))["status"] == "FROZEN"
    )
