"""What a program declares, before anything is done: check and diff of both kinds of resource.

All that a run needs which changes nothing; so what asks the API and waits is not loaded here (`owned`, `referenced`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict, verdict
from ..errors import InputError, RomaApiError, RomaConnectionError
from ..schema import check as arguments
from ..schema import diff as changes
from ..schema.catalogue import EXISTING
from ..schema.details import States, detailed
from ..schema.diff import Difference
from ..schema.outputs import GIVEN_AT
from ..schema.written import ABSENT, PREVIEW
from .appointed import appointed, worded
from .checking import checked

if TYPE_CHECKING:
    from ..schema.checked import Checked
    from .operation import Operation
    from .session import Session

# What an instance that is not waited for any more may be.
DONE = (Verdict.READY, Verdict.ENDED)


@dataclass
class DeclaredInstance:
    """Instances that a stack owns, as declared under one session."""

    session: Session

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new instance."""
        refused: list[tuple[str, str]] = []
        try:
            news = appointed(self.session, op, olds, news)
        except InputError as error:
            refused = [(error.key, error.reason)]
        found = checked(self.session, op, arguments.check, olds, news)
        told = (worded(self.session, op, InputError(*failure)) for failure in found.failures)
        found.failures[:] = [*refused, *((error.key, error.reason) for error in told)]
        if op.urn is not None:
            self.session.memory.check(op.urn, olds, found, retained=self.session.run.retains(op.urn))
        for warning in found.warnings:
            op.warn(warning)
        # Without olds it is to be made: a new one, or the second check of a replacement.
        if not olds and PREVIEW in news and not found.failures and ABSENT not in found.inputs:
            self.session.load()
            from .foretelling import foretell

            foretell(self.session, op, found.inputs)
        return found

    def diff(self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs ``olds`` with checked arguments ``news``."""
        found = changes.difference(olds, news, op.is_unknown)
        if is_half_made(olds):
            unwaited = news.get("wait") is False
            found = self._look(op, instance_id, olds, found) if unwaited else replace(found, resumes=True)
        self._refuse_adoption(op, instance_id, olds, news, found)
        self.session.custody.named_by_the_engine(op.urn, instance_id)
        if op.urn is not None:
            self.session.memory.holds(op.urn, instance_id)
            if not found.replaces:
                self.session.memory.goes_on(op.urn, instance_id, olds.get(GIVEN_AT))
            with suppress(OSError):  # this process, at least, knows
                self.session.run.hold(instance_id, op.urn)
            # A creation that failed has nothing inside it, so replacing it loses nothing. Nor does one that goes on
            # without any difference: the old instance is gone already, and only the new one could not be made.
            harmless = verdict_of(olds) is Verdict.FAILED or not found.any or found.replaces == ["status"]
            self.session.memory.will_replace(op.urn, [] if harmless else found.replaces or None)
        # Not in a refresh, whose diff has the roles of state and program swapped.
        if not self.session.memory.is_of_program(op.urn, op.old_inputs):
            return found
        if verdict_of(olds) in DONE:
            foretold = changes.foretell(op.urn, instance_id, found)
            if foretold is not None:
                op.warn(foretold)
        if self.session.custody.deletion_of(instance_id) is not None and not found.replaces:
            op.warn(f"an earlier run began to delete instance {instance_id}; `pulumi up` looks what has become of it")
            found = replace(found, resumes=True)
        return detailed(found, States(olds, op.old_inputs or {}, news, op.is_unknown))

    def _look(self, op: Operation, instance_id: str, olds: Mapping[str, Any], found: Difference) -> Difference:
        """One look at an instance that is ordered and not waited for, until the state holds what became of it: that it
        is still being created is no difference, and that it failed replaces the order. Who cannot be asked says
        nothing."""
        if found.replaces or not self.session.memory.is_of_program(op.urn, op.old_inputs):
            return found
        self.session.load()
        from .access import target

        with suppress(RomaApiError, RomaConnectionError, InputError):
            client = target(self.session, olds, op, instance_id).client
            if verdict(client.creation_progress(instance_id, once=True).decisive_status) is Verdict.FAILED:
                op.warn(f"the creation of instance {instance_id} failed, so that `pulumi up` replaces the order")
                return replace(found, replaces=["status"])
        return found

    def _refuse_adoption(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], found: Difference
    ) -> None:
        """InputError where adopt_id says what cannot be: that a resource which has an instance adopts another one, or
        that a replacement adopts what it deletes. Only here is it known that there is an instance: and only by the API,
        where a replacement by force was interrupted after it had deleted the one that the state holds."""
        adopt = news.get("adopt_id")
        if not isinstance(adopt, str):
            return
        if found.replaces and adopt == instance_id:
            raise InputError(
                "adopt_id", "this change replaces the instance, which would delete the one to adopt; remove adopt_id"
            )
        if found.replaces or adopt in (instance_id, olds.get("adopt_id")):
            return
        self.session.load()
        from .access import still_there, target

        with suppress(RomaApiError, RomaConnectionError):  # then it is refused as one that is there
            if not still_there(self.session, target(self.session, olds, op, instance_id), op.stop):
                return
        raise InputError(
            "adopt_id", f"this resource has instance {instance_id} already and cannot adopt another; remove adopt_id"
        )


@dataclass
class DeclaredReference:
    """References to instances, as declared under one session."""

    session: Session

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new reference."""
        found = checked(self.session, op, arguments.check_existing, olds, news)
        if op.urn is not None:
            self.session.memory.refers(op.urn, found.inputs.get("instance_id"), olds)
        for warning in found.warnings:
            op.warn(warning)
        if not olds and PREVIEW in news and not found.failures and ABSENT not in found.inputs:
            self.session.load()
            from .foretelling import foretell_reference

            foretell_reference(self.session, op, found.inputs)
        return found

    def diff(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs with checked arguments: another instance is another reference."""
        if news.get(ABSENT):
            return Difference(resumes=True)
        known = {key: news[key] for key in EXISTING if key in news and not op.is_unknown(news[key])}
        unknown = sorted(EXISTING.keys() & news.keys() - known.keys())
        differing = sorted(key for key in known if known[key] != olds.get(key))
        updates = unknown
        # The id that was found is kept: a name that the program has not changed, and the instance has not, is drift.
        if differing == ["name"] and (op.old_inputs or {}).get("name") == known["name"]:
            differing, updates = [], sorted({*unknown, "name"})
        if "name" in known and not differing and self.session.memory.is_of_program(op.urn, op.old_inputs):
            self._refers(op, olds)
            if "name" in updates and "name" not in unknown:
                op.warn(
                    f"instance {olds.get('instance_id')}, which this resource refers to, is named {olds.get('name')!r} "
                    f"now, and not {known['name']!r}. `pulumi up` fails, and says which instance has that name"
                )
        found = Difference(differing, updates, unknown)
        # Not in a refresh, whose diff has the roles of state and program swapped.
        if not self.session.memory.is_of_program(op.urn, op.old_inputs):
            return found
        return detailed(found, States(olds, op.old_inputs or {}, news, op.is_unknown))

    def _refers(self, op: Operation, olds: Mapping[str, Any]) -> None:
        """Note what is referred to by a name, whose id the program does not know."""
        if op.urn is not None and isinstance(olds.get("instance_id"), str):
            self.session.memory.refers(op.urn, olds["instance_id"], {})


def is_half_made(props: Mapping[str, Any]) -> bool:
    """Whether the state holds an instance that is still to be waited for."""
    word = verdict_of(props)
    return word is Verdict.PENDING or (word is Verdict.UNKNOWN and "end_time" not in props)


def verdict_of(props: Mapping[str, Any]) -> Verdict:
    """What the status of the state says."""
    return verdict(str(props.get("status") or ""))
