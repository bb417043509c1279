"""The inputs of an instance that is imported: the arguments that declare it as it is, as check leaves them.

Of them `pulumi import` writes a program, whose preview then shows no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...schema.catalogue import INSTANCE
from ...schema.check import check
from ...schema.declaration import declared
from ...schema.rules import Refusal

if TYPE_CHECKING:
    from ...lifecycle.session import Session
    from .call import Call

_PLACE = ("region", "project_id")


def inputs_of(session: Session, call: Call, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of the instance that has these outputs. InputError where no program can declare it.

    Its product is declared, not its edition, beside which check would write the product too. What check refuses of
    what the API shows is left out: such as a maintenance window that nobody has ordered.
    """
    shown = {key: outputs[key] for key, row in INSTANCE.items() if row.live is not None and key in outputs}
    try:
        found = declared(shown)
    except Refusal as refusal:
        raise InputError("id", f"this instance cannot be imported: {refusal}. Write adopt_id to take it over") from None
    found = {**found, "product_id": shown["product_id"]}
    found.pop("edition", None)
    place = {key: outputs[key] for key in _PLACE}
    checked = check(place, {**found, **place}, session.sign_in, call.is_unknown)
    refused = {key for key, _ in checked.failures} & found.keys()
    if refused:
        kept = {key: value for key, value in found.items() if key not in refused}
        checked = check(place, {**kept, **place}, session.sign_in, call.is_unknown)
    return checked.inputs


def reference_of(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a reference to it: its id, and where it lives."""
    return {key: outputs[key] for key in ("instance_id", *_PLACE)}
