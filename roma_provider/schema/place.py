"""Where an instance is to live: its region and its project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..config import keys
from ..errors import InputError, RomaApiError, RomaError
from .checked import Checked
from .rules import Refusal, project_id, region_id, require

if TYPE_CHECKING:
    from ..config.sign_in import SignIn


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
    for name, key in (("region", keys.REGION), ("project_id", keys.PROJECT)):
        if name in checked.inputs:
            continue
        value = sign_in.settings.from_config(key)
        if value is None:
            value, source = sign_in.surrounding(key)
            old = olds.get(name)
            region = checked.inputs.get("region")
            if name == "project_id" and not is_unknown(region) and region != olds.get("region"):
                old = None  # a project is of one region, and the instance moves to another
            if isinstance(old, str) and old != value:
                if value is not None:
                    checked.warnings.append(
                        f"{source} is {value}, but this instance lives in {old} and stays there; "
                        f"`pulumi config set {key.config} {value}` would {moving}"
                    )
                value = old
        if value is not None:
            checked.inputs[name] = value
        elif name == "region":
            checked.failures.append((name, key.missing(name)))
        else:
            _look_up_project(checked, sign_in, is_unknown)


def _look_up_project(checked: Checked, sign_in: SignIn, is_unknown: Callable[[Any], bool]) -> None:
    """The region's own project, by IAM."""
    region = checked.inputs.get("region")
    missing = keys.PROJECT.missing("project_id")
    if is_unknown(region):
        return  # looked up when the region is known
    try:
        region = region_id(region)
        sign_in.auth(region)
    except (Refusal, InputError):
        # Told as a problem of its own; without it there is nobody to ask.
        checked.failures.append(("project_id", missing))
        return
    try:
        checked.inputs["project_id"] = sign_in.find_project(region)
    except InputError as error:
        checked.failures.append(("project_id", error.reason))
    except RomaError as error:
        said = [str(error)]
        if isinstance(error, RomaApiError) and error.refuses_sign_in:
            said += sign_in.hints(error)
        checked.failures.append(("project_id", f"{missing}; it could not be looked up: {'; '.join(said)}"))
