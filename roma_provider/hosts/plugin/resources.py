"""What is asked of a resource, by its type, and what the lifecycle is to be told besides: a session's two lives.

The lifecycle's heavier half is loaded by the first call that needs it: a run that changes nothing needs none of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from ...creation.verdict import Verdict, verdict
from ...errors import InputError, RomaError
from ...lifecycle.declared import DeclaredInstance, DeclaredReference
from ...lifecycle.urns import in_its_stack, name_of
from ...schema.diff import Difference
from ...schema.outputs import WAS_READY
from ...schema.rules import instance_id as id_rule
from ...schema.rules import project_id as project_rule
from ...schema.rules import region_id, require, word
from ...schema.written import BY_NAME
from ..link import kind_of
from . import importing, names, previews, wire
from .call import PROVIDER, Call
from .schema import EXISTING_TYPE, INSTANCE_TYPE
from .words import told

if TYPE_CHECKING:
    from ...lifecycle.owned import Owned
    from ...lifecycle.reading import Reading
    from ...lifecycle.referenced import Referenced
    from ...lifecycle.session import Session


_PLACE = {"region": region_id, "project_id": project_rule}
_GET_ARGUMENTS = frozenset(("id", "name", *_PLACE))


class Resources:
    """The resources of one configuration."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def check(self, call: Call, request: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The inputs as they go into the state, and the problems found."""
        owned = _is_owner(request)
        given = {key: value for key, value in wire.read(request.news).items() if not key.startswith("__")}
        news = names.from_wire(given)
        if owned and "name" not in news and call.urn is not None:
            news["name"] = name_of(call.urn)
        self._note(call, owned, news)
        declared = DeclaredInstance(self._session) if owned else DeclaredReference(self._session)
        found = declared.check(call, call.properties(request.olds), news)
        wrong = [
            (path, f"write {name}, as every program but a Python one does") for path, name in names.misspelled(given)
        ]
        return found.inputs, [*wrong, *(told(key, reason) for key, reason in found.failures)]

    def diff(self, call: Call, request: Any) -> Any:
        """The engine's answer to what differs."""
        olds, news = call.properties(request.olds), call.properties(request.news)
        owned = _is_owner(request)
        if not owned:
            found = DeclaredReference(self._session).diff(call, olds, news)
        elif _is_own(call):
            found = DeclaredInstance(self._session).diff(call, request.id, olds, news)
        else:
            found = Difference()  # only looked up
        moves = PROVIDER in request.olds.fields
        some = found.any or moves  # or the old spelling would stay for ever
        answer = provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if some else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=map(names.path_to_wire, found.replaces),
            diffs=map(names.path_to_wire, found.keys),
            deleteBeforeReplace=owned,
            # Without lines of ours the engine shows what it finds: of a stack that moves over, every spelling.
            hasDetailedDiff=bool(found.lines) or (moves and not found.any),
        )
        for path, line in found.lines.items():
            shown = answer.detailedDiff[names.path_to_wire(path)]
            shown.kind, shown.inputDiff = kind_of(line), line.of_inputs
        return answer

    def create(self, call: Call, request: Any) -> tuple[str, dict[str, Any]]:
        """Its id ("" in a preview) and outputs."""
        inputs = call.properties(request.properties)
        owned = _is_owner(request)
        if not request.preview:
            return self._owned().create(call, inputs) if owned else self._referenced().create(call, inputs)
        from ...lifecycle.foretelling import foretell, foretell_reference

        (foretell if owned else foretell_reference)(self._session, call, inputs)
        return "", previews.created(_type(request), inputs)

    def update(self, call: Call, request: Any) -> dict[str, Any]:
        """The outputs."""
        olds, news = call.properties(request.olds), call.properties(request.news)
        if request.preview:
            return previews.updated(_type(request), olds, news)
        life = self._owned() if _is_owner(request) else self._referenced()
        return life.update(call, request.id, olds, news)

    def read(self, call: Call, request: Any) -> Reading | None:
        """What there is; None if it is gone.

        Three questions in one. A refresh has properties: an owned instance has its inputs beside them, and one that was
        only looked up has none. The first look has no outputs yet; where the engine sends no inputs at all, it is an
        import, which is answered with the inputs that declare what there is.
        """
        props = call.properties(request.properties)
        first = "instance_id" not in props
        imports = first and not request.HasField("inputs")
        owner = _is_owner(request)
        if first and (owner or imports) and not (owner and request.id.startswith(BY_NAME)):
            require(request.id, id_rule, "id")  # which was typed, and becomes part of an address
        if not owner:
            found = self._referenced().read(call, request.id, props)
            if found is None or not first:
                return found
            marked = {WAS_READY: True} if verdict(found.outputs["status"]) is Verdict.READY else {}
            outputs = {**found.outputs, **marked}
            return replace(found, outputs=outputs, inputs=importing.reference_of(outputs))
        found = self._owned().read(call, request.id, props, owned=not first and _is_own(call))
        if first and found is not None:
            self._refers(call, found)
            if imports:
                return self._imported(call, found)
        return found

    def _imported(self, call: Call, found: Reading) -> Reading:
        inputs = importing.inputs_of(self._session, call, found.outputs)
        pending = verdict(found.outputs["status"]) is Verdict.PENDING
        return replace(
            found,
            instance_id=str(found.outputs["instance_id"]),  # one that is imported by its name is held by its id
            # What the API does not show is as declared: so is a default.
            outputs={**inputs, **found.outputs},
            inputs=inputs,
            is_pending=pending,
        )

    def delete(self, call: Call, request: Any) -> None:
        """Delete what is owned; forget what is referred to."""
        if _is_owner(request):
            self._owned().delete(call, request.id, call.properties(request.properties))

    def looked_up(self, call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs of an instance by its id or its name. InputError where the arguments name none."""
        for key in sorted(args.keys() - _GET_ARGUMENTS):
            raise InputError(key, "getInstance has no such argument; the arguments are: id, name, region, project_id")
        given, name = args.get("id"), args.get("name")
        if (given is None) is (name is None):
            raise InputError("id", "write the id of an instance or its name, one of them")
        if given is not None:
            require(given, id_rule, "id")
        else:
            require(name, word, "name")
        place = {key: args[key] for key in _PLACE if key in args}
        for key, value in place.items():  # an empty one is not the stack's
            require(value, _PLACE[key], key)
        which = str(given) if given is not None else f"{BY_NAME}{name}"
        found = self._owned().read(call, which, place, owned=False)
        if found is None:
            raise RomaError(f"there is no instance {which}")
        return {key: value for key, value in found.outputs.items() if not key.startswith("__")}

    def _note(self, call: Call, owned: bool, news: Mapping[str, Any]) -> None:
        """Tell the other plugin processes of this run which instance a resource refers to, or is to adopt."""
        instance_id = news.get("adopt_id" if owned else "instance_id")
        if call.urn is not None and isinstance(instance_id, str):
            with contextlib.suppress(OSError):  # this process, at least, knows
                if owned:
                    self._session.run.adopt(instance_id, in_its_stack(call.urn))
                else:
                    self._session.run.refer(instance_id, name_of(call.urn))

    def _refers(self, call: Call, found: Reading) -> None:
        if call.urn is not None:
            with contextlib.suppress(OSError):
                self._session.run.refer(str(found.outputs["instance_id"]), name_of(call.urn))

    def _owned(self) -> Owned:
        from ...lifecycle.owned import Owned

        return Owned(self._session)

    def _referenced(self) -> Referenced:
        from ...lifecycle.referenced import Referenced

        return Referenced(self._session)


def _type(request: Any) -> str:
    """The resource's type, which engines say beside the URN, older ones in it alone."""
    return str(request.type or request.urn.split("::")[2].rpartition("$")[2])


def _is_owner(request: Any) -> bool:
    """Whether the resource owns its instance."""
    type_ = _type(request)
    if type_ not in (INSTANCE_TYPE, EXISTING_TYPE):
        raise RomaError(f"there is no resource {type_}; there are {INSTANCE_TYPE} and {EXISTING_TYPE}")
    return type_ == INSTANCE_TYPE


def _is_own(call: Call) -> bool:
    """Whether a resource's instance is its own: by its inputs, in which every instance has a network. One that is only
    looked up has none, but for the place that it was looked for in."""
    return "vpc_id" in (call.old_inputs or {})
