"""What `roma doctor` does: signs in as the provider would, reads, and compares what comes back with the models.

Read-only: one or two GETs of the service (and what signing in takes). The report is made to be pasted into
an issue: it holds statuses, counts and the names and kinds of fields, but no field's value, no secret, and of
ids the beginning alone.
"""

from __future__ import annotations

import contextlib
import platform
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ...api.models import CreationProgress, InstancePage, InstanceSummary, RomaInstancePage, RomaInstanceSummary
from ...api.status import word
from ...creation.verdict import Verdict, verdict
from ...errors import InputError, RomaApiError, RomaConnectionError, RomaError
from ...lifecycle.session import Session
from ...texts import for_people
from ..place import named_region

if TYPE_CHECKING:
    from ...api.client import RomaClient

# Fields of the V2 list (CheckRomaInstanceListV2) that the provider has no use for.
_UNUSED: Mapping[type[BaseModel], frozenset[str]] = {
    InstanceSummary: frozenset(
        [
            *("description", "cpu_arch", "project_id", "enterprise_project_id", "update_time"),
            *("security_group_id", "publicip_enable", "publicip_id", "publicip_address"),
            *("error_code", "error_msg", "maintain_begin", "maintain_end"),
        ]
    ),
    RomaInstanceSummary: frozenset(
        [
            *("description", "cpu_arch", "enterprise_project_id", "security_group_id"),
            *("publicip_enable", "publicip_id"),
        ]
    ),
}
# Of a list that many entries tell what there is to tell, and of its deviations nobody reads more.
MOST_ENTRIES, MOST_COMPARED, MOST_DEVIATIONS = 200, 20_000, 200
# Fields of the V2 list, which the published part of the V3 list lacks.
_OF_V2: Mapping[type[BaseModel], frozenset[str]] = {
    RomaInstanceSummary: frozenset(["create_time", "flavor_id", "flavor_type"])
}


@dataclass(frozen=True)
class Check:
    """One thing that was tried. ``assumptions``: the rows of docs/assumptions.md that it is about. ``plain``: what may
    be said of it in public, with no word of a server's."""

    name: str
    ok: bool
    said: str
    assumptions: tuple[int, ...] = ()
    plain: str = field(default="", compare=False)

    def as_json(self) -> dict[str, Any]:
        """An entry of ``--json``; its keys never change."""
        return {"name": self.name, "ok": self.ok, "said": self.said, "assumptions": self.assumptions}


@dataclass(frozen=True)
class Deviation:
    """Where an answer is other than the models say. ``serious``: a value of another kind, which is not read."""

    answer: str
    field: str
    what: str
    serious: bool = False


@dataclass
class Findings:
    """What was found."""

    package: str
    python: str
    checks: list[Check] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Everything that was tried worked, and every field could be read."""
        return all(check.ok for check in self.checks) and not any(entry.serious for entry in self.deviations)

    def as_json(self) -> dict[str, Any]:
        """Of ``--json``; its keys never change."""
        checks, deviations = [check.as_json() for check in self.checks], [asdict(entry) for entry in self.deviations]
        found = {"package": self.package, "python": self.python, "checks": checks, "differences": deviations}
        return {"ok": self.ok, **found}

    def as_lines(self) -> list[str]:
        """As people read it."""
        lines = [f"roma doctor: roma-provider {self.package}, Python {self.python}"]
        for check in self.checks:
            about = f" (assumption {', '.join(map(str, check.assumptions))})" if check.assumptions else ""
            lines.append(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.said}{about}")
        for entry in self.deviations:
            lines.append(f"{'FAIL' if entry.serious else 'note'}  {entry.answer}: {entry.field}: {entry.what}")
        if self.checks and not self.deviations and self.ok:
            lines.append("ok    every field that came is as the models say")
        return lines


def examine(session: Session, region: str | None = None, project_id: str | None = None) -> Findings:
    """Try everything in its order, as far as one thing rests on another. Raises nothing of ours."""
    findings = Findings(_version(), f"{platform.python_version()} on {platform.system()}")
    with contextlib.suppress(_Ended):
        _examine(session, region, project_id, findings)
    return findings


def deviations(answer: str, raw: Any, model: type[BaseModel], path: str = "") -> list[Deviation]:
    """Where ``raw``, JSON as it came, has other fields or kinds of values than ``model``, each field once."""
    return list(dict.fromkeys(islice(_compare(answer, raw, model, path), MOST_COMPARED)))[:MOST_DEVIATIONS]


class _Ended(Exception):
    """A check failed that the rest depends on; the report says so."""


def _examine(session: Session, region: str | None, project_id: str | None, findings: Findings) -> None:
    place = _tried(findings, "region", lambda: named_region(session, region))
    _say(findings, "region", place)
    endpoint = _tried(findings, "endpoint", lambda: session.settings.endpoint(place))
    _say(findings, "endpoint", str(urlsplit(endpoint).hostname))
    _say(findings, "sign-in", _tried(findings, "sign-in", session.sign_in.description))
    project = _tried(findings, "project", lambda: project_id or session.project_id(place))
    _say(findings, "project", project)
    client = _tried(findings, "sign-in", lambda: session.client(place, project))
    one = _list(session, client, findings)
    _roma_list(client, findings)
    if one is None:
        _say(findings, "creation_progress", "not tried: there is no instance to read; run this again when there is one")
    else:
        _progress(client, one, findings)


def _list(session: Session, client: RomaClient, findings: Findings) -> str | None:
    """Look at the list; the id of one of its instances."""
    try:
        raw = client.raw_list()
    except RomaError as error:
        hints = []
        if isinstance(error, RomaApiError) and error.refuses_sign_in:
            hints = session.sign_in.hints(error)
        raise _failed(findings, "list_instances", error, 10, 19, hints=hints) from error
    findings.deviations += deviations("list_instances", raw, InstancePage)
    try:
        page = InstancePage.model_validate(raw)
    except ValidationError:
        raise _failed(findings, "list_instances", "the answer is not the list it should be", 10) from None
    statuses = Counter(word(entry.status) or "(none)" for entry in page.instances)
    said = f"{len(page.instances)} on the first page, {page.total} in all"
    said += "".join(f", {count} {status}" for status, count in sorted(statuses.items()))
    unknown = [status for status in statuses if verdict(status) is Verdict.UNKNOWN]
    said += f"; not known: {', '.join(unknown)}" if unknown else ""
    findings.checks.append(Check("list_instances", not unknown, shown(said), (10, 19), _counted(page.instances)))
    return next((entry.id for entry in page.instances if entry.id), None)


def _roma_list(client: RomaClient, findings: Findings) -> None:
    """Look at the V3 list, which a cloud without RCU instances may not have."""
    name, assumptions = "list_roma_instances", (25, 26)
    try:
        raw = client.raw_roma_list()
        page = RomaInstancePage.model_validate(raw)
    except RomaApiError as error:
        if error.transient:
            raise _failed(findings, name, error, *assumptions) from error
        said = f"refused, so RCU instances cannot be made here: {error}"
        findings.checks.append(Check(name, True, shown(said), assumptions, f"refused: {plain_error(error)}"))
        return
    except RomaError as error:
        raise _failed(findings, name, error, *assumptions) from error
    except ValidationError:
        raise _failed(findings, name, "the answer is not the list it should be", 25) from None
    findings.deviations += deviations(name, raw, RomaInstancePage)
    categories = Counter(entry.category or "(none)" for entry in page.instances)
    said = f"{len(page.instances)}, {page.total} in all"
    said += "".join(f", {count} of category {category}" for category, count in sorted(categories.items()))
    findings.checks.append(Check(name, True, shown(said), assumptions, _counted(page.instances)))


def _progress(client: RomaClient, instance_id: str, findings: Findings) -> None:
    raw = _tried(findings, "creation_progress", lambda: client.raw_progress(instance_id), 4, 7)
    findings.deviations += deviations("creation_progress", raw, CreationProgress)
    try:
        progress = CreationProgress.model_validate(raw)
    except ValidationError:
        raise _failed(findings, "creation_progress", "the answer is not the object it should be", 4) from None
    other = progress.another(instance_id)
    if other is not None:
        raise _failed(findings, "creation_progress", f"the answer is about another instance, {other}", 4)
    status = progress.decisive_status
    known = verdict(status) is not Verdict.UNKNOWN
    said = f"instance {instance_id} is {status or '(none)'}{'' if known else ', a status that is not known'}"
    plain = f"answered; the status is {status if known else 'not known here'}"
    findings.checks.append(Check("creation_progress", known, shown(said), (4, 7), plain))


def _say(findings: Findings, name: str, said: str) -> None:
    findings.checks.append(Check(name, ok=True, said=shown(said)))


def _tried(findings: Findings, name: str, do: Callable[[], Any], *assumptions: int) -> Any:
    try:
        return do()
    except RomaError as error:
        raise _failed(findings, name, error, *assumptions) from error


def _failed(findings: Findings, name: str, why: object, *assumptions: int, hints: Sequence[str] = ()) -> _Ended:
    said = shown("; ".join([str(why), *hints]))
    plain = plain_error(why) if isinstance(why, RomaError) else "answered, with something else than is expected"
    findings.checks.append(Check(name, False, said, assumptions, plain))
    return _Ended()


def plain_error(error: RomaError) -> str:
    """An error without any word of a server's, and without a value of a setting."""
    if isinstance(error, RomaApiError):
        code = f", {error.code}" if re.fullmatch(r"[A-Za-z]{2,8}\.[0-9]{3,8}", error.code or "") else ""
        return f"answered with HTTP {error.status}{code}"
    if isinstance(error, RomaConnectionError):
        why = (
            "its certificate is not accepted" if error.untrusted else "another try may do" if not error.lasting else ""
        )
        return f"no answer{f': {why}' if why else ''}"
    if isinstance(error, InputError):
        key = error.key if re.fullmatch(r"[A-Z_]{2,40}|roma:[A-Za-z]{2,40}|--[a-z-]{2,20}", error.key) else "a file"
        return f"{key} is missing or wrong"
    return "failed"


def _counted(instances: Sequence[InstanceSummary]) -> str:
    """How many there are, by status, as far as a status is known."""
    words = [word(entry.status) for entry in instances]
    counts = Counter(one if verdict(one) is not Verdict.UNKNOWN else "of a status that is not known" for one in words)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"answered; {len(instances)} shown{f': {told}' if told else ''}"


def shown(text: str) -> str:
    """A text for the report: of anything that may be an id or a key the beginning, of folders no user's name."""
    text = for_people(text).replace(str(Path.home()), "~")
    return re.sub(r"(?=[\w-]{0,64}\d)([A-Za-z0-9]{8})[\w-]{8,}", r"\1…", text)


def _version() -> str:
    try:
        return version("roma-provider")
    except PackageNotFoundError:  # run from a folder, not installed
        return "(not installed)"


# --- an answer against a model


def _compare(answer: str, raw: Any, model: type[BaseModel], path: str) -> Iterator[Deviation]:
    if not isinstance(raw, dict):
        yield Deviation(answer, path.rstrip(".") or "(all)", f"{_kind(raw)}, where an object is expected", True)
        return
    known = set(_UNUSED.get(model, ()))
    for name, info in model.model_fields.items():
        names = _names(name, info)
        known.update(names)
        sent = next((entry for entry in names if entry in raw), None)
        if sent is None and name in _OF_V2.get(model, ()):
            continue
        if sent is None:
            yield Deviation(answer, path + names[0], "is missing")
        elif raw[sent] is not None:
            yield from _compare_value(answer, raw[sent], info.annotation, path + sent)
    for name, value in raw.items():
        if name not in known:
            yield Deviation(answer, shown(f"{path}{name}"[:100]), f"is not known here; it holds {_kind(value)}")


def _compare_value(answer: str, value: Any, annotation: Any, path: str) -> Iterator[Deviation]:
    expected, inner = _expected(annotation)
    if _kind(value) not in expected:
        yield Deviation(answer, path, f"{_kind(value)}, where {' or '.join(expected)} is expected", True)
    elif inner is not None:
        for entry in islice(value, MOST_ENTRIES) if isinstance(value, list) else [value]:
            yield from _compare(answer, entry, inner, f"{path}[]." if isinstance(value, list) else f"{path}.")


def _names(name: str, info: FieldInfo) -> list[str]:
    """The names that a field has on the wire."""
    alias = info.validation_alias
    if isinstance(alias, AliasChoices):
        return [entry for entry in alias.choices if isinstance(entry, str)]
    return [alias if isinstance(alias, str) else name]


def _expected(annotation: Any) -> tuple[tuple[str, ...], type[BaseModel] | None]:
    """The kinds of JSON value that a field takes, and the model of what is inside."""
    kinds = [entry for entry in get_args(annotation) if entry is not type(None)] or [annotation]
    if get_origin(annotation) is list:
        kinds = [annotation]
    for kind in kinds:
        if get_origin(kind) is list:
            (entry,) = get_args(kind)
            if isinstance(entry, type) and issubclass(entry, BaseModel):
                return ("a list",), entry
            return ("a list", "text"), None  # names: /process sends them as JSON text
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return ("an object",), kind
        for plain, said in _KINDS:
            if kind is plain:
                return (said,), None
    return tuple(said for _, said in _KINDS), None


_KINDS: tuple[tuple[type, str], ...] = ((bool, "true or false"), (int, "a number"), (str, "text"))


def _kind(value: Any) -> str:
    """The kind of a JSON value in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
