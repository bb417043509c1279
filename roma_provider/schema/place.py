"""Where an instance is to live: its region, its project, and its enterprise project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..config import keys
from ..config.credentials import SignInMissing
from ..errors import InputError, RomaApiError, RomaError
from .checked import Checked
from .rules import Refusal, project_id, region_id, require

if TYPE_CHECKING:
    from ..config.sign_in import GivenProject, SignIn


def check_place(place: Mapping[str, str]) -> None:
    """InputError for a region or a project id that cannot be one."""
    require(place["region"], region_id, "region")
    require(place["project_id"], project_id, "project_id")


def resolve_place(
    olds: Mapping[str, Any],
    checked: Checked,
    sign_in: SignIn,
    is_unknown: Callable[[Any], bool],
    moving: str = "replace it",
) -> None:
    """Where an instance lives is part of it: write region and project id into its inputs.

    An argument or the stack config says where it shall live. The environment, and the project of the
    credentials, only say where a *new* one shall: a colleague's variable must not move, which is to say destroy,
    an instance that exists.
    """
    _resolve_region(olds, checked, sign_in, moving)
    _Project(checked, sign_in, is_unknown, moving).resolve(olds)


def resolve_enterprise_project(olds: Mapping[str, Any], checked: Checked, sign_in: SignIn) -> None:
    """The enterprise project of a new instance that names none: the setting's. One that exists stays in its own."""
    name, inputs = "enterprise_project_id", checked.inputs
    # An instance that is adopted exists, too.
    if name in inputs or inputs.get("adopt_id") is not None:
        return
    value = olds.get(name) if olds else sign_in.settings.get(keys.ENTERPRISE_PROJECT)
    if value is not None:
        inputs[name] = value


def _resolve_region(olds: Mapping[str, Any], checked: Checked, sign_in: SignIn, moving: str) -> None:
    if "region" in checked.inputs:
        return
    settings, old = sign_in.settings, olds.get("region")
    value = settings.from_config(keys.REGION)
    if value is None:
        value = settings.from_environment(keys.REGION)
        if isinstance(old, str):
            source = settings.variable(keys.REGION) or keys.REGION.variable
            value = _kept(old, value, (source, keys.REGION), checked, moving)
    if value is not None:
        checked.inputs["region"] = value
    else:
        checked.failures.append(("region", keys.REGION.missing("region")))


def _kept(old: str, value: str | None, told: tuple[str, keys.Key], checked: Checked, moving: str) -> str:
    """Where an instance lives that exists, with a warning if what surrounds the run says otherwise."""
    if value is not None and value != old:
        source, key = told
        checked.warnings.append(
            f"{source} is {value}, but this instance lives in {old} and stays there; "
            f"`pulumi config set {key.config} {value}` would {moving}"
        )
    return old


@dataclass(frozen=True)
class _Project:
    """Whose project an instance is to be."""

    checked: Checked
    sign_in: SignIn
    is_unknown: Callable[[Any], bool]
    moving: str

    def resolve(self, olds: Mapping[str, Any]) -> None:
        inputs = self.checked.inputs
        if "project_id" in inputs:
            return
        region, old = inputs.get("region"), olds.get("project_id")
        if not isinstance(old, str) or (not self.is_unknown(region) and region != olds.get("region")):
            old = None  # a project is of one region, and the instance moves to another
        configured = self.sign_in.configured_project()
        given = configured or self.sign_in.surrounding_project()
        if configured is None and old is not None:
            found = given.id if given is not None else None
            source = given.source if given is not None else ""
            inputs["project_id"] = _kept(old, found, (source, keys.PROJECT), self.checked, self.moving)
        elif given is not None and given.id is not None and (given.id == old or given.name is None):
            inputs["project_id"] = given.id
        else:
            self._look_up(given, old)

    def _look_up(self, given: GivenProject | None, old: str | None) -> None:
        """By IAM: the project of a given name, or the region's own."""
        region = self.checked.inputs.get("region")
        if given is not None and given.id is not None:
            self.checked.inputs["project_id"] = given.id  # unless its name turns out to be another's
        fail = self.checked.failures.append
        missing = keys.PROJECT.missing("project_id")
        if self.is_unknown(region):
            return  # looked up when the region is known
        try:
            region = region_id(region)
            self.sign_in.check(region)
        except (Refusal, InputError) as error:
            if isinstance(error, SignInMissing) and old is not None:
                self.checked.inputs["project_id"] = old  # nobody can say that its name is another's by now
                return
            # Told as a problem of its own; without it there is nobody to ask.
            told = isinstance(error, InputError) and keys.is_refused(error.key)
            if not told and "project_id" not in self.checked.inputs:
                fail(("project_id", missing))
            return
        try:
            find = self.sign_in.find_project
            self.checked.inputs["project_id"] = find(region) if given is None else self.sign_in.resolved(given, region)
        except InputError as error:
            fail(("project_id", error.reason))
        except RomaError as error:
            said = [str(error)]
            if isinstance(error, RomaApiError) and error.refuses_sign_in:
                said += self.sign_in.hints(error)
            reason = f"it could not be looked up: {'; '.join(said)}"
            if given is None or old is None:
                fail(("project_id", f"{missing}; {reason}"))
                return
            # An IAM in trouble moves nothing.
            self.checked.inputs["project_id"] = old
            self.checked.warnings.append(f"{given.source} is {given.name}, but {reason}; this instance stays in {old}")
