"""The rules of examples/policy, on resources as the engine hands them to a pack, in both spellings of properties."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from roma_rules import INSTANCES, RULES, Declared, Rule

from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.nested import MQS
from tests.tools.test_examples import ROOT

RULE = {rule.name: rule for rule in RULES}
DYNAMIC, PLUGIN = INSTANCES
EXAMPLE: dict[str, dict[str, Any]] = json.loads((ROOT / "examples" / "policy" / "config.json").read_text())


class UnknownValueError(Exception):
    """What pulumi_policy raises for a value that a preview does not know."""


class Partly(Mapping[str, Any]):
    """Properties of which some are not known, as pulumi_policy's: only reading one of these raises."""

    def __init__(self, known: Mapping[str, Any], *unknown: str) -> None:
        self._known, self._unknown = known, unknown

    def __getitem__(self, key: str) -> Any:
        if key in self._unknown:
            raise UnknownValueError(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._known, *self._unknown])

    def __len__(self) -> int:
        return len(self._known) + len(self._unknown)


@dataclass
class Options:
    protect: bool = False


@dataclass
class Resource:
    props: Mapping[str, Any] = field(default_factory=dict)
    resource_type: str = DYNAMIC
    stack: str = "prod"
    name: str = "orders"
    opts: Options = field(default_factory=Options)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{self.stack}::shop::example:roma:Fleet${self.resource_type}::{self.name}"

    def get_config(self) -> Mapping[str, Any]:
        return self.config


def found(rule: str, resource: Declared) -> list[str]:
    """What a rule reports of a resource."""
    reported: list[str] = []
    RULE[rule].validate(resource, reported.append)
    return reported


def settings_of(rule: Rule, **given: list[str]) -> dict[str, Any]:
    """The config of a rule as the engine makes it up: the schema's defaults, and what is given."""
    defaults = {key: schema["default"] for key, schema in rule.settings.items() if "default" in schema}
    return {**defaults, **given}


def camel(props: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as the plugin's resources have them."""
    spelled = {}
    for key, value in props.items():
        first, *others = key.split("_")
        spelled[first + "".join(map(str.capitalize, others))] = camel(value) if isinstance(value, dict) else value
    return spelled


@pytest.fixture(params=INSTANCES)
def spelled(request: pytest.FixtureRequest) -> Any:
    """Makes a resource of either type, with the properties in its spelling."""
    token: str = request.param

    def make(**props: Any) -> Resource:
        return Resource(props if token == DYNAMIC else camel(props), token)

    return make


class TestProtected:
    CONFIG = settings_of(RULE["roma-protected"])

    @pytest.mark.parametrize("token", INSTANCES)
    @pytest.mark.parametrize("stack", ["prod", "prod-eu", "eu-prod", "production"])
    def test_an_unprotected_instance_of_a_production_stack(self, stack: str, token: str) -> None:
        [said] = found("roma-protected", Resource(resource_type=token, stack=stack, config=self.CONFIG))
        assert said == (
            f"{stack} is a production stack: set the resource option `protect` to true. To replace or delete the "
            f'instance, write "shop/{stack}/orders" into mayBeReplaced of the pack\'s config.'
        )
        assert not found(
            "roma-protected", Resource(resource_type=token, stack=stack, config=self.CONFIG, opts=Options(protect=True))
        )

    @pytest.mark.parametrize("stack", ["dev", "reproduction", "products"])
    def test_other_stacks(self, stack: str) -> None:
        assert not found("roma-protected", Resource(stack=stack, config=self.CONFIG))

    @pytest.mark.parametrize(
        ("label", "reported"),
        [("shop/prod/orders", 0), ("shop/prod/stock", 1), ("shop/prod-eu/orders", 1), ("orders", 1), ("shop/*/*", 1)],
    )
    def test_a_label_is_of_one_instance_of_one_stack(self, label: str, reported: int) -> None:
        config = settings_of(RULE["roma-protected"], mayBeReplaced=[label])
        assert len(found("roma-protected", Resource(config=config))) == reported

    def test_a_name_with_colons(self) -> None:
        config = settings_of(RULE["roma-protected"], mayBeReplaced=["shop/prod/a::b"])
        assert not found("roma-protected", Resource(name="a::b", config=config))


class TestNoPublicAddress:
    @pytest.mark.parametrize(
        ("props", "words"),
        [
            ({"eip_id": "eip-1"}, "eip_id eip-1 gives"),
            ({"publicip_enable": True}, "publicip_enable gives"),
            ({"mqs": {"enable_publicip": True}}, "enable_publicip of mqs"),
        ],
    )
    def test_each_way_to_one(self, spelled: Any, props: dict[str, Any], words: str) -> None:
        [said] = found("roma-no-public-address", spelled(**props))
        assert said.startswith(words)

    @pytest.mark.parametrize(
        "props",
        [
            {},
            {"publicip_enable": False, "eip_id": None, "mqs": {"enable_publicip": False, "ssl_enable": True}},
            {"mqs": None, "ingress_bandwidth_size": 5},  # counts with public access only
            {"mqs": "yes"},  # the provider refuses it; the rules are asked all the same
        ],
    )
    def test_none(self, spelled: Any, props: dict[str, Any]) -> None:
        assert not found("roma-no-public-address", spelled(**props))

    def test_an_address_that_is_not_known_yet_is_no_pass(self) -> None:
        with pytest.raises(UnknownValueError):
            found("roma-no-public-address", Resource(Partly({}, "eip_id")))

    def test_it_hides_nothing_that_is_known(self) -> None:
        said: list[str] = []
        resource = Resource(Partly({"publicip_enable": True, "mqs": {"enable_publicip": True}}, "eip_id"))
        with pytest.raises(UnknownValueError):
            RULE["roma-no-public-address"].validate(resource, said.append)
        assert len(said) == 2

    def test_the_arguments_are_those_of_the_catalogue(self) -> None:
        words = {row.name for row in INSTANCE.values()} | {row.name for row in MQS}
        assert {word for word in words if "publicip" in word} == {"publicip_enable", "enable_publicip"}
        assert "eip_id" in words


class TestApprovedEditions:
    @staticmethod
    def config(**given: list[str]) -> dict[str, Any]:
        return settings_of(RULE["roma-approved-editions"], **given)

    @pytest.mark.parametrize(
        ("props", "config", "words"),
        [
            ({"edition": "basic", "product_id": "p1"}, {"editions": ["basic"]}, None),
            ({"edition": "platinum", "product_id": "p4"}, {"editions": ["basic"]}, "the edition platinum is not"),
            (
                {"product_id": "p1"},
                {"editions": ["basic"]},
                "the product id p1 is not approved; approved are basic. "
                "Write an edition in its place, or add it to productIds of the pack's config.",
            ),
            ({"product_id": "p1"}, {"editions": [], "productIds": ["p1"]}, None),
            # What stands for an edition may have been changed by the stack's config.
            (
                {"edition": "basic", "product_id": "p4"},
                {"editions": ["basic"], "productIds": ["p1"]},
                "the product id p4 is not approved; approved are basic, p1. Add it to",
            ),
            ({"edition": "basic", "product_id": "p1"}, {"editions": ["basic"], "productIds": ["p1"]}, None),
            ({"rcu": {"total": 5}}, {"editions": ["basic"]}, "an instance by RCU is not"),
            ({"rcu": {"total": 5}}, {"editions": ["rcu"]}, None),
            (
                {"edition": "rcu", "product_id": "p1"},
                {"editions": []},
                "the edition rcu is not approved; approved are none.",
            ),
        ],
    )
    def test_which(self, spelled: Any, props: dict[str, Any], config: dict[str, Any], words: str | None) -> None:
        resource = spelled(**props)
        resource.config = self.config(**config)
        said = found("roma-approved-editions", resource)
        assert [line[: len(words or "")] for line in said] == ([words] if words else [])

    def test_an_edition_that_is_refused_needs_no_product_id(self) -> None:
        said: list[str] = []
        config = self.config(editions=["basic"], productIds=["p1"])
        resource = Resource(Partly({"edition": "platinum"}, "product_id"), config=config)
        with pytest.raises(UnknownValueError):
            RULE["roma-approved-editions"].validate(resource, said.append)
        assert said == ["the edition platinum is not approved; approved are basic, p1."]


class TestApprovedRegions:
    def test_which(self, spelled: Any) -> None:
        resource = spelled(region="cn-east-3")
        resource.config = {"regions": ["cn-north-4", "cn-north-1"]}
        [said] = found("roma-approved-regions", resource)
        assert said == "the region cn-east-3 is not approved; approved are cn-north-4, cn-north-1."
        resource.config = {"regions": ["cn-east-3"]}
        assert not found("roma-approved-regions", resource)

    def test_one_that_is_not_known_yet_is_no_pass(self) -> None:
        with pytest.raises(UnknownValueError):
            found("roma-approved-regions", Resource(Partly({}, "region"), config={"regions": []}))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_other_resources_are_let_pass(rule: Rule) -> None:
    # Without a config: a rule that looked would fail.
    props = {"eip_id": "eip-1", "region": "mars", "edition": "huge"}
    assert not found(rule.name, Resource(props, "pulumi-python:dynamic/roma:ExistingInstance"))
    assert not found(rule.name, Resource(props, "aws:s3:Bucket"))


def test_the_config_file_that_is_shipped() -> None:
    """It sets what has to be set, and nothing that no rule reads."""
    for rule in RULES:
        assert set(rule.required) <= EXAMPLE.get(rule.name, {}).keys() <= rule.settings.keys()
    assert EXAMPLE.keys() <= RULE.keys()
    assert EXAMPLE["roma-protected"] == settings_of(RULE["roma-protected"])


def test_its_page_has_each_rule_with_its_settings() -> None:
    page = (ROOT / "examples" / "policy" / "README.md").read_text(encoding="utf-8")
    rows = {row[0]: row[-1] for row in re.findall(r"^\| `(roma-[\w-]+)` \|(.*)\|(.*)\|$", page, re.MULTILINE)}
    assert {name: re.findall(r"`(\w+)`", settings) for name, settings in rows.items()} == {
        rule.name: list(rule.settings) for rule in RULES
    }


def test_the_pack_without_its_environment_says_how_to_make_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "policy" / "pack", tmp_path)
    ran = subprocess.run([tmp_path / "pack", "127.0.0.1:1"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt" in ran.stderr
