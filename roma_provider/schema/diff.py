"""What a change of arguments means: nothing, an update, or a replacement.

Replacing deletes an instance with everything in it, so only what can never be changed in place replaces.
No API to change an instance is published; what the console can change is an update that looks again and
otherwise says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict, verdict
from ..errors import InputError
from .catalogue import INSTANCE
from .columns import Change
from .kinds import is_rcu
from .outputs import live_arguments, same
from .rules import has_unknown
from .written import ABSENT

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from .details import Detail


@dataclass(frozen=True)
class Difference:
    """How a declaration differs from the state: what replaces the instance, what would update it, and of the
    latter what is not known yet. ``resumes``: an update has to look, whatever is declared: the instance is not
    ready, or what was written has no value. ``lines`` are what a preview shows, by path (``details``)."""

    replaces: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    resumes: bool = False
    lines: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(self.replaces or self.updates or self.resumes)

    @property
    def keys(self) -> list[str]:
        """Every argument that differs."""
        return sorted({*self.replaces, *self.updates})


def difference(olds: Mapping[str, Any], news: Mapping[str, Any], is_unknown: Callable[[Any], bool]) -> Difference:
    """Compare the outputs of the state, ``olds``, with checked arguments, ``news``.

    An argument that was taken away is no difference: it stays as it is, since nothing can change it. A value
    that is not known yet is an update at most: a preview must not cry replacement for what may be equal.
    """
    if news.get(ABSENT):
        # An update at most, which refuses them: what they will be is not known, and nothing is replaced for that.
        return Difference(resumes=True)
    if is_rcu(olds) != is_rcu(news):
        return Difference(["rcu"])
    replaces: list[str] = []
    updates: list[str] = []
    unknown: list[str] = []
    for key, new in sorted(news.items()):
        if key.startswith("__") or new is None or not _change(key).is_difference:
            continue
        if has_unknown(new, is_unknown):
            updates.append(key)
            unknown.append(key)
        elif key == "product_id" and "edition" in news:
            continue  # the edition stands for it
        elif not _alike(key, news, olds):
            (replaces if _change(key) is Change.REPLACE else updates).append(key)
    if not replaces and verdict(str(olds.get("status") or "")) is Verdict.FAILED:
        replaces = ["status"]
    return Difference(replaces, updates, unknown)


def _alike(key: str, news: Mapping[str, Any], olds: Mapping[str, Any]) -> bool:
    alike = same(key, news[key], olds.get(key))
    if key == "edition":
        # Product ids differ by environment, and the API may have another word for an edition: one is enough.
        return alike or same("product_id", news.get("product_id"), olds.get("product_id"))
    return alike


def foretell(urn: str | None, instance_id: str, found: Difference) -> str | None:
    """What a preview has to say of an update: that no API can make it; None if there is nothing to say."""
    keys = [key for key in found.updates if key not in found.unknown]
    if found.replaces or not keys:
        return None
    return _ways(urn, instance_id, keys, ahead=True)


def refuse_unmet(
    urn: str | None,
    instance_id: str,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    progress: CreationProgress,
) -> None:
    """InputError if the instance is not what ``news`` says; where the API does not show an argument, what
    the state says of it, ``olds``, counts."""
    actual = {**olds, **(live_arguments(progress.instance) if progress.instance else {})}
    unmet = difference(actual, news, lambda _value: False).updates
    if not unmet:
        return
    raise InputError(
        unmet[0],
        # No values: any of them may be a secret of the program. A preview, which knows which are, shows them.
        f"instance {instance_id} is not as declared in {_names(unmet)} (`pulumi refresh`, then `pulumi preview "
        f"--diff`, show how). {_ways(urn, instance_id, unmet, ahead=False)}. "
        f"`pulumi up --replace '{urn or 'URN'}'` makes a new instance, which deletes this one with everything in it",
    )


def _ways(urn: str | None, instance_id: str, keys: Sequence[str], *, ahead: bool) -> str:
    """Why these arguments cannot be changed from here, and what to do; ``ahead`` of `up`, or after it failed."""
    console, unseen = _names(_of(keys, Change.CONSOLE)), _names(_of(keys, Change.UNSEEN))
    settled = _names([key for key in keys if _change(key) not in (Change.CONSOLE, Change.UNSEEN)])
    fails = ", so `pulumi up` fails" if ahead else ""
    said = []
    if console:
        when = "first, or `pulumi up` fails" if ahead else "and run `pulumi up` again"
        said.append(f"There is no API to change {console}: do it in the ROMA Connect console {when}")
    if unseen:
        said.append(
            f"No API changes {unseen}, nor shows whether the console has{fails}. If the console has, run `pulumi state "
            f"delete '{urn or 'URN'}'` and write adopt_id={instance_id!r}. Then `pulumi up` takes the instance over as "
            "declared"
        )
    if settled:
        said.append(f"{settled} can only be set when an instance is created{fails}")
    declare = "Or declare" if console or unseen else "Declare"
    said.append(f"{declare} the instance as it is, or leave it out of sight with ignore_changes=[{_names(keys)}]")
    return ". ".join(said)


def _of(keys: Sequence[str], change: Change) -> list[str]:
    return [key for key in keys if _change(key) is change]


def _change(key: str) -> Change:
    return INSTANCE[key].change if key in INSTANCE else Change.SETTLED


def _names(keys: Sequence[str]) -> str:
    return ", ".join(map(repr, keys))
