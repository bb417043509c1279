"""From an instance that exists to the arguments that declare it as it is: the way back of ``requests``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config.keys import PRODUCT_IDS
from .catalogue import INSTANCE
from .columns import Argument
from .kinds import EDITION
from .outputs import live_arguments
from .rules import WINDOWS, Refusal

if TYPE_CHECKING:
    from ..api.models import InstanceDetail

# The default enterprise project, in which an instance is that names none.
_DEFAULT_ENTERPRISE_PROJECT = "0"


def declaration(live: InstanceDetail) -> dict[str, Any]:
    """The arguments of an instance of an edition, in the catalogue's order, without those that count anyway: defaults,
    and what is empty. Where it lives is not among them, nor what the API does not show (``enable_all``, ``mqs``).

    Refusal, with the reason, where no declaration can say what the instance is.
    """
    return declared(live_arguments(live))


def declared(shown: Mapping[str, Any]) -> dict[str, Any]:
    """As :func:`declaration`, of the live values of the arguments."""
    if "product_id" not in shown:
        raise Refusal("it shows no product, so it is made of RCUs, and the API does not show how many")
    found: dict[str, Any] = {}
    for row in INSTANCE.values():
        if row.live is not None and EDITION in row.kinds and (value := _value(row, shown.get(row.name))) is not None:
            found[row.name] = value
    if WINDOWS.get(found.get("maintain_begin", "")) != found.get("maintain_end"):
        # None was ordered: the API then shows the time of the creation, at which no window can begin.
        found = {key: value for key, value in found.items() if key not in ("maintain_begin", "maintain_end")}
    if "product_id" not in found:
        raise Refusal(f"its product is {shown['product_id']!r}, which no program can declare")
    # One of the two. An edition stands for the product that this package knows it by; elsewhere it may be another.
    is_known = PRODUCT_IDS.get(found.get("edition", "")) == found["product_id"]
    return {key: value for key, value in found.items() if key != ("product_id" if is_known else "edition")}


def _value(row: Argument, shown: Any) -> Any:
    """The value to declare; None for an argument to leave out."""
    needed = EDITION in row.required
    if shown in (None, "", 0, []) or (row.name == "enterprise_project_id" and shown == _DEFAULT_ENTERPRISE_PROJECT):
        # A name that is not shown is the resource's own, which nothing contradicts.
        if needed and row.name != "name":
            raise Refusal(f"the API does not show its {row.name}")
        return None
    try:
        value = row.rule(shown)
    except Refusal as error:
        if needed:
            raise Refusal(f"its {row.name} is {shown!r}, which no program can declare ({error.advice})") from error
        return None
    return None if value == row.defaults.get(EDITION) else value
