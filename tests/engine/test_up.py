"""The main job on the real engine: up, up again, refresh, destroy, and the outputs of an instance."""

from __future__ import annotations

import re
import shutil
from typing import Any

from roma_provider.emulator import PROJECT_ID, REGION, Emulator
from roma_provider.schema.spellings import rfc3339
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT
from tests.engine.programs import ARGUMENTS, instance, program, programs
from tests.engine.seen import counted, operations

# What the API leaves null for a plain instance, by the seed page's names, with values of the page's types.
UNUSUAL: dict[str, Any] = {
    "connectAddressWithPP": "10.0.0.2",
    "mgmtConnectAddress": "10.0.0.3",
    "mgmtExtraConnectAddress": "10.0.0.4",
    "errorMessage": "a message",
    "domainId": "domain-1",
    "virtualRouterId": "router-1",
    "taskStatus": "EXTENDING",
    "accessUser": "access-1",
    "publicipId": "eip-1",
    "publicipAddr": "80.0.0.1",
    "publicipBounded": True,
    "resourceList": "[]",
    "tagEntries": "a=b",
    "epIds": "0",
    "ipv6ConnectAddress": "fd00::1",
    "bandwidths": 7,
    "ingressBandwidthSize": "5",
    "cryptoType": "sm",
    "rocketmqEnable": True,
    "externalElbEnable": True,
    "ltsLogGroupId": "lts-1",
    "noPasswordAccess": True,
}
UNUSUAL_OUTPUTS: dict[str, Any] = {
    "connect_address_with_pp": "10.0.0.2",
    "mgmt_connect_address": "10.0.0.3",
    "mgmt_extra_connect_address": "10.0.0.4",
    "error_message": "a message",
    "domain_id": "domain-1",
    "virtual_router_id": "router-1",
    "task_status": "EXTENDING",
    "access_user": "access-1",
    "eip_id": "eip-1",
    "publicip_addr": "80.0.0.1",
    "publicip_bounded": True,
    "resource_list": "[]",
    "tag_entries": "a=b",
    "ep_ids": "0",
    "ipv6_connect_address": "fd00::1",
    "bandwidths": 7,
    "ingress_bandwidth_size": 5,
    "crypto_type": "sm",
    "rocketmq_enable": True,
    "external_elb_enable": True,
    "lts_log_group_id": "lts-1",
    "no_password_access": True,
}
SERVICES = ["mqs", "lvs", "apic", "fdi", "link"]
ALL_OUTPUTS = """
import sys
pulumi.export("loaded", [name for name in ("requests", "pydantic") if name in sys.modules])
names = [name for name in roma.Instance.__annotations__]
pulumi.export("all", {name: getattr(integration, name) for name in names})
pulumi.export("id", integration.id)
pulumi.export("first service", integration.services[0].name)
pulumi.export("zone", integration.available_zones[0])
pulumi.export("in the program", pulumi.Output.all(
    integration.services.apply(lambda services: [type(service).__name__ for service in services]),
    integration.services.apply(lambda services: [type(services[0].progress).__name__,
                                                 type(services[0].start_time).__name__]),
    integration.created_at.apply(lambda value: type(value).__name__),
    integration.bandwidths.apply(lambda value: type(value).__name__),
    integration.ipv6_enable.apply(lambda value: type(value).__name__),
))
"""


def test_up_up_refresh_and_destroy_and_what_each_asks_of_the_api(stack_for: StackFor, emulator: Emulator) -> None:
    arguments = ", ".join(f"{key}={value!r}" for key, value in ARGUMENTS.items())
    two = f'roma.Instance("two", roma.InstanceArgs(name="roma-2222", {arguments}))\n'
    stack = stack_for(emulator, programs(instance("one"), two))
    assert "3 to create" in stack.preview().text
    # Whether their names are free, by one look at both lists for the two of them.
    assert counted(emulator) == {"list_instances": 1, "list_roma_instances": 1}

    assert "3 created" in stack.up().text
    seen = counted(emulator)
    assert (seen["create_instance"], seen["delete_instance"]) == (2, 0)
    assert seen["creation_progress"] >= 2
    ids = {made.name: made.id for made in emulator.control.instances()}
    assert sorted(ids) == ["one", "roma-2222"]
    kept = {resource["urn"].rsplit("::", 1)[-1]: resource["id"] for resource in stack.resources()}
    assert kept == {"one": ids["one"], "two": ids["roma-2222"]}
    assert {made["type"] for made in stack.resources()} == {"pulumi-python:dynamic/roma:Instance"}

    for _ in range(2):
        again = stack.up(preview=True).text
        assert "3 unchanged" in again
        assert not re.search(r"\d (updated|created|replaced|deleted)|\[diff", again)
    assert operations(emulator) == []

    for _ in range(2):
        refreshed = stack.refresh().text
        assert "3 unchanged" in refreshed
        assert "updated" not in refreshed
        # The lists, once for all of them: whether another instance has a name of theirs.
        assert counted(emulator) == {"creation_progress": 2, "list_instances": 1, "list_roma_instances": 1}
    assert "3 unchanged" in stack.preview().text

    emulator.control.settings(deletion_seconds=0.2)
    assert "3 deleted" in stack.destroy().text
    seen = counted(emulator)
    assert (seen["delete_instance"], seen["create_instance"]) == (2, 0)
    assert emulator.control.instances() == []
    assert stack.resources() == []


def test_the_outputs_of_an_instance(stack_for: StackFor, emulator: Emulator) -> None:
    declared: dict[str, Any] = {
        "name": "roma-2222",
        "description": "for a test",
        "product_id": None,
        "edition": "professional",
        "available_zones": ["az1.dc1", "az0.dc0"],
        "enterprise_project_id": "ep-1",
        "cpu_architecture": "aarch64",
        "ipv6_enable": True,
        "maintain_begin": "22:00",
        "maintain_end": "02:00:00",
        "mqs": {"engine_version": "2.3.0", "ssl_enable": True},
    }
    stack = stack_for(emulator, program(more=ALL_OUTPUTS, **declared))
    stack.up()
    (made,) = emulator.control.instances()
    plain = stack.outputs()["all"]
    assert {key: plain[key] for key in declared} == {
        **declared,
        "product_id": "00300-30102-0--0",
        "maintain_begin": "22:00:00",
    }
    for key in ("vpc_id", "subnet_id", "security_group_id"):
        assert plain[key] == ARGUMENTS[key]
    assert (plain["region"], plain["project_id"]) == (REGION, PROJECT_ID)
    assert plain["enable_all"] is True
    assert (plain["status"], plain["progress"], plain["scope"]) == ("RUNNING", 100, "center")
    assert (plain["instance_id"], stack.outputs()["id"]) == (made.id, made.id)
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", plain["connect_address"])
    assert (plain["error_code"], plain["job_id"][:4]) == (None, "JOB-")
    assert plain["created_at"] == plain["start_time"] == made.created_at
    assert plain["end_time"] == made.created_at + 200
    assert (plain["charging_mode"], plain["demond_pay"], plain["pre_pay"]) == (1, True, False)
    assert (plain["user_name"], plain["spec_code"]) == ("zhangyue", "roma.professional.001")
    assert [service["name"] for service in plain["services"]] == SERVICES
    assert [(service["status"], service["progress"]) for service in plain["services"]] == [("running", 100)] * 5
    assert (stack.outputs()["first service"], stack.outputs()["zone"]) == ("mqs", "az1.dc1")
    assert stack.outputs()["loaded"] == []  # a program only declares; the plugin does the work
    assert stack.outputs()["in the program"] == [["Service"] * 5, ["int", "int"], "int", "int", "bool"]

    emulator.control.patch_instance(made.id, fields=UNUSUAL)
    stack.refresh()
    assert "2 unchanged" in stack.up(preview=True).text  # nothing of it is declared, so nothing of it is drift
    unusual = stack.outputs()["all"]
    assert {key: unusual[key] for key in unusual if unusual[key] != plain[key]} == UNUSUAL_OUTPUTS
    assert [key for key in unusual if unusual[key] is None] == [
        "adopt_id",
        "error_code",
        "publicip_enable",
        "rcu",
        "wait",
    ]


def test_the_quickstart_runs_at_the_root(stack_for: StackFor, emulator: Emulator) -> None:
    """As `make up` runs it. In its own folder: test_examples.py."""
    settings = (ROOT / "Pulumi.yaml").read_text()
    name = re.search(r"^name: (\S+)$", settings, re.MULTILINE)
    assert name is not None
    stack = stack_for(emulator, "", project=name[1])
    (stack.folder / "Pulumi.yaml").write_text(settings)
    (stack.folder / "__main__.py").unlink()
    shutil.copytree(ROOT / "examples" / "quickstart", stack.folder / "examples" / "quickstart", symlinks=True)

    stack.up()
    (made,) = emulator.control.instances()
    outputs = stack.outputs()
    assert (outputs["instance_id"], outputs["status"]) == (made.id, "RUNNING")
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", outputs["connect_address"])
    assert outputs["created_at"] == rfc3339(made.created_at)
    assert made.name == "roma-2222"
    [resource] = stack.resources()
    assert resource["outputs"]["available_zones"] == ["az0.dc0"]
    assert resource["outputs"]["product_id"] == "00300-30101-0--0"
    assert [service["name"] for service in resource["outputs"]["services"]] == SERVICES
