"""What other languages know of the package: Pulumi's schema, made from the catalogue and from the settings.

Names are Pulumi's, descriptions those of the docs. An output is required where it is never None. ``int`` is `integer`,
but for epoch milliseconds, which do not fit the 32 bits of an integer in .NET: they are `number`. A property whose
change replaces says so by `willReplaceOnChanges`; `replaceOnChanges` would have the engine decide it instead of diff,
which knows when another value means the same. sdk/schema.json is what this makes (``make docs-tables``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...config.keys import SETTINGS, Key
from ...schema.catalogue import EXISTING, INSTANCE
from ...schema.columns import Argument, Change, Field
from ...schema.descriptions import argument_words, field_words, output_words, text_words
from ...schema.fields import Output, Part, outputs_of
from ...schema.kinds import BOTH
from .names import camel
from .words import described

PACKAGE = "roma"
INSTANCE_TYPE, EXISTING_TYPE = f"{PACKAGE}:index:Instance", f"{PACKAGE}:index:ExistingInstance"
GET_INSTANCE = f"{PACKAGE}:index:getInstance"
# The same resources of the dynamic provider: a stack that has them moves over without a call that changes anything.
_ALIASES = {
    INSTANCE_TYPE: "pulumi-python:dynamic/roma:Instance",
    EXISTING_TYPE: "pulumi-python:dynamic/roma:ExistingInstance",
}
_CONFIG = f"{PACKAGE}:"

_SCALARS = {"str": "string", "int": "integer", "bool": "boolean"}
_TYPE_WORDS = {
    "Mqs": "The message queue service (MQS) of an instance: Kafka, unless `rocketmqEnable`.",
    "Rcu": "ROMA compute units: `total`, `distribution`, or both.",
    "RcuShare": "The RCUs of one capability.",
    "RcuIndicator": "A capability that RCUs are given to, such as composite application flows or API management.",
    "Service": "A sub-service of an instance, such as mqs, lvs, apic, fdi or link.",
}
_DESCRIPTION = "Huawei Cloud ROMA Connect instances: created, waited for, read and deleted."
_INSTANCE_WORDS = "A ROMA Connect instance that this stack owns: created with it, deleted with it."
_EXISTING_WORDS = (
    "A ROMA Connect instance that is made elsewhere (the console, an order, Terraform, another stack). `pulumi up` "
    "waits until it is ready; `refresh` reads it; `destroy` forgets it. Nothing ever deletes it."
)
_GET_WORDS = (
    "An instance that this stack does not own, by its id or its name; whatever its status, it is not waited for."
)
_GET_INPUTS: Mapping[str, str] = {
    "id": "The instance's id. That it does not exist is an error.",
    "name": "Its name, in place of the id: none or several of that name are an error.",
}

_Spec = dict[str, Any]
# What the generators of the SDKs need to know; their version is the package's.
# OWNER is to be replaced when the repository has a public place, as in pyproject.toml.
_PLACE = "github.com/OWNER/roma-provider"
_README = f"""\
Huawei Cloud ROMA Connect instances in Pulumi. The resources are those of the plugin `pulumi-resource-roma`:
https://{_PLACE}/blob/main/docs/languages.md says how Pulumi finds it, and has an example.
"""
_LANGUAGES: Mapping[str, _Spec] = {
    "go": {
        "modulePath": f"{_PLACE}/sdk/go",
        "importBasePath": f"{_PLACE}/sdk/go/roma",
        "respectSchemaVersion": True,
    },
    "nodejs": {
        "packageName": "pulumi-roma",
        "packageDescription": _DESCRIPTION,
        "readme": _README,
        "typescriptVersion": "^5.0.0",
        "respectSchemaVersion": True,
    },
    "python": {
        "packageName": "pulumi_roma",
        "readme": _README,
        "pythonRequires": ">=3.10",
        "pyproject": {"enabled": True},
        "respectSchemaVersion": True,
    },
}


def schema(version: str) -> _Spec:
    """The schema of the package in this version, as GetSchema answers it."""
    settings = {key.config.removeprefix(_CONFIG): _setting(key) for key in SETTINGS if key.config is not None}
    return {
        "name": PACKAGE,
        "displayName": "ROMA Connect",
        "version": version,
        "description": _DESCRIPTION,
        "keywords": ["pulumi", "huawei-cloud", "roma-connect", "category/cloud"],
        "license": "Apache-2.0",
        "homepage": f"https://{_PLACE}",
        "repository": f"https://{_PLACE}",
        "config": {"variables": settings},
        "provider": {"description": "Where the API is, and as whom it is asked.", "inputProperties": settings},
        "types": dict(_types()),
        "resources": {
            INSTANCE_TYPE: {
                **_resource(INSTANCE_TYPE, _INSTANCE_WORDS, INSTANCE),
                "stateInputs": {"properties": {camel(key): _input(INSTANCE[key]) for key in ("region", "project_id")}},
            },
            EXISTING_TYPE: _resource(EXISTING_TYPE, _EXISTING_WORDS, EXISTING),
        },
        "functions": {GET_INSTANCE: _get_instance()},
        "language": _LANGUAGES,
    }


def outputs_of_type(type_: str) -> list[str]:
    """The outputs of a type of resource, by this package's names."""
    return list(_outputs(type_ == INSTANCE_TYPE))


def _resource(type_: str, words: str, rows: Mapping[str, Argument]) -> _Spec:
    outputs = _outputs(type_ == INSTANCE_TYPE)
    return {
        "description": words,
        "properties": {camel(name): spec for name, (spec, _) in outputs.items()},
        "required": [camel(name) for name, (_, always) in outputs.items() if always],
        "inputProperties": {camel(name): _input(row) for name, row in rows.items()},
        "requiredInputs": [camel(name) for name, row in rows.items() if row.required == BOTH and not row.left_out],
        "aliases": [{"type": _ALIASES[type_]}],
    }


def _get_instance() -> _Spec:
    outputs = _outputs(owned=False)
    place = {camel(key): _input(INSTANCE[key]) for key in ("region", "project_id")}
    for spec in place.values():
        spec.pop("willReplaceOnChanges")
        spec["description"] = spec["description"].removesuffix(" Replaces.")
    given = {name: {"type": "string", "description": words} for name, words in _GET_INPUTS.items()}
    return {
        "description": _GET_WORDS,
        "inputs": {"properties": {**given, **place}},
        "outputs": {
            "properties": {camel(name): spec for name, (spec, _) in outputs.items()},
            "required": [camel(name) for name, (_, always) in outputs.items() if always],
        },
    }


def _input(row: Argument) -> _Spec:
    spec = _spec(row.type, argument_words(row))
    return {**spec, "willReplaceOnChanges": True} if row.change is Change.REPLACE else spec


def _outputs(owned: bool) -> dict[str, tuple[_Spec, bool]]:
    """The outputs, and whether each is always there. What the API does not show has a resource alone that declares it;
    where an instance lives is known of each."""
    found: dict[str, tuple[_Spec, bool]] = {}
    for name, row in INSTANCE.items():
        if owned or row.live is not None or row.always:
            found[name] = _spec(row.type, output_words(row)), row.always
    for output in outputs_of(Part.INSTANCE, Part.CREATION):
        found |= _rows(output)
    return found


def _rows(row: Output) -> dict[str, tuple[_Spec, bool]]:
    """What a row of the outputs makes: a time is there twice."""
    found = {row.name: (_spec("number" if row.time else row.type, row.doc), row.always)}
    if row.time:
        found[row.text] = _spec("str", text_words(row)), False
    return found


def _types() -> Iterator[tuple[str, _Spec]]:
    for row in INSTANCE.values():
        yield from _nested(row.type, row.fields)
    rows: dict[str, tuple[_Spec, bool]] = {}
    for output in outputs_of(Part.SERVICE):
        rows |= _rows(output)
    properties = {name: spec for name, (spec, _) in rows.items()}
    yield _object("Service", properties, [name for name, (_, always) in rows.items() if always])


def _nested(type_: str, fields: Iterable[Field]) -> Iterator[tuple[str, _Spec]]:
    fields = tuple(fields)
    if not fields:
        return
    properties = {field.name: _spec(field.type, field_words(field)) for field in fields}
    yield _object(_item(type_), properties, [field.name for field in fields if field.required])
    for field in fields:
        yield from _nested(field.type, field.fields)


def _object(name: str, properties: Mapping[str, _Spec], required: Iterable[str]) -> tuple[str, _Spec]:
    return f"{PACKAGE}:index:{name}", {
        "type": "object",
        "description": _TYPE_WORDS[name],
        "properties": {camel(key): spec for key, spec in properties.items()},
        "required": [camel(key) for key in required],
    }


def _item(type_: str) -> str:
    """``RcuShare`` of ``Sequence[RcuShare]``."""
    found = re.fullmatch(r"Sequence\[(\w+)\]", type_)
    return found[1] if found else type_


def _spec(type_: str, words: str) -> _Spec:
    spec = _type(type_)
    return {**spec, "description": described(words)} if words else spec


def _type(type_: str) -> _Spec:
    item = _item(type_)
    if item != type_:
        return {"type": "array", "items": _type(item)}
    if type_ == "number":
        return {"type": "number"}
    return {"type": _SCALARS[type_]} if type_ in _SCALARS else {"$ref": f"#/types/{PACKAGE}:index:{type_}"}


def _setting(key: Key) -> _Spec:
    variables = f" Else the environment variable {' or '.join(key.variables)}." if key.variables else ""
    default = f" Default: {key.default}." if key.default else ""
    words = f"{key.doc[:1].upper()}{key.doc[1:]}.{default}{variables}"
    found: _Spec = {"type": "string", "description": described(words)}
    return {**found, "secret": True} if key.secret else found
