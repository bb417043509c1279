"""The words of docs and docstrings."""

from __future__ import annotations

import pytest

from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.descriptions import argument_words, field_words, output_words, page_name


@pytest.mark.parametrize(
    ("key", "argument", "output"),
    [
        (
            "cpu_architecture",
            "x86_64 or aarch64. Default: x86_64. Replaces.",
            "x86_64 or aarch64. (cpuArch)",
        ),
        (
            "security_group_id",
            "Id of the security group. Edition only, and needed there. Replaces.",
            "Id of the security group. (tenantSecurityGroupId)",
        ),
        (
            "publicip_enable",
            "Public access. Default: False. RCU only.",
            "Public access. RCU only. As declared; the API does not show it.",
        ),
        (
            "region",
            "Region that the instance lives in. Default: ``roma:region`` or HW_REGION_NAME. Replaces.",
            "Region that the instance lives in. As resolved when the instance was declared.",
        ),
    ],
)
def test_what_follows_from_the_columns_is_added(key: str, argument: str, output: str) -> None:
    assert argument_words(INSTANCE[key]) == argument
    assert output_words(INSTANCE[key]) == output


def test_a_field_of_one_kind() -> None:
    fields = {field.name: field for field in INSTANCE["mqs"].fields}
    assert field_words(fields["enable_acl"]) == "Access control lists. Edition only."
    assert field_words(fields["trace_enable"]) == "Message tracing."


def test_the_name_on_the_page() -> None:
    assert [page_name(field) for field in ("name", "tenant_vpc_id")] == ["name", "tenantVpcId"]
