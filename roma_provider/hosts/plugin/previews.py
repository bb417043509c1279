"""What a preview shows of the outputs: what is known before anything is done. All else is unknown, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lifecycle.declared import is_half_made
from ...schema.catalogue import INSTANCE
from ...schema.diff import difference
from .schema import INSTANCE_TYPE, outputs_of_type
from .wire import UNKNOWN_VALUE


def created(type_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of what is to be created: its arguments, and the id of an instance that is there already."""
    known = dict(inputs)
    if type_ == INSTANCE_TYPE and isinstance(inputs.get("adopt_id"), str):
        known["instance_id"] = inputs["adopt_id"]
    return {**_unknown(type_, known), **known}


def updated(type_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs after an update: those of the state where it changes nothing, else the arguments alone."""
    if type_ == INSTANCE_TYPE:
        changes = difference(olds, news, lambda value: value is UNKNOWN_VALUE).any or is_half_made(olds)
    else:
        changes = is_half_made(olds) or any(olds.get(key) != value for key, value in news.items())
    if not changes:
        return dict(olds)
    known = {key: value for key, value in {**olds, **news}.items() if key in INSTANCE or key == "instance_id"}
    return {**_unknown(type_, known), **known}


def _unknown(type_: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs that the API will show. Of what it does not show, nothing comes but what is declared."""
    return {
        name: UNKNOWN_VALUE
        for name in outputs_of_type(type_)
        if name not in known and (name not in INSTANCE or INSTANCE[name].live is not None)
    }
