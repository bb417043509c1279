"""What stands beside the catalogue, held against it: a failure says which line is missing in which file."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from roma_provider import ExistingInstance, Instance, InstanceArgs
from roma_provider.api import models
from roma_provider.emulator import PROJECT_ID, Emulator
from roma_provider.resources import args, output_types
from roma_provider.schema.catalogue import ARGUMENTS, EXISTING, INSTANCE, defaults, own, required
from roma_provider.schema.columns import Argument, Change, Field, Resource, Sent
from roma_provider.schema.descriptions import argument_words, field_words, output_words, page_name, text_words
from roma_provider.schema.fields import COMPUTED, KNOWN_BEFORE, OMITTED, OUTPUTS, Output, Part, outputs_of
from roma_provider.schema.kinds import BOTH, EDITION, RCU, Kind
from roma_provider.schema.nested import MQS, RCUS, SHARE
from roma_provider.schema.requests import request_of
from tests.support.emulator import Api
from tests.support.written import Attribute, attributes, differences, file_of

NESTED: dict[str, tuple[Field, ...]] = {"Mqs": MQS, "Rcu": RCUS, "RcuShare": SHARE, "RcuIndicator": SHARE[0].fields}
BODIES: dict[Kind, type[BaseModel]] = {EDITION: models.CreateInstanceRequest, RCU: models.CreateRcuInstanceRequest}
RECEIVED = {"str": "Text", "int": "Number", "bool": "Flag", "Sequence[str]": "Names"}
POSTS = {EDITION: f"/v1/{PROJECT_ID}/instances", RCU: f"/v3/{PROJECT_ID}/roma/instances"}


def hold(said: list[str]) -> None:
    if said:
        pytest.fail("\n".join(said), pytrace=False)


def is_needed(row: Argument) -> bool:
    """Whether every program has to write it; the resource itself fills in what else is required."""
    return bool(row.required) and not row.left_out


def given(type_: str) -> str:
    """A type as an argument has it."""
    for name in NESTED:
        type_ = re.sub(rf"\b{name}\b", f"{name}Args", type_)
    type_ = re.sub(r"Sequence\[(.+)\]", r"Sequence[Input[\1]]", type_)
    return f"Input[{type_}]"


# --- the catalogue itself


def test_each_row_says_all_that_there_is_to_say() -> None:
    assert len({row.name for row in ARGUMENTS}) == len(ARGUMENTS)
    for row in ARGUMENTS:
        assert row.rule(row.example) == row.example, f"the example of {row.name} is refused or changed by its rule"
        assert row.doc.endswith("."), row.name
        assert set(row.required) <= set(row.kinds), row.name
        assert row.defaults.keys() <= set(row.kinds) - set(row.required), row.name
        assert all(row.rule(value) == value for value in row.defaults.values()), row.name
        assert set(row.sent or ()) <= set(row.kinds), row.name
        assert not (row.type in NESTED) ^ bool(row.fields), row.name
        assert all(row.example != value for value in row.defaults.values()), row.name


def test_what_each_kind_of_instance_takes() -> None:
    assert required(EDITION) == ("name", "available_zones", "vpc_id", "subnet_id", "security_group_id")
    assert required(RCU) == ("name", "available_zones", "vpc_id", "subnet_id", "rcu")
    assert defaults(EDITION) == {"cpu_architecture": "x86_64", "ipv6_enable": False, "enable_all": True}
    assert defaults(RCU) == {"cpu_architecture": "x86_64", "charge_type": "postPaid", "publicip_enable": False}
    assert own(RCU) == {"rcu", "charge_type", "publicip_enable", "scope"}
    assert own(EDITION) == {
        *("product_id", "edition", "security_group_id", "ipv6_enable", "enable_all", "eip_id"),
        *("maintain_begin", "maintain_end"),
    }


def test_what_a_change_means_stays() -> None:
    meant: dict[Change, set[str]] = {
        Change.REPLACE: {
            *("product_id", "edition", "available_zones", "vpc_id", "subnet_id", "security_group_id"),
            *("cpu_architecture", "region", "project_id"),
        },
        Change.CONSOLE: {
            *("name", "description", "maintain_begin", "maintain_end", "eip_id", "ingress_bandwidth_size"),
            *("enterprise_project_id", "charge_type"),
        },
        Change.UNSEEN: {"rcu", "publicip_enable"},
        Change.SETTLED: {"ipv6_enable", "enable_all", "mqs", "scope"},
        Change.NONE: {"adopt_id"},
        Change.HERE: {"wait"},
    }
    for change, arguments in meant.items():
        assert {key: INSTANCE[key].change for key in arguments} == dict.fromkeys(arguments, change)


LIGHT = """
import sys
import roma_provider.schema.catalogue, roma_provider.schema.descriptions, roma_provider.schema.fields
print(sorted({name.partition(".")[0] for name in sys.modules} & {"requests", "urllib3", "pydantic", "fastapi"}))
"""


def test_reading_it_loads_neither_requests_nor_pydantic() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- what a program writes


def test_the_class_of_arguments() -> None:
    hold(
        differences(
            InstanceArgs,
            {
                key: Attribute(given(row.type), argument_words(row))
                if row.required == BOTH and is_needed(row)
                else Attribute(f"{given(row.type)} | None", argument_words(row), "None")
                for key, row in INSTANCE.items()
            },
        )
    )


KEYWORDS = {
    "_Needed": (True, BOTH),
    "_Common": (False, BOTH),
    "_EditionNeeded": (True, (EDITION,)),
    "EditionArguments": (False, (EDITION,)),
    "_RcuNeeded": (True, (RCU,)),
    "RcuArguments": (False, (RCU,)),
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_the_keywords_of_each_kind(name: str) -> None:
    needed, kinds = KEYWORDS[name]
    rows = {key: row for key, row in INSTANCE.items() if row.kinds == kinds and is_needed(row) is needed}
    hold(
        differences(
            getattr(args, name),
            {key: Attribute(given(row.type) + ("" if needed else " | None")) for key, row in rows.items()},
        )
    )


@pytest.mark.parametrize("kind", BOTH)
def test_the_keywords_of_a_kind_are_all_that_it_takes(kind: Kind) -> None:
    keywords: Any = {EDITION: args.EditionArguments, RCU: args.RcuArguments}[kind]
    taken = {key: row for key, row in INSTANCE.items() if kind in row.kinds}
    assert keywords.__annotations__.keys() == taken.keys()  # what is missing: the test above
    assert keywords.__required_keys__ == {key for key, row in taken.items() if is_needed(row)}


def test_the_arguments_of_an_existing_instance() -> None:
    where = f"ExistingInstance.__init__ of {file_of(ExistingInstance)}"
    signature = inspect.signature(ExistingInstance.__init__)
    found = {key: parameter for key, parameter in signature.parameters.items() if parameter.kind.name == "KEYWORD_ONLY"}
    assert found.pop("opts")
    said = [f"write {key} into {where}" for key in EXISTING if key not in found]
    said += [f"take {key} out of {where}, or write a row for it" for key in found if key not in EXISTING]
    said += [
        f"give {key} in {where} a default or none"
        for key in EXISTING.keys() & found.keys()
        if is_needed(EXISTING[key]) is not (found[key].default is inspect.Parameter.empty)
    ]
    hold(said)


@pytest.mark.parametrize("name", NESTED)
def test_the_objects_in_arguments_and_outputs(name: str) -> None:
    rows = NESTED[name]
    written = {field.name: Attribute(given(field.type), field_words(field)) for field in rows}
    shown = {field.name: Attribute(shown_type(field.type, field.required), field_words(field)) for field in rows}
    hold(differences(getattr(args, f"{name}Args"), written) + differences(getattr(output_types, name), shown))
    assert getattr(args, f"{name}Args").__total__ is all(field.required for field in rows)


# --- the outputs


def shown_type(type_: str, always: bool) -> str:
    return type_ if always else f"{type_} | None"


def computed(rows: Iterable[Output]) -> dict[str, tuple[str, str]]:
    """The outputs of these rows: type and words."""
    found = {}
    for row in rows:
        found[row.name] = (shown_type(row.type, row.always), row.doc)
        if row.time:
            found[row.text] = ("str | None", text_words(row))
    return found


def test_the_outputs() -> None:
    live: dict[str, Attribute] = {}
    declared: dict[str, Attribute] = {}
    for key, row in INSTANCE.items():
        attribute = Attribute(f"Output[{shown_type(row.type, row.always)}]", output_words(row))
        (declared if row.live is None and not row.always else live)[key] = attribute
    for key, (type_, words) in computed(outputs_of(Part.INSTANCE, Part.CREATION)).items():
        live[key] = Attribute(f"Output[{type_}]", words)
    inner = attributes(output_types.InstanceOutputs).keys() - Instance.__annotations__.keys()
    assert inner == set()
    hold(differences(output_types.InstanceOutputs, live) + differences(Instance, declared))
    assert set(Instance.__annotations__) == {*INSTANCE, *COMPUTED}


def test_the_outputs_of_a_sub_service() -> None:
    rows = computed(outputs_of(Part.SERVICE))
    hold(differences(output_types.Service, {key: Attribute(*row) for key, row in rows.items()}))


# --- what is sent and received


def sent_rows(kind: Kind) -> dict[str, tuple[Argument, Sent]]:
    """The arguments by the names under which they are sent."""
    sent = [(row, row.sent_to(kind)) for row in INSTANCE.values()]
    return {found.name: (row, found) for row, found in sent if found is not None}


def lacking(model: type[BaseModel], expected: Mapping[str, str], row: str) -> list[str]:
    """What to write into a model, which has to have these fields, and what has no row."""
    where = f"class {model.__name__} of {file_of(model)}"
    found = model.model_fields
    said = [f"write into {where}:\n    {name}: {what}" for name, what in expected.items() if name not in found]
    return said + [f"{where} has {name}: write {row}, or take it out" for name in found if name not in expected]


def in_body(type_: str, needed: bool) -> str:
    """The type of a field that is sent."""
    sent = type_.replace("Sequence", "list")
    return sent if needed else f"{sent} | None = None"


def in_answer(type_: str) -> str:
    """The type of a field that is received."""
    return f"{RECEIVED.get(type_, '…')} = None"


@pytest.mark.parametrize("kind", BOTH)
def test_the_models_of_the_bodies(kind: Kind) -> None:
    expected = {name: in_body(row.type, kind in row.required) for name, (row, _) in sent_rows(kind).items()}
    hold(lacking(BODIES[kind], expected, "a row that is sent so (schema/catalogue.py)"))
    needed = {name for name, (row, _) in sent_rows(kind).items() if kind in row.required}
    model = BODIES[kind].model_fields
    assert needed <= {name for name, field in model.items() if field.is_required()}
    assert {name for name, field in model.items() if field.is_required()} <= needed | {
        "product_id",  # or an edition
        *(name for name, (row, _) in sent_rows(kind).items() if kind in row.defaults),
    }


def test_the_models_of_the_objects_in_the_bodies() -> None:
    bodies: dict[type[BaseModel], Iterable[Field]] = {
        models.MqsRequest: [field for field in MQS if EDITION in field.kinds],
        models.MqsConfig: [field for field in MQS if RCU in field.kinds],
        models.RcuRequest: RCUS,
        models.RcuShare: SHARE,
        models.RcuIndicator: SHARE[0].fields,
    }
    for model, rows in bodies.items():
        expected = {field.name: in_body(field.type, field.required) for field in rows}
        hold(lacking(model, expected, "a row for it (schema/nested.py)"))


@pytest.mark.parametrize("part", Part)
def test_the_models_of_the_answer(part: Part) -> None:
    rows = [row for row in outputs_of(part) if not row.of]
    expected = {row.name: in_answer(row.type) for row in rows} | dict.fromkeys(OMITTED[part], in_answer(""))
    assert len(expected) == len(rows) + len(OMITTED[part])
    if part is Part.INSTANCE:
        expected |= dict.fromkeys(KNOWN_BEFORE, in_answer("str"))
        for key, row in INSTANCE.items():
            expected |= dict.fromkeys(row.live.fields if row.live else (), f"for argument {key}, {row.type}")
    hold(lacking(getattr(models, part.value), expected, "a row for it (schema/fields.py), or the reason why not"))


def test_the_names_of_the_page() -> None:
    for row in INSTANCE.values():
        for field in row.live.fields if row.live is not None else ():
            assert page_name(field) == models.InstanceDetail.model_fields[field].alias


# --- the emulator


def examples(kind: Kind) -> dict[str, Any]:
    """All that a kind of instance takes, none of it a default."""
    return {key: row.example for key, row in INSTANCE.items() if kind in row.kinds}


def body_of(kind: Kind) -> dict[str, Any]:
    """The body for all the examples."""
    model = BODIES[kind]
    try:
        return request_of(examples(kind)).model_dump(exclude_none=True)
    except ValidationError as error:
        refused = str(error)
    return pytest.fail(f"class {model.__name__} of {file_of(model)} refuses an example: {refused}", pytrace=False)


@pytest.fixture(scope="module")
def api() -> Any:
    with Emulator(creation_seconds=0, list_lag_seconds=0) as running:
        yield Api(running.url)


@pytest.mark.parametrize("kind", BOTH)
def test_the_emulator_takes_and_shows_every_argument(api: Api, kind: Kind) -> None:
    body = body_of(kind)
    unsent = [name for name in sent_rows(kind) if name not in body]
    assert not unsent, f"request_of leaves out {unsent}"
    answer = api.call("POST", POSTS[kind], json=body)
    if answer.status_code != 200:
        where = "roma_provider/emulator/core/orders.py"
        pytest.fail(f"write the parameter into {where}; the emulator says: {answer.text}", pytrace=False)
    detail = models.InstanceDetail.model_validate(api.process(answer.json()["instance_id"])["instance"])
    hold(
        [
            f"show {name} as {' and '.join(row.live.fields)} in roma_provider/emulator/core/orders.py: "
            f"{row.example!r} was sent, {row.live(detail)!r} is shown"
            for name, (row, _) in sent_rows(kind).items()
            if row.live is not None and not row.same(row.live(detail), row.example)
        ]
    )


def test_an_existing_instance_shares_its_place_with_an_instance() -> None:
    assert set(EXISTING) - set(INSTANCE) == {"instance_id"}
    assert {row.name for row in OUTPUTS if row.part is not Part.SERVICE} & INSTANCE.keys() == set()
    assert all(row.of for row in ARGUMENTS)
    assert [resource.value for resource in Resource] == [Instance.__name__, ExistingInstance.__name__]
