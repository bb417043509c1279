"""What a change of arguments means: nothing, an update, or a replacement.

Replacing deletes an instance with everything in it, so only what can never be changed in place replaces.
No API to change an instance is published; what the console can change is an update that looks again and
otherwise says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .arguments import has_unknown
from .creation import Verdict, verdict
from .errors import InputError
from .outputs import LIVE, live_arguments, same

if TYPE_CHECKING:
    from .api.models import CreationProgress

REPLACES = (
    "region",
    "project_id",
    "product_id",
    "available_zones",
    "vpc_id",
    "subnet_id",
    "security_group_id",
    "cpu_architecture",
)


@dataclass(frozen=True)
class Difference:
    """How a declaration differs from the state: what replaces the instance, and what would update it."""

    replaces: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.replaces or self.updates)


def difference(olds: Mapping[str, Any], news: Mapping[str, Any], is_unknown: Callable[[Any], bool]) -> Difference:
    """Compare the outputs of the state, ``olds``, with checked arguments, ``news``.

    An argument that was taken away is no difference: it stays as it is, since nothing can change it. A value
    that is not known yet is an update at most: a preview must not cry replacement for what may be equal.
    """
    replaces: list[str] = []
    updates: list[str] = []
    # Product ids differ by environment: an instance of the declared edition is the declared product.
    as_edition = news.get("edition") is not None and same("edition", news["edition"], olds.get("edition"))
    for key, new in sorted(news.items()):
        if key.startswith("__") or key == "adopt_id" or new is None or (key == "product_id" and as_edition):
            continue
        if has_unknown(new, is_unknown):
            updates.append(key)
        elif key != "edition" and not same(key, new, olds.get(key)):
            (replaces if key in REPLACES else updates).append(key)
    if not replaces and verdict(str(olds.get("status") or "")) is Verdict.FAILED:
        replaces = ["status"]
    return Difference(replaces, updates)


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
    wanted = "; ".join(
        # A free text may be a secret of the program.
        "description differs" if key == "description" else f"{key} is {actual.get(key)!r}, declared is {news[key]!r}"
        for key in unmet
    )
    names = ", ".join(repr(key) for key in unmet)
    forced = (
        f"`pulumi up --replace '{urn or 'URN'}'` makes a new instance, which deletes this one with everything in it"
    )
    if not set(unmet) & set(LIVE):
        raise InputError(
            unmet[0],
            f"{names} is settled when an instance is created, and {instance_id} was created otherwise. Declare it as "
            f"before; or leave it out of sight with ignore_changes=[{names}]. {forced}",
        )
    raise InputError(
        unmet[0],
        f"there is no API to change an instance, and {instance_id} is not as declared: {wanted}. Change it in the "
        "ROMA Connect console and run `pulumi up` again; or declare it as it is; or leave it out of sight with "
        f"ignore_changes=[{names}]. {forced}",
    )
