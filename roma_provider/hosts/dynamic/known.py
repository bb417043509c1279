"""None is a value in a preview too, as it is in `up`.

The SDK takes an output that the engine's answer does not hold for unknown in every preview (pulumi#3040). But the
outputs of an instance that does not change are all in the answer, except those that are None: `status` is never None,
so where it is known, they are. In a creation or an update, whose answer has no status, all stays as it was.

Light, since a program imports it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import pulumi
from pulumi.runtime import settings

STATUS = "status"


def know_none(resource: pulumi.Resource, names: Iterable[str]) -> None:
    """Replace each output of these names, in a preview, by one that is None and known where the answer does not hold
    it and holds the status.

    Relies on what the SDK keeps: an output is an attribute of the resource, and tells its resources, its value, whether
    it is known and whether it is secret, of which another one can be made. Else: the outputs stay as they are, and
    those that are None show as unknown in a preview, which then says that what uses them changes.
    """
    if not is_preview():
        return
    try:
        status = vars(resource)[STATUS]
        made = {name: _known(vars(resource)[name], status) for name in names if name != STATUS}
    except (AttributeError, KeyError, TypeError):
        _warn()
        return
    vars(resource).update(made)


def is_preview() -> bool:
    """Whether this run of the program is that of a preview."""
    return settings.is_dry_run()


def _known(output: pulumi.Output[Any], status: pulumi.Output[Any]) -> pulumi.Output[Any]:
    # Each is looked up before any is asked: what is asked and not awaited would be complained about.
    resources, future, is_known, is_secret = output.resources, output.future, output.is_known, output.is_secret
    is_there = status.is_known

    async def known() -> bool:
        # With an unknown inside, a value is not None.
        return await is_known() or (await future(with_unknowns=True) is None and await is_there())

    return pulumi.Output(resources(), future(with_unknowns=True), known(), is_secret())


@functools.cache
def _warn() -> None:
    pulumi.log.warn(
        "this version of the Pulumi SDK is not known to roma_provider: outputs are not where they are expected; those "
        "that are None show as unknown in a preview"
    )
