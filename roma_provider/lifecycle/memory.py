"""One name, one resource; one instance, one owner: what check can tell only across several calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import InputError, RomaError
from .urns import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..schema.checked import Checked


@dataclass
class _Known:
    """What this process knows of one resource. ``inputs`` are those of the state, at its last check;
    ``replaced_because`` is None where no diff has asked for a replacement, [] where one loses nothing; ``replacement``
    are the inputs of the new instance that is to be made in place of the state's; ``appointed_by`` is the setting that
    has it adopt one; ``kept`` is the instance that it has and goes on with, by its last diff: its id, and when a create
    gave it to the state."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    replaced_because: list[str] | None = None
    adopting: str | None = None
    appointed_by: str | None = None
    replacement: Mapping[str, Any] | None = None
    kept: tuple[str, Any] | None = None


@dataclass
class Memory:
    """What one plugin process remembers of the resources it has checked, by URN."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: dict[str, _Known] = field(default_factory=dict)
    _names: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _referred: dict[str, str] = field(default_factory=dict)
    _held: dict[str, str] = field(default_factory=dict)

    def _of(self, urn: str | None) -> _Known:
        return self._known.setdefault(urn or "", _Known())

    def will_replace(self, urn: str, because_of: list[str] | None) -> None:
        """A diff found that this resource has to be replaced, for these reasons; [] if nothing is lost by it. None: it
        asked for no replacement, so that one is an option's."""
        with self._lock:
            self._of(urn).replaced_because = because_of

    def place(self, urn: str | None) -> Mapping[str, Any]:
        """Where the instance of a resource lives, if an earlier check of this process knew it."""
        with self._lock:
            inputs = self._of(urn).inputs
        return {key: inputs[key] for key in ("region", "project_id", "enterprise_project_id") if key in inputs}

    def is_of_program(self, urn: str | None, old_inputs: Mapping[str, Any] | None) -> bool:
        """Whether a diff against these inputs compares with the program. A refresh, which asks no check, compares
        what it found with the state."""
        with self._lock:
            inputs = self._of(urn).inputs
        return bool(inputs) and (old_inputs or {}) == inputs

    def is_in_the_state(self, urn: str | None) -> bool | None:
        """Whether the state holds this resource, by its check; None if it was not checked here."""
        with self._lock:
            known = self._known.get(urn or "")
            return None if known is None else bool(known.inputs)

    def appoint(self, urn: str, setting: str) -> None:
        """A setting, and not the program, has this resource adopt an instance."""
        with self._lock:
            self._of(urn).appointed_by = setting

    def appointed_by(self, urn: str | None) -> str | None:
        """The setting that has this resource adopt an instance; None where the program says it, or nobody."""
        with self._lock:
            known = self._known.get(urn or "")
            return None if known is None else known.appointed_by

    def refers(self, urn: str, instance_id: Any, olds: Mapping[str, Any]) -> None:
        """The program refers to this instance, by an ExistingInstance (whose inputs in the state are ``olds``) or by
        Instance.get."""
        with self._lock:
            if isinstance(instance_id, str):
                self._referred[instance_id] = urn
            if olds:
                self._of(urn).inputs = dict(olds)

    def holds(self, urn: str, instance_id: str) -> None:
        """The state holds this instance for a resource that the program has."""
        with self._lock:
            self._held[instance_id] = urn

    def goes_on(self, urn: str, instance_id: str, given_at: Any) -> None:
        """The diff of a resource, as the program has it, replaces nothing. ``given_at``: when a create gave the state
        this entry."""
        with self._lock:
            if (known := self._known.get(urn)) and known.inputs:  # else nobody has checked it: it may be a refresh
                known.kept = (instance_id, given_at)

    def keeps(self, urn: str | None, instance_id: str, given_at: Any) -> bool:
        """Whether a resource goes on with this instance by another entry of the state than the one of ``given_at``,
        which is to be deleted: a replacement by force took over the instance that it was to replace."""
        with self._lock:
            known = self._known.get(urn or "")
            kept = None if known is None else known.kept
        return kept is not None and kept[0] == instance_id and kept[1] != given_at

    def held_by(self, urn: str | None) -> set[str]:
        """The instances that the state holds for a resource, by its diffs."""
        with self._lock:
            return {instance_id for instance_id, holder in self._held.items() if holder == urn}

    def holds_another(self, urn: str | None, instance_id: str | None) -> bool:
        """Whether the state holds an instance for this resource, as its diff has said, and another one than this."""
        with self._lock:
            held = [known for known, holder in self._held.items() if holder == urn]
        return instance_id is not None and bool(held) and instance_id not in held

    def other_holder(self, urn: str | None, instance_id: str) -> str | None:
        """The URN of another resource of the program that holds this instance too: one that has adopted it, while the
        run that did so was killed before it had forgotten the old one."""
        with self._lock:
            holder = self._held.get(instance_id)
        return None if holder == urn else holder

    def refuse_deletion(self, urn: str | None, instance_id: str, referrers: Sequence[str] = ()) -> None:
        """An error if the program goes on with the instance: it is what the replacement is to adopt, or what the
        program refers to (such as by the ExistingInstance that was written in place of the Instance).
        ``referrers`` are the resources that the notes of this run know of."""
        with self._lock:
            adopting = self._of(urn).adopting
            referring = self._referred.get(instance_id, next(iter(referrers), None))
        if referring is not None:
            name = name_of(referring)
            raise RomaError(
                f"the program refers to instance {instance_id} by its resource {name!r}, so it is not deleted. "
                f"To keep it, and to have this stack own it no more, run `pulumi state delete '{urn or 'URN'}'`. "
                "To delete it, remove the reference first"
            )
        if adopting == instance_id:
            raise InputError(
                "adopt_id", f"this replacement would delete {instance_id}, the instance to adopt; remove adopt_id first"
            )

    def replacement(self, urn: str | None) -> Mapping[str, Any] | None:
        """The checked inputs of the instance that is to be made for a resource, in place of the one that it has."""
        with self._lock:
            known = self._known.get(urn or "")
            return None if known is None else known.replacement

    def creates(self, urn: str | None) -> None:
        """A create of this resource begins."""
        with self._lock:
            if known := self._known.get(urn or ""):
                known.replacement = None

    def check(self, urn: str, olds: Mapping[str, Any], checked: Checked, *, retained: bool = False) -> None:
        """Add to ``checked`` what is wrong with its name in the light of earlier checks, and what to warn of: what a
        replacement loses. ``retained``: the program gives the resource retain_on_delete.

        The engine checks a resource that is to be replaced once more, as a new one: with ``olds`` empty.
        """
        adopt = checked.inputs.get("adopt_id")
        with self._lock:
            known = self._of(urn)
            known.kept = None
            replacing = not olds and bool(known.inputs)
            because_of: list[str] | None = []
            if replacing:
                because_of, known.replaced_because = known.replaced_because, []
            known.replacement = dict(checked.inputs) if replacing else None
            if olds:
                known.inputs = dict(olds)
            elif isinstance(adopt, str):
                known.adopting = adopt
            self._check_name(urn, checked)
        if because_of != []:
            checked.warnings.append(_loss(because_of, retained))

    def _check_name(self, urn: str, checked: Checked) -> None:
        place = tuple(checked.inputs.get(key) for key in ("region", "project_id", "name"))
        if not all(isinstance(part, str) for part in place):
            return
        owner = self._names.setdefault((str(place[0]), str(place[1]), str(place[2])), urn)
        if owner != urn:
            other = name_of(owner)
            checked.failures.append(
                ("name", f"resource {other!r} of this program has the name {place[2]!r} too; write another")
            )


def _loss(because_of: Sequence[str] | None, retained: bool) -> str:
    """What a replacement loses. The plugin is not told the option with which the engine decides: that of the state."""
    why = ", ".join(because_of or ["an option of Pulumi's, such as replace_on_changes"])
    if retained:
        return (
            f"replacing this instance (because of {why}) keeps it, by retain_on_delete: it goes on being billed. "
            "Nothing is moved to the new one. But if retain_on_delete is new in this `pulumi up`, the instance is "
            "deleted with everything inside it, for good. Then run `pulumi up` without the replacement first"
        )
    return (
        f"replacing this instance (because of {why}) deletes it with everything inside it, for good. Nothing is "
        "moved to the new one. If an earlier `pulumi up` has set retain_on_delete, the old one is kept, and billed"
    )
