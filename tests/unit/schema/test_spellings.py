"""One spelling for each value. (From the API, by way of the outputs: test_outputs.py.)"""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.schema.spellings import rfc3339, v1_architecture, v1_mqs, v3_config, without_case, without_order


@pytest.mark.parametrize(
    ("millis", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1741262473785, "2025-03-06T12:01:13.785Z"),
        (1741262473000, "2025-03-06T12:01:13.000Z"),
        (10**18, None),
        (None, None),
    ],
)
def test_times_as_text(millis: int | None, text: str | None) -> None:
    assert rfc3339(millis) == text


def test_the_words_of_the_editions_endpoint() -> None:
    assert [v1_architecture(word) for word in ("x86_64", "aarch64")] == ["x86", "arm"]


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ({}, {"engine_version": "2.7"}),
        ({"ssl_enable": True}, {"engine_version": "2.7", "ssl_enable": True}),
        ({"engine_version": "1.1.0"}, {"engine_version": "1.1.0"}),
        ({"rocketmq_enable": False}, {"engine_version": "2.7", "rocketmq_enable": False}),
        ({"rocketmq_enable": True}, {"rocketmq_enable": True}),
    ],
)
def test_kafka_has_a_version_and_rocketmq_none(declared: dict[str, Any], sent: dict[str, Any]) -> None:
    assert v1_mqs(declared) == sent


def test_the_rcu_endpoint_has_mqs_in_its_config() -> None:
    assert v3_config({"ssl_enable": True}) == {"mqs": {"ssl_enable": True}}
    assert v3_config({}) is None


def test_what_means_the_same() -> None:
    assert without_order(["a", "b"], ["b", "a"])
    assert not without_order(["a", "a"], ["a"])
    assert not without_order("ab", "ba")
    assert without_case("platinumXB", "platinumxb")
    assert not without_case("basic", "platinum")
