"""Messages of the lifecycle in the words of other programs."""

from __future__ import annotations

import pytest

from roma_provider.config.keys import REGION, TOKEN
from roma_provider.hosts.plugin.words import described, spelled
from roma_provider.lifecycle.names import Name
from roma_provider.schema import diff
from tests.support.fakes import ID, inputs, summary


def test_a_name_that_is_taken() -> None:
    name = Name("roma-2222", "p" * 16, inputs(), "integration")
    said = spelled(name.taken(summary(), 0.0, ordered_here=False))
    assert f"Write adoptId: '{ID}' to take it over" in said
    assert "give it aliases: [{name: OLD_NAME}]" in said
    assert f"ROMA_ADOPT=integration={ID} pulumi up" in said


def test_what_cannot_be_changed() -> None:
    said = spelled(diff.foretell("urn", ID, diff.Difference(updates=["description", "ipv6_enable"])) or "")
    assert "There is no API to change 'description'" in said
    assert "'ipv6Enable' can only be set when an instance is created" in said
    assert said.endswith("ignoreChanges: ['description', 'ipv6Enable']")


def test_a_setting_that_is_missing() -> None:
    assert 'property region: "cn-north-4" of a provider resource' in spelled(REGION.missing("region"))
    assert 'property token: "MIIE…" of a provider resource' in spelled(TOKEN.missing())


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("allow more time with custom_timeouts", "allow more time with customTimeouts"),
        ("an Instance with wait=False of this program", "an Instance with wait: false of this program"),
        ("aliases=[pulumi.Alias(name='old')]", "aliases: [{name: 'old'}]"),
        ("mqs.ssl_enable: write true or false", "mqs.sslEnable: write true or false"),
        (f"Write instance_id={ID!r} to keep it", f"Write instanceId: '{ID}' to keep it"),
        # What is no property of a program's:
        ("create_instance was answered with HTTP 400", "create_instance was answered with HTTP 400"),
        ("https://host/v2/instance_id/process", "https://host/v2/instance_id/process"),
        ("named 'my_vpc_id'", "named 'my_vpc_id'"),
        ("'urn:pulumi:dev::shop::roma:index:Instance::eip_id'", "'urn:pulumi:dev::shop::roma:index:Instance::eip_id'"),
        (f"ROMA_ADOPT=eip_id={ID} pulumi up", f"ROMA_ADOPT=eip_id={ID} pulumi up"),
        ("set HW_PROJECT_ID", "set HW_PROJECT_ID"),
    ],
)
def test_spellings(text: str, other: str) -> None:
    assert spelled(text) == other


def test_a_docstring_is_markdown() -> None:
    said = described("False: no ``engine_version``. Default: True.")
    assert said == "false: no `engineVersion`. Default: true."
