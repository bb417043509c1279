"""The program's side: what its process tells the plugins of the same run, by `lifecycle.run`.

The constructors of a program run in every case; a hook does not. Light, since a program imports it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import settings

from .. import address

if TYPE_CHECKING:
    from ...lifecycle.run import Run


INSTANCE, _STACK = "pulumi-python:dynamic/roma:Instance", "pulumi:pulumi:Stack"
"""Types, as URNs have them."""


def refers(by: str, instance_id: pulumi.Input[str]) -> None:
    """Note, now or once it is known, that the resource named ``by`` refers to an instance that it does not own.

    An id that comes from the resource which has it is not noted: whoever makes an instance and waits for it in one
    program may replace or destroy both.
    """
    _tell(instance_id, lambda run, known: run.refer(known, by))


def adopts(by: str, parent: pulumi.Resource | None, instance_id: pulumi.Input[str]) -> None:
    """Note that the resource named ``by`` adopts an instance, which another one may hold so far: it was renamed, or it
    was moved, with the same name, to another ``parent``."""

    def note(types: str) -> None:
        _tell(instance_id, lambda run, known: run.adopt(known, f"{types}{INSTANCE}::{by}"))

    if parent is None:
        note("")
    else:
        parent.urn.apply(lambda urn: note(_types(urn)))


def retains(name: str) -> None:
    """Note that the resource of this name has retain_on_delete. The engine tells a plugin nothing of it."""
    with contextlib.suppress(OSError):  # a warning is worded otherwise, no more
        _run(engine_address()).retain(name)


def engine_address() -> str | None:
    """The engine's address, as host:port; the same as plugins of this run are given.

    Why: it is the only thing that both know and no other run has (the SDK has no name for a run).
    Rests on: ``--engine``, with which a language host starts a program; or, in an inline program of the Automation
    API, the channel of the SDK's client of the engine.
    Else: None, as with the SDK's mocks. Nothing is noted, and a reference is seen by the plugin process that checks it.
    """
    return _of_language_host(sys.orig_argv) or _of_client(settings.get_engine())


def _types(parent: str) -> str:
    """What the URNs of a resource's children have before their own type."""
    return f"{parent.split('::')[2]}$".removeprefix(f"{_STACK}$")


def _tell(instance_id: pulumi.Input[str], note_it: Callable[[Run, str], None]) -> None:
    run = _run(engine_address())
    if not run.is_known:
        return
    if isinstance(instance_id, str):
        _note(run, instance_id, note_it)
        return
    output: pulumi.Output[str] = pulumi.Output.from_input(instance_id)

    async def note(known: str) -> str:
        if isinstance(known, str) and known not in await _ids(await output.resources()):
            _note(run, known, note_it)
        return known

    output.apply(note)  # type: ignore[arg-type]


def _of_language_host(arguments: Sequence[str]) -> str | None:
    given = {"--engine": "", "--monitor": ""}
    for at, argument in enumerate(arguments):
        name, written, value = argument.partition("=")
        if name in given and not given[name]:
            given[name] = value if written else next(iter(arguments[at + 1 : at + 2]), "")
    return address.local(given["--engine"]) if given["--monitor"] else None


def _of_client(client: Any) -> str | None:
    try:
        target = client.Log._channel.target()
    except AttributeError:
        return None
    text = target.decode("ascii", "replace") if isinstance(target, bytes) else str(target)
    return address.local(text.rpartition("/")[2])


@functools.cache
def _run(address: str | None) -> Run:
    from ...lifecycle.run import Run

    return Run.none() if address is None else Run.of(os.environ, address)


def _note(run: Run, instance_id: str, note_it: Callable[[Run, str], None]) -> None:
    try:
        note_it(run, instance_id)
    except OSError as error:
        _warn(f"{error.strerror or error}")


@functools.cache
def _warn(reason: str) -> None:
    pulumi.log.warn(
        f"the plugins of this run cannot be told which instances the program refers to ({reason}). With --target, or "
        "under another provider resource, `pulumi up` could delete an instance that the program still refers to. Make "
        "~/.local/state writable, or set XDG_STATE_HOME to a folder that is"
    )


async def _ids(resources: set[pulumi.Resource]) -> set[Any]:
    return {await resource.id.future() for resource in resources if isinstance(resource, pulumi.CustomResource)}
