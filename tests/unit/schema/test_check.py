"""The arguments: what is taken, what is refused in which words, and what each becomes."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from roma_provider.schema.catalogue import INSTANCE, defaults, own, required
from roma_provider.schema.check import check
from roma_provider.schema.kinds import EDITION, RCU
from tests.support.arguments import checked, given
from tests.support.fakes import PROJECT, REGION, Unknown, inputs, is_unknown, plain_sign_in


def failures(**changes: Any) -> list[tuple[str, str]]:
    return checked(**changes).failures


def test_a_good_declaration_with_its_defaults() -> None:
    found = checked()
    assert (found.failures, found.warnings) == ([], [])
    assert found.inputs == inputs()
    assert defaults(EDITION) == {"cpu_architecture": "x86_64", "ipv6_enable": False, "enable_all": True}


def test_what_is_given_goes_before_the_defaults() -> None:
    found = checked(cpu_architecture="aarch64", ipv6_enable=True, enable_all=False)
    assert found.failures == []
    assert found.inputs == inputs(cpu_architecture="aarch64", ipv6_enable=True, enable_all=False)


def test_nothing_given_is_every_problem_at_once() -> None:
    found = check({}, {}, plain_sign_in({}), is_unknown)
    assert [key for key, _ in found.failures] == ["region", "project_id", *required(EDITION), "product_id"]
    words = dict(found.failures)
    for key in required(EDITION):
        assert words[key] == "is missing; every instance needs it"
    assert words["region"] == (
        "no region is given; set one of: argument region, `pulumi config set roma:region cn-north-4`, "
        'environment variable HW_REGION_NAME, input {"roma:region": "cn-north-4"} of a provider resource '
        "(which does not see the stack config)"
    )
    assert words["project_id"] == (
        "no project id is given; set one of: argument project_id, "
        "`pulumi config set roma:projectId c29445cce74b445682de4fcf3102cec4`, environment variable HW_PROJECT_ID, "
        'input {"roma:projectId": "c29445cce74b445682de4fcf3102cec4"} of a provider resource (which does not see the '
        "stack config)"
    )
    assert words["product_id"] == (
        "is missing; write it, or edition as one of basic, professional, enterprise, platinum, platinumXB; or rcu for "
        "an RCU instance"
    )


NOT_EMPTY = "write a text that is not empty, not {!r}"
BANDWIDTH = "write a whole number of Mbit/s from 0 to 1000000, such as 5, not {!r}"
CONTROL = "write it without control characters or line breaks"
WINDOW = "write one of 02:00:00, 06:00:00, 10:00:00, 14:00:00, 18:00:00, 22:00:00 (UTC), not {!r}"
TIME = "write a time as HH:MM:SS, such as 22:00:00, not {!r}"
ZONES = 'write a list of at least one zone id, such as ["az0.dc0"], not {!r}'
WORDS = ("name", "product_id", "vpc_id", "subnet_id", "security_group_id", "enterprise_project_id", "eip_id")

# One value for each thing that a rule says; the values themselves are in test_rules.py.
BAD: list[tuple[str, Any, str]] = [
    *((key, "", NOT_EMPTY) for key in WORDS),
    *((key, 5.0, NOT_EMPTY) for key in WORDS),
    *((key, " x ", "write 'x', without space around it") for key in WORDS),
    *((key, "a\x1b[31m", CONTROL) for key in WORDS),
    ("available_zones", ["az0\n"], CONTROL),
    ("description", 5.0, "write text, not {!r}"),
    ("available_zones", [], ZONES),
    ("available_zones", {"a": "b"}, ZONES),
    ("available_zones", ["a", 5.0], "write a text that is not empty, not 5.0"),
    ("available_zones", ["a", "b", "a"], "write each zone once"),
    *(
        ("cpu_architecture", bad, "write one of 'x86_64', 'aarch64', not {!r}")
        for bad in ("arm", "x86", "", 64.0, ["a"])
    ),
    *((key, bad, "write true or false, not {!r}") for key in ("ipv6_enable", "enable_all") for bad in ("true", 1.0)),
    *(("ingress_bandwidth_size", bad, BANDWIDTH) for bad in (-1.0, math.nan, [5])),
    ("region", "CN North", "write a region id, such as cn-north-4, not {!r}"),
    ("region", 4.0, "write a region id, such as cn-north-4, not {!r}"),
    ("region", "", "write a region id, such as cn-north-4, not {!r}"),
    *(("project_id", bad, f"write a project id, such as {PROJECT}, not {{!r}}") for bad in ("", "short", 5.0)),
    *(
        ("adopt_id", bad, "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {!r}")
        for bad in ("", "short", "b037d389\n", 5.0)
    ),
]


@pytest.mark.parametrize(("key", "bad", "words"), BAD)
def test_a_bad_value_is_refused_under_its_own_property(key: str, bad: Any, words: str) -> None:
    assert failures(**{key: bad}) == [(key, words.format(bad))]


def test_all_problems_are_told_at_once() -> None:
    found = failures(name="", vpc_id=" ", available_zones=[], ipv6_enable="yes", subnet_id=None, colour="red")
    assert {key for key, _ in found} == {"name", "vpc_id", "available_zones", "ipv6_enable", "subnet_id", "colour"}
    assert len(found) == 6


def test_an_argument_that_does_not_exist() -> None:
    assert failures(availability_zones=["a"]) == [
        (
            "availability_zones",
            f"an instance has no such argument; the arguments are: {', '.join(sorted(INSTANCE))}",
        )
    ]


def test_nulls_are_no_arguments() -> None:
    found = check({}, {**given(), "description": None}, plain_sign_in(), is_unknown)
    assert found.failures == []
    assert found.inputs == inputs()


def test_unknown_values_pass_wherever_they_stand() -> None:
    unknown = Unknown()
    for key in INSTANCE.keys() - own(RCU):
        changes: dict[str, Any] = {key: unknown}
        if key == "edition":
            changes["product_id"] = None
        if key in ("maintain_begin", "maintain_end"):
            changes = {"maintain_begin": "22:00:00", "maintain_end": "02:00:00", key: unknown}
        found = checked(**changes)
        assert found.failures == [], key
        assert found.inputs[key] is unknown
    assert failures(available_zones=["a", unknown]) == []
    assert failures(mqs={"engine_version": unknown, "ssl_enable": True}) == []
    assert failures(mqs={"engine_version": unknown, "rocketmq_enable": unknown}) == []


def test_an_unknown_value_hides_no_other_problem() -> None:
    assert [
        key for key, _ in failures(name=Unknown(), vpc_id="", mqs={"ssl_enable": "x", "trace_enable": Unknown()})
    ] == [
        "vpc_id",
        "mqs.ssl_enable",
    ]


@pytest.mark.parametrize(
    ("key", "value", "normal"),
    [
        ("ingress_bandwidth_size", 5.0, 5),
        ("ingress_bandwidth_size", 0.0, 0),
        ("description", "", ""),
        ("available_zones", ["b", "a"], ["b", "a"]),
        ("enterprise_project_id", "0", "0"),
    ],
)
def test_normal_forms(key: str, value: Any, normal: Any) -> None:
    found = checked(**{key: value})
    assert found.failures == []
    assert found.inputs[key] == normal
    assert type(found.inputs[key]) is type(normal)


# --- edition and product id


@pytest.mark.parametrize(
    ("edition", "product"),
    [
        ("basic", "00300-30101-0--0"),
        ("professional", "00300-30102-0--0"),
        ("enterprise", "00300-30103-0--0"),
        ("platinum", "00300-30104-0--0"),
        ("platinumXB", "00300-30105-0--0"),
    ],
)
def test_an_edition_becomes_its_product_id(edition: str, product: str) -> None:
    found = checked(edition=edition, product_id=None)
    assert found.failures == []
    assert found.inputs == inputs(edition=edition, product_id=product)


def test_both_edition_and_product_id() -> None:
    assert failures(edition="basic") == [
        ("edition", "write edition or product_id, not both: the one implies the other")
    ]
    assert [key for key, _ in failures(edition=Unknown())] == ["edition"]


@pytest.mark.parametrize("edition", ["gold", "Basic", "BASIC"])
def test_an_edition_that_is_not_known(edition: str) -> None:
    assert failures(edition=edition, product_id=None) == [
        (
            "edition",
            f"{edition!r} is not known; write one of basic, professional, enterprise, platinum, platinumXB",
        )
    ]


@pytest.mark.parametrize("edition", ["", "  ", 5.0])
def test_an_edition_that_is_no_word_is_one_problem(edition: Any) -> None:
    assert failures(edition=edition, product_id=None) == [("edition", NOT_EMPTY.format(edition))]


def test_product_ids_of_the_stack_config() -> None:
    config = {
        "roma:region": REGION,
        "roma:projectId": PROJECT,
        "roma:productIds": json.dumps({"basic": "00400-30101-0--0", "mine": "p-1"}),
    }
    assert checked(config, edition="basic", product_id=None).inputs["product_id"] == "00400-30101-0--0"
    assert checked(config, edition="mine", product_id=None).inputs["product_id"] == "p-1"
    assert checked(config, edition="platinum", product_id=None).inputs["product_id"] == "00300-30104-0--0"
    [(key, words)] = checked(config, edition="gold", product_id=None).failures
    assert (key, words.endswith("platinum, platinumXB, mine")) == ("edition", True)


@pytest.mark.parametrize("table", ["[", '{"basic": ""}', '{"basic": " "}', '{"basic": 5}', "[" * 100_000])
def test_a_table_of_product_ids_that_cannot_be_read_is_one_problem_beside_the_others(table: str) -> None:
    config = {"roma:region": REGION, "roma:projectId": PROJECT, "roma:productIds": table}
    found = checked(config, edition="basic", product_id=None, name="").failures
    assert [key for key, _ in found] == ["name", "roma:productIds"]


# --- maintenance window


@pytest.mark.parametrize("hour", [2, 6, 10, 14, 18, 22])
def test_windows_in_both_spellings(hour: int) -> None:
    begin, end = f"{hour:02}:00:00", f"{(hour + 4) % 24:02}:00:00"
    found = checked(maintain_begin=begin[:5], maintain_end=end[:5])
    assert found.failures == []
    assert (found.inputs["maintain_begin"], found.inputs["maintain_end"]) == (begin, end)
    assert checked(maintain_begin=begin, maintain_end=end).inputs == found.inputs


@pytest.mark.parametrize(
    ("begin", "end", "problems"),
    [
        ("22:00:00", None, [("maintain_end", "write both maintain_begin and maintain_end, or neither")]),
        (None, "02:00:00", [("maintain_begin", "write both maintain_begin and maintain_end, or neither")]),
        ("22:00:00", "06:00:00", [("maintain_end", "a window is 4 hours long; write 02:00:00")]),
        ("22:00", "22:00", [("maintain_end", "a window is 4 hours long; write 02:00:00")]),
        ("23:00:00", "02:00:00", [("maintain_begin", WINDOW.format("23:00:00"))]),
        ("10pm", "02:00:00", [("maintain_begin", TIME.format("10pm"))]),
        (
            "22:30:00",
            "02:30:00",
            [("maintain_begin", WINDOW.format("22:30:00")), ("maintain_end", WINDOW.format("02:30:00"))],
        ),
    ],
)
def test_windows_that_are_refused(begin: Any, end: Any, problems: list[tuple[str, str]]) -> None:
    assert failures(maintain_begin=begin, maintain_end=end) == problems


# --- mqs


def test_mqs() -> None:
    mqs = {"engine_version": "2.3.0", "ssl_enable": True, "retention_policy": "time_base", "enable_acl": None}
    found = checked(mqs=mqs)
    assert found.failures == []
    assert found.inputs["mqs"] == {"engine_version": "2.3.0", "ssl_enable": True, "retention_policy": "time_base"}
    assert checked(mqs={"rocketmq_enable": True}).failures == []
    assert checked(mqs={"rocketmq_enable": False, "engine_version": "2.7"}).failures == []
    assert checked(mqs={}).failures == []


@pytest.mark.parametrize(
    ("mqs", "problems"),
    [
        ("kafka", [("mqs", "write an object, such as {'engine_version': '2.7'}, not 'kafka'")]),
        ([], [("mqs", "write an object, such as {'engine_version': '2.7'}, not []")]),
        (
            {"engine_version": "3", "ssl_enable": "yes"},
            [
                ("mqs.engine_version", "write one of '2.7', '2.3.0', '1.1.0'"),
                ("mqs.ssl_enable", "write true or false"),
            ],
        ),
        # Quoted, so that it can be told what is wrong with the number that looks the same. Without the value, which
        # the engine does not show either: it may be a secret.
        ({"engine_version": 2.7}, [("mqs.engine_version", "write one of '2.7', '2.3.0', '1.1.0'")]),
        (
            {"retention_policy": "none"},
            [("mqs.retention_policy", "write one of 'produce_reject', 'time_base'")],
        ),
        (
            {"engine_version": "2.7", "rocketmq_enable": True},
            [("mqs.engine_version", "is Kafka's; leave it out where rocketmq_enable is true")],
        ),
        (
            {"engineVersion": "2.7"},
            [
                (
                    "mqs.engineVersion",
                    "mqs has no such field; it has engine_version, rocketmq_enable, enable_publicip, enable_acl, "
                    "ssl_enable, retention_policy, trace_enable, vpc_client_plain, connector_enable",
                )
            ],
        ),
    ],
)
def test_mqs_that_is_refused(mqs: Any, problems: list[tuple[str, str]]) -> None:
    assert failures(mqs=mqs) == problems
