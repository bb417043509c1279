"""Signing in: one object a session, which finds the way to sign in, makes what signs requests, and explains a refusal.

What it makes and learns it remembers, good and bad: all who wait share one token and its renewal, and a lookup that
IAM has refused is not repeated for each instance of a program, which could lock the key.

What signs and asks is loaded when it is first needed: a preview of what does not change needs none of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ..api.budget import Budgets
from ..clock import Clock
from ..errors import InputError, RomaApiError, RomaError, fresh
from . import credentials, keys
from .credentials import Found, Way
from .settings import Settings

if TYPE_CHECKING:
    from ..api.auth import Auth
    from ..api.iam import Calls, Project, Scope
    from ..api.transport import Transport

# A signature counts for 15 minutes; a third of that is no doubt about which clock is to be set.
SKEW_SECONDS = 300.0
# How many projects an error lists.
SHOWN = 20


@dataclass(frozen=True)
class GivenProject:
    """What one place says of the project: its id, its name, or both. ``source`` is where the id, or else the name was
    found; ``named_by`` where the name was."""

    id: str | None
    name: str | None
    source: str
    named_by: str = ""


@dataclass(frozen=True)
class _Looked:
    """What IAM says of a project's name: the ids, and unless there is one, why not."""

    ids: tuple[str, ...] = ()
    error: RomaError | None = None


class SignIn:
    """How the calls of one session are signed. Safe to share between threads.

    ``budgets`` are those of the session, since IAM is a host as any other. ``load`` is called before what signs and
    asks is imported, each time.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        budgets: Budgets | None = None,
        load: Callable[[], None] | None = None,
    ) -> None:
        self.settings = settings
        self._load = load or (lambda: None)
        self._clock = clock or Clock()
        self._budgets = budgets or Budgets()
        self._making = threading.Lock()
        self._auths: dict[tuple[object, ...], Auth] = {}
        self._asking = threading.Lock()
        self._projects: dict[tuple[object, ...], _Looked] = {}

    # --- as whom -------------------------------------------------------------------------------------------

    def found(self) -> Found:
        """The way to sign in that comes first; InputError where there is none, or where it is not whole."""
        return credentials.find(self.settings.config, self.settings.environment)

    def description(self) -> str:
        """Which way to sign in is used, and where its parts came from; no values. InputError as for :meth:`found`."""
        found = self.found()
        assumed = "" if found.agency is None else f", and assuming {found.agency.way.value} from {found.agency.source}"
        return f"signing in with {found.way.value} from {found.source}{assumed}"

    def check(self, region: str | None = None) -> None:
        """InputError for what is wrong with the settings of the way to sign in, as for :meth:`auth`; loads nothing."""
        self._iam(self.found(), region)

    def auth(self, region: str | None = None, project_id: str | None = None, project_name: str | None = None) -> Auth:
        """What signs requests to one project; without an id, what IAM is asked about a project of that name, or else of
        the region's.

        One object for the same way and project. InputError as for :meth:`found`, and where a token has to be fetched
        and there is no region to know whom to ask.
        """
        found = self.found()
        iam = self._iam(found, region)
        self._load()
        key: tuple[object, ...] = _identity(found)
        if iam is None:
            # A token is what it is, whatever the project; a signature names it.
            named = project_id if found.way is Way.KEYS else None
            return self._kept((*key, named), lambda: self._base(found, named, "", {}))
        region, url = iam
        scope: Scope = {"project": {"id": project_id} if project_id else {"name": project_name or region}}
        key = (*key, url, project_id or project_name or region)
        return self._kept(key, lambda: self._fetched(found, url, scope))

    def _iam(self, found: Found, region: str | None) -> tuple[str, str] | None:
        """The region and the address of IAM, where it has to be asked for a token."""
        if found.way is not Way.PASSWORD and found.agency is None:
            return None
        region = region or self.settings.get(keys.REGION)
        if region is None:
            raise InputError(keys.REGION.name, keys.REGION.missing("region"))
        url = self.settings.auth_url(region, found)
        self.settings.limits()  # a wrong one is told whether or not there is an object already
        return region, url

    def _kept(self, key: tuple[object, ...], make: Callable[[], Auth]) -> Auth:
        with self._making:
            if key not in self._auths:
                self._auths[key] = make()
            return self._auths[key]

    def _fetched(self, found: Found, url: str, scope: Scope) -> Auth:
        """What has to fetch a token, for a password or an agency."""
        from ..api.iam import Agency, AgencyAuth

        if found.agency is None:
            return self._base(found, None, url, scope)
        assumed = Agency(found.agency.value(keys.AGENCY_NAME), found.agency.value(keys.AGENCY_DOMAIN_NAME))
        # A user asks for an agency with a token of its own account, whose projects are not the agency's.
        own = {"domain": {"name": found.values.get(keys.DOMAIN_NAME, "")}}
        return AgencyAuth(url, assumed, self._base(found, None, url, own), scope, self._calls())

    def _base(self, found: Found, project_id: str | None, url: str, scope: Scope) -> Auth:
        """The way to sign in itself, without an agency."""
        from ..api.auth import TokenAuth
        from ..api.iam import PasswordAuth, User
        from ..api.signing import AkSkAuth

        if found.way is Way.TOKEN:
            return TokenAuth(found.value(keys.TOKEN))
        if found.way is Way.KEYS:
            return AkSkAuth(
                found.value(keys.ACCESS_KEY),
                found.value(keys.SECRET_KEY),
                found.values.get(keys.SECURITY_TOKEN),
                project_id,
                clock=self._clock,
            )
        user = User(found.value(keys.USER_NAME), found.value(keys.USER_PASSWORD), found.value(keys.DOMAIN_NAME))
        return PasswordAuth(url, user, scope, self._calls())

    def _calls(self) -> Calls:
        from ..api.iam import Calls

        return Calls(self.settings.limits(), self._clock, self._budgets)

    # --- which project -------------------------------------------------------------------------------------

    def project_id(self, region: str) -> str:
        """The project id that a call without one is about; looked up where it is not given."""
        given = self.configured_project() or self.surrounding_project()
        return self.find_project(region) if given is None else self.resolved(given, region)

    def configured_project(self) -> GivenProject | None:
        """What the stack config says of the project."""
        id_, name = (self.settings.from_config(key) for key in (keys.PROJECT, keys.PROJECT_NAME))
        return _given(id_, name, keys.PROJECT.name, keys.PROJECT_NAME.name)

    def surrounding_project(self) -> GivenProject | None:
        """What the environment says of the project, or else the credentials file, if that is the way to sign in."""
        id_, name = (self.settings.from_environment(key) for key in (keys.PROJECT, keys.PROJECT_NAME))
        if id_ is None and name is None:
            try:
                found = self.found()
            except InputError:
                return None  # told where the way to sign in is checked
            return _given(found.project_id, None, f"project_id of {found.where}", "")
        source = self.settings.variable(keys.PROJECT) or keys.PROJECT.variable
        return _given(id_, name, source, keys.PROJECT_NAME.variable)

    def resolved(self, given: GivenProject, region: str) -> str:
        """The id of a given project, whose name IAM is asked about. An id counts before a name, as in Huawei's own
        provider; but a name that is another project's is an InputError. Other errors as for :meth:`find_project`."""
        if given.name is None:
            return str(given.id)
        if given.id is None:
            return self.find_project(region, given.name, given.named_by)
        looked = self._looked(region, given.name, given.named_by)
        # An IAM that cannot say is no contradiction: the id is there.
        if given.id in looked.ids or (looked.error is not None and not isinstance(looked.error, InputError)):
            return given.id
        said = f"project {', '.join(looked.ids)}" if looked.ids else "no project that this sign-in may see"
        raise InputError(
            keys.PROJECT.name,
            f"{given.source} is {given.id}, but {given.named_by} is {given.name!r}, which is {said}; unset one of them",
        )

    def find_project(self, region: str, name: str | None = None, named_by: str = "") -> str:
        """The id of the project of this name, or else of the one that is called as the region is, by IAM; asked at most
        once for the same sign-in. ``named_by`` is the setting that has the name.

        InputError where there is none or there are several; RomaApiError or RomaConnectionError where IAM cannot
        say.
        """
        looked = self._looked(region, name or region, named_by)
        if looked.error is not None:
            raise fresh(looked.error) from looked.error
        return looked.ids[0]

    def _looked(self, region: str, name: str, named_by: str) -> _Looked:
        found = self.found()
        url = self.settings.auth_url(region, found)
        auth, calls = self.auth(region, project_name=name), self._calls()
        key = (url, region, name, *_identity(found))
        with self._asking:
            if key not in self._projects:
                write = _NAMES_ID_IN_SHELL if self.settings.config is keys.no_stack else _NAMES_ID
                self._projects[key] = _asked(calls.transport(url, auth), name, region, named_by, write)
            return self._projects[key]

    # --- where it is refused -------------------------------------------------------------------------------

    def hints(self, error: RomaApiError) -> list[str]:
        """What to say to an answer that refuses the sign-in: where it came from, and before that a clock that is
        wrong. Never a value."""
        try:
            found = self.found()
        except InputError as problem:
            return [f"the sign-in was refused: {problem}"]
        skew = self._skew(error.server_date) if found.way is Way.KEYS else None
        return [*filter(None, [skew]), _hint(found)]

    def _skew(self, server: float | None) -> str | None:
        now = self._clock.epoch()
        if server is None or abs(now - server) <= SKEW_SECONDS:
            return None
        wrong = f"{abs(now - server) / 60:.0f} min {'ahead' if now > server else 'behind'}"
        return (
            f"this machine's clock says {_spelled(now)}, the server's {_spelled(server)}: it is {wrong}, and a "
            "signature counts for 15 minutes only; set the clock"
        )


def _identity(found: Found) -> tuple[object, ...]:
    """What tells one sign-in from another."""
    agency = () if found.agency is None else _identity(found.agency)
    return (found.way, *sorted((key.name, value) for key, value in found.values.items()), *agency)


def _given(id_: str | None, name: str | None, source: str, named_by: str) -> GivenProject | None:
    if id_ is None and name is None:
        return None
    return GivenProject(id_, name, source if id_ is not None else named_by, named_by)


_NAMES_ID = (
    f"write the id of one: argument project_id, `pulumi config set {keys.PROJECT.name} ID`, or environment "
    f"variable {keys.PROJECT.variable}"
)
_NAMES_ID_IN_SHELL = f"write the id of one: option --project-id, or environment variable {keys.PROJECT.variable}"


def _asked(transport: Transport, name: str, region: str, named_by: str, write: str) -> _Looked:
    """The projects of a name; with the error, to be kept, that says why there is not one, and what to ``write``."""
    from ..api.iam import projects

    try:
        listed = projects(transport, name)
    except RomaError as error:
        return _Looked(error=error)
    ids = tuple(project.id for project in listed if project.name == name and project.enabled is not False)
    if len(ids) == 1:
        return _Looked(ids)
    told = f"{name!r} ({named_by})" if named_by else repr(name)
    key = keys.PROJECT_NAME.name if named_by else keys.PROJECT.name
    if ids:
        return _Looked(ids, InputError(key, f"IAM shows several projects named {told}: {', '.join(ids)}; {write}"))
    shown: list[Project] = []
    with contextlib.suppress(RomaError):  # they are a help, no more
        shown = projects(transport)
    # Sub-projects are named REGION_NAME and are the likeliest to be meant.
    shown.sort(key=lambda project: (not project.name.startswith(region), project.name))
    known = ", ".join(f"{project.name} ({project.id})" for project in shown[:SHOWN])
    known = known or "none that this sign-in may see"
    return _Looked(error=InputError(key, f"IAM shows no project named {told}; there are: {known}; {write}"))


def _hint(found: Found) -> str:
    """Which settings an answer is about that refuses the sign-in."""
    refused = "the sign-in was refused"
    if found.agency is not None:
        own = _hint(replace(found, agency=None)).removeprefix(f"{refused}: ")
        return (
            f"{refused}: an agency was to be assumed, which came from {found.agency.source}. Check that the account "
            f"has made an agency of that name for yours, and that you may assume it (Agent Operator). And {own}"
        )
    if found.way is Way.TOKEN:
        return (
            f"{refused}: the token came from {found.source}; it may have expired (after 24 hours) or be "
            f"another project's. Get a new one and set {keys.TOKEN.variable}, or {keys.TOKEN.name} with --secret"
        )
    if found.way is Way.PASSWORD:
        return (
            f"{refused}: user name, password and account name came from {found.source}. They must be those of "
            "an IAM user (a HUAWEI ID gets no token); repeated wrong passwords lock the user"
        )
    said = f"{refused}: AK/SK came from {found.source}."
    if keys.SECURITY_TOKEN in found.values:
        return f"{said} Temporary keys expire, at the latest after 24 hours: get new ones, all three together"
    return (
        f"{said} Check that the two belong together and are active; temporary keys need their security token "
        "too. Five wrong signatures in a row lock a key for five minutes"
    )


def _spelled(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, tz=timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
