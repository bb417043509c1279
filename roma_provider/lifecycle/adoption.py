"""Taking over an instance that exists: `adopt_id`, in place of an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import InputError, RomaApiError
from ..schema.kinds import is_rcu
from ..schema.outputs import live_arguments, same
from .access import Target

if TYPE_CHECKING:
    from ..api.models import CreationProgress


def adopted(found: Target, inputs: Mapping[str, Any], *, once: bool = False) -> CreationProgress:
    """The instance that ``adopt_id`` names, if it is what the other arguments say; else InputError. ``once``: the API
    is asked by one attempt."""
    instance_id = found.instance_id
    try:
        progress = found.client.creation_progress(instance_id, once=once)
    except RomaApiError as error:
        if not error.not_found:
            raise
        raise InputError(
            "adopt_id",
            f"there is no instance {instance_id} in {found.where} "
            f"({error}); write the id of one that exists, or remove adopt_id to create one",
        ) from error
    live = live_arguments(progress.instance) if progress.instance else {}
    differing = [
        # Never what is declared, which may be a secret of the program.
        "description differs" if key == "description" else f"{key} is {live[key]!r} there"
        for key, value in sorted(inputs.items())
        if key in live
        and value is not None
        and not same(key, value, live[key])
        # An edition was declared, and its product id only looked up in a table.
        and not (key == "product_id" and inputs.get("edition") and "edition" in live)
    ]
    # Every instance of an edition has shown its product so far (the seed page), and none of RCUs.
    if is_rcu(inputs) and "product_id" in live:
        differing.append(f"it is an instance of product {live['product_id']!r}, not of RCUs")
    elif not is_rcu(inputs) and progress.instance and "product_id" not in live:
        differing.append("it shows no product, so it is an instance of RCUs (rcu), not of an edition")
    if differing:
        raise InputError(
            "adopt_id",
            f"instance {instance_id} is not what is declared: {'; '.join(differing)}. Declare it as it is, then "
            "adopt it",
        )
    return progress
