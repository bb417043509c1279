"""Signing in: one object a session, which finds the way in, makes what signs requests, and explains a refusal.

What it makes and learns it remembers, good and bad: all who wait share one token and its renewal, and a lookup that
IAM has refused is not repeated for each instance of a program, which could lock the key.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import datetime, timezone

from ..api.auth import Auth, TokenAuth
from ..api.brake import Brakes
from ..api.iam import PasswordAuth, Project, User, projects
from ..api.signing import AkSkAuth
from ..api.transport import Transport
from ..clock import Clock
from ..errors import InputError, RomaApiError, RomaError, fresh
from . import credentials, keys
from .credentials import Found, Way
from .keys import Key
from .settings import Settings

# A signature counts for 15 minutes; a third of that is no doubt about which clock is to be set.
SKEW_SECONDS = 300.0
# How many projects an error lists.
SHOWN = 20


class SignIn:
    """How the calls of one session are signed. Safe to share between threads.

    ``brakes`` are those of the session, since IAM is a host as any other.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None, brakes: Brakes | None = None) -> None:
        self.settings = settings
        self._clock = clock or Clock()
        self._brakes = brakes or Brakes()
        self._making = threading.Lock()
        self._auths: dict[tuple[object, ...], Auth] = {}
        self._asking = threading.Lock()
        self._projects: dict[tuple[object, ...], str | RomaError] = {}

    # --- as whom -------------------------------------------------------------------------------------------

    def found(self) -> Found:
        """The way in that comes first; InputError where there is none, or where it is not whole."""
        return credentials.find(self.settings.config, self.settings.environment)

    def way_in(self) -> str:
        """Which way in is used, and where its parts came from; no values. InputError as for :meth:`found`."""
        found = self.found()
        return f"signing in with {found.way.value} from {found.source}"

    def auth(self, region: str | None = None, project_id: str | None = None) -> Auth:
        """What signs requests to one project, or with a region alone what IAM is asked about that region.

        One object for the same way and project. InputError as for :meth:`found`, and where a password is given, but
        no region to know whom to ask.
        """
        found = self.found()
        key: tuple[object, ...] = _identity(found)
        url = ""
        if found.way is Way.KEYS:
            key = (*key, project_id)
        elif found.way is Way.PASSWORD:
            region = region or self.settings.get(keys.REGION)
            if region is None:
                raise InputError(keys.REGION.name, keys.REGION.missing("region"))
            url = self.settings.auth_url(region, found)
            self.settings.limits()  # a wrong one is told whether or not there is an object already
            key = (*key, url, project_id or region)
        with self._making:
            if key not in self._auths:
                project = {"id": project_id} if project_id else {"name": str(region)}
                self._auths[key] = self._made(found, url, project)
            return self._auths[key]

    def _made(self, found: Found, url: str, project: dict[str, str]) -> Auth:
        if found.way is Way.TOKEN:
            return TokenAuth(found.value(keys.TOKEN))
        if found.way is Way.KEYS:
            return AkSkAuth(
                found.value(keys.ACCESS_KEY),
                found.value(keys.SECRET_KEY),
                found.values.get(keys.SECURITY_TOKEN),
                project.get("id"),
                clock=self._clock,
            )
        user = User(found.value(keys.USER_NAME), found.value(keys.USER_PASSWORD), found.value(keys.DOMAIN_NAME))
        limits = self.settings.limits()
        return PasswordAuth(url, user, project, limits=limits, clock=self._clock, brakes=self._brakes)

    # --- which project -------------------------------------------------------------------------------------

    def project_id(self, region: str) -> str:
        """The project id that a call without one is about; looked up where it is not given."""
        given = self.settings.from_config(keys.PROJECT) or self.surrounding(keys.PROJECT)[0]
        return given or self.find_project(region)

    def surrounding(self, key: Key) -> tuple[str | None, str]:
        """The value of a setting that is neither an argument's nor the stack config's, and what it was found in:
        the environment, or for a project id the credentials file, if that is the way in."""
        value = self.settings.from_environment(key)
        if value is None and key == keys.PROJECT:
            try:
                found = self.found()
            except InputError:
                return None, key.variable  # told where the way in is checked
            return found.project_id, f"project_id of {found.where}"
        return value, self.settings.variable(key) or key.variable

    def find_project(self, region: str) -> str:
        """The id of the project that is called as the region is, by IAM; asked at most once for the same sign-in.

        InputError where there is none or there are several; RomaApiError or RomaConnectionError where IAM cannot
        say.
        """
        found = self.found()
        url = self.settings.auth_url(region, found)
        auth, limits = self.auth(region), self.settings.limits()
        key = (url, region, *_identity(found))
        with self._asking:
            if key not in self._projects:
                transport = Transport(url, auth, limits, self._clock, brakes=self._brakes)
                self._projects[key] = _asked(transport, region)
            answer = self._projects[key]
        if isinstance(answer, RomaError):
            raise fresh(answer) from answer
        return answer

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
    return (found.way, *sorted((key.name, value) for key, value in found.values.items()))


def _asked(transport: Transport, region: str) -> str | RomaError:
    """The id of a region's project; or, to be kept, the error that says why there is none."""
    try:
        named = projects(transport, region)
        found = [project for project in named if project.name == region and project.enabled is not False]
        if len(found) == 1:
            return found[0].id
    except RomaError as error:
        return error
    write = (
        f"write the id of one: argument project_id, `pulumi config set {keys.PROJECT.name} ID`, or environment "
        f"variable {keys.PROJECT.variable}"
    )
    if found:
        ids = ", ".join(project.id for project in found)
        return InputError(keys.PROJECT.name, f"IAM shows several projects named {region!r}: {ids}; {write}")
    shown: list[Project] = []
    with contextlib.suppress(RomaError):  # they are a help, no more
        shown = projects(transport)
    # Sub-projects are named REGION_NAME and are the likeliest to be meant.
    shown.sort(key=lambda project: (not project.name.startswith(region), project.name))
    known = ", ".join(f"{project.name} ({project.id})" for project in shown[:SHOWN])
    known = known or "none that this sign-in may see"
    return InputError(keys.PROJECT.name, f"IAM shows no project named {region!r}; there are: {known}; {write}")


def _hint(found: Found) -> str:
    """Which settings an answer is about that refuses the sign-in."""
    refused = "the sign-in was refused"
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
