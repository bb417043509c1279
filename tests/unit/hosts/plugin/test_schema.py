"""The schema against the catalogue and the settings, and against the file that is kept of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roma_provider import __version__
from roma_provider.config.keys import SECRETS, SETTINGS
from roma_provider.hosts.plugin import schema as module
from roma_provider.hosts.plugin.names import camel
from roma_provider.hosts.plugin.schema import EXISTING_TYPE, GET_INSTANCE, INSTANCE_TYPE, schema
from roma_provider.resources.args import InstanceArgs
from roma_provider.resources.existing_instance import ExistingInstance
from roma_provider.resources.instance import Instance
from tests.support.written import ROOT

FILE = Path(ROOT, "sdk", "schema.json")
SCHEMA = schema(__version__)
OWNED, REFERENCED = (SCHEMA["resources"][type_] for type_ in (INSTANCE_TYPE, EXISTING_TYPE))


def test_the_file_is_what_the_plugin_answers() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == SCHEMA, "run `make docs-tables`"


@pytest.mark.parametrize(("spec", "cls"), [(OWNED, Instance), (REFERENCED, ExistingInstance)])
def test_the_outputs_are_those_of_the_python_classes(spec: dict[str, Any], cls: type) -> None:
    assert spec["properties"].keys() == set(map(camel, cls.__annotations__))
    never_none = {camel(name) for name, type_ in cls.__annotations__.items() if "None" not in str(type_)}
    assert set(spec["required"]) == never_none


def test_the_arguments_are_those_of_the_python_classes() -> None:
    assert OWNED["inputProperties"].keys() == set(map(camel, InstanceArgs.__annotations__))
    assert OWNED["requiredInputs"] == ["availableZones", "vpcId", "subnetId"]
    assert list(REFERENCED["inputProperties"]) == ["name", "region", "projectId", "instanceId"]
    assert REFERENCED["requiredInputs"] == []


def test_epoch_milliseconds_are_numbers() -> None:
    """`integer` has 32 bits in .NET."""
    services = SCHEMA["types"]["roma:index:Service"]["properties"]
    for spec in (OWNED["properties"], services):
        assert spec["startTime"]["type"] == "number"
        assert spec["progress"]["type"] == "integer"
    assert OWNED["properties"]["createdAt"]["type"] == "number"


def test_what_replaces_says_so_and_leaves_the_decision_to_diff() -> None:
    replacing = {name for name, spec in OWNED["inputProperties"].items() if spec.get("willReplaceOnChanges")}
    assert replacing == {
        "productId",
        "edition",
        "availableZones",
        "vpcId",
        "subnetId",
        "securityGroupId",
        "cpuArchitecture",
        "region",
        "projectId",
    }
    assert "replaceOnChanges" not in FILE.read_text(encoding="utf-8")


def test_nothing_refers_to_a_type_that_is_not_there() -> None:
    text = json.dumps(SCHEMA)
    referred = {part.split('"')[0] for part in text.split("#/types/")[1:]}
    assert referred == SCHEMA["types"].keys()


def test_the_settings_and_which_of_them_are_secret() -> None:
    variables = SCHEMA["config"]["variables"]
    assert variables == SCHEMA["provider"]["inputProperties"]
    assert [f"roma:{name}" for name in variables] == [key.config for key in SETTINGS if key.config]
    assert [f"roma:{name}" for name, spec in variables.items() if spec.get("secret")] == [key.name for key in SECRETS]
    assert all("environment" not in spec.get("defaultInfo", {}) for spec in variables.values())


def test_a_stack_of_the_dynamic_provider_moves_over() -> None:
    assert OWNED["aliases"] == [{"type": "pulumi-python:dynamic/roma:Instance"}]
    assert REFERENCED["aliases"] == [{"type": "pulumi-python:dynamic/roma:ExistingInstance"}]


def test_the_function_takes_an_id_or_a_name() -> None:
    function = SCHEMA["functions"][GET_INSTANCE]
    assert list(function["inputs"]["properties"]) == ["id", "name", "region", "projectId"]
    assert function["outputs"]["properties"].keys() == REFERENCED["properties"].keys()
    assert "Replaces" not in json.dumps(function["inputs"])


def test_no_description_has_a_python_program_s_words() -> None:
    said = [part for part in json.dumps(SCHEMA).split('"') if part]
    assert [text for text in said if "``" in text or "_id`" in text or "True" in text] == []
    assert module.outputs_of_type(EXISTING_TYPE)[:2] == ["name", "description"]
