"""What each operation does, without HTTP's wire: an `ApiRequest` in, an `Answer` out, `RefusedCall` raised.

Guesses: DELETE answers 202 without a body (its only published client takes 200, 202 and 204) and takes a second DELETE
in its stride; an id of another project is as unknown as one that never was. A token that was asked for by the
project's name opens any project, since this emulator takes any project id; several projects of one name differ in
their ids only. Any agency of any account can be assumed but the one that is called "wrong", which IAM refuses with 403;
a POST for its token may be signed with AK/SK, without X-Domain-Id (documented is a token alone; Huawei's Go SDK signs).

Of RCU instances: what the V3 POST answers is not published; here it is what the v1 POST answers, 200 with
`instance_id`. `/process` and DELETE take them as they take the others. The V2 list does not show them: should the real
one do so, a client that uses the V3 list is none the worse, and one that relies on V2 is found out here. A category
that there is not finds nothing.
"""

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import md5
from typing import Any, NamedTuple

from ..core import refusals
from ..core.calls import ApiRequest
from ..core.defaults import DOMAIN_NAME, LISTED_NAMES, PROJECT_ID, REGION, Clock, milliseconds
from ..core.identifiers import Identifiers
from ..core.json_input import UnreadableJSONError, parsed_json
from ..core.orders import category_of
from ..core.refusals import Answer
from ..core.settings import KeptSettings
from ..core.store import InstanceRecord, IssuedToken, Store, User
from . import answers, signing
from .auth import AGENCY_REFUSED, EMULATOR_USER, PASSWORD_REFUSED, authenticate
from .validation import check_create_body, check_rcu_body

_STATUS_SPELLINGS = {"DELETE_FAILED": ("DELETE_FAILED", "DELETE_FALIED")}
_NAME_SPELLINGS: dict[str, Callable[[str], str]] = dict(
    zip(LISTED_NAMES, (str, str.upper, lambda name: f" {name} "), strict=True)
)
_MAX_PAGE = 100
_DOMAIN_ID = "d78cbac186b744899480f25bd022f468"


class Operations:
    """The API over a store."""

    def __init__(self, store: Store, settings: KeptSettings, clock: Clock, identifiers: Identifiers) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._identifiers = identifiers
        self._by_name: dict[str, Callable[[ApiRequest, User, int], Answer]] = {
            "create_instance": partial(self._create, check_create_body),
            "create_rcu_instance": partial(self._create, check_rcu_body),
            "creation_progress": self._creation_progress,
            "list_instances": self._list_instances,
            "list_roma_instances": self._list_roma_instances,
            "delete_instance": self._delete_instance,
        }

    def answer(self, request: ApiRequest) -> Answer:
        """Do it. Never raises for bad input: a refusal is an answer too."""
        now = milliseconds(self._clock)
        try:
            if request.operation == "create_token":
                return self._create_token(request, now)
            if request.operation == "list_projects":
                return self._list_projects(request, now)
            operation = self._by_name.get(request.operation)
            if operation is None:
                raise refusals.unknown_api()
            user = authenticate(request, self._store, now)
            if request.project_id is None or not 16 <= len(request.project_id) <= 128:
                raise refusals.invalid_query("project_id", "It must have 16 to 128 characters.")
            return operation(request, user, now)
        except refusals.RefusedCall as refusal:
            return refusal.answer

    def note_creating(self) -> None:
        """Keep the highest number of creations at once; it can only rise when one begins or is changed."""
        now = milliseconds(self._clock)
        creating = sum(answers.status_of(record, now) == "CREATING" for record in self._store.live(now))
        self._store.raise_counter("most_creating_at_once", creating)

    def _create(self, check: Callable[[Any], dict[str, Any]], request: ApiRequest, user: User, now: int) -> Answer:
        if not request.body:
            raise refusals.no_body()
        try:
            body = check(parsed_json(request.body))
        except UnreadableJSONError as error:
            raise refusals.invalid_parameter("body", f"It must be JSON: {error}.") from error
        settings = self._settings.get()
        record = InstanceRecord(
            instance_id=self._identifiers.instance_id(),
            project_id=str(request.project_id),
            job_id=self._identifiers.job_id(),
            order_id=self._identifiers.order_id(now),
            user_id=user.user_id,
            user_name=user.user_name,
            request=body,
            created_at=now,
            creation_seconds=settings.creation_seconds,
            scenario=settings.scenario,
            deleted_at=None,
            gone_at=None,
            status=None,
            fields={},
        )
        self._store.add(record)
        self.note_creating()
        return Answer(200, {"instance_id": record.instance_id})

    def _find(self, request: ApiRequest, now: int) -> InstanceRecord:
        record = self._store.get(str(request.instance_id), now)
        if record is None or record.project_id != request.project_id:
            raise refusals.unknown_instance()
        return record

    def _creation_progress(self, request: ApiRequest, user: User, now: int) -> Answer:
        return Answer(200, answers.process_answer(self._find(request, now), now))

    def _listed(self, request: ApiRequest, now: int) -> list[InstanceRecord]:
        """The project's instances that the lists know of, which lag behind POST; filtered by `status`."""
        newest = now - round(self._settings.get().list_lag_seconds * 1000)
        listed = [record for record in self._store.live(now, request.project_id) if record.created_at <= newest]
        status = request.query.get("status")
        if status is None:
            return listed
        if not 3 <= len(status) <= 128:
            raise refusals.invalid_query("status", "It must have 3 to 128 characters.")
        spellings = _STATUS_SPELLINGS.get(status, (status,))
        return [record for record in listed if answers.status_of(record, now) in spellings]

    def _seen(self, record: InstanceRecord, now: int) -> int:
        """The moment whose status the lists show of an instance."""
        return max(record.created_at, now - round(self._settings.get().status_lag_seconds * 1000))

    def _named(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries with their names as the settings want the lists to show them."""
        shown = _NAME_SPELLINGS[self._settings.get().listed_names]
        # An override can make a name of anything, or take it away.
        return [{**item, "name": shown(item["name"])} if isinstance(item.get("name"), str) else item for item in items]

    def _list_instances(self, request: ApiRequest, user: User, now: int) -> Answer:
        offset, limit = _bounded(request, "offset", 0), _bounded(request, "limit", 10)
        listed = [record for record in self._listed(request, now) if category_of(record.request) == "roma"]
        if "id" in request.query:
            listed = [record for record in listed if record.instance_id == request.query["id"]]
        page = self._named(
            [answers.list_item_v2(record, self._seen(record, now)) for record in listed[offset : offset + limit]]
        )
        return Answer(200, {"total": len(listed), "size": len(page), "instances": page})

    def _list_roma_instances(self, request: ApiRequest, user: User, now: int) -> Answer:
        items = self._named(
            [answers.list_item_v3(record, self._seen(record, now)) for record in self._listed(request, now)]
        )
        if "category" in request.query:
            items = [item for item in items if item["category"] == request.query["category"]]
        return Answer(200, {"total": len(items), "size": len(items), "instances": items})

    def _delete_instance(self, request: ApiRequest, user: User, now: int) -> Answer:
        record = self._find(request, now)
        if answers.instance_of(record, now)["prePay"]:
            raise refusals.prepaid_delete(record.instance_id)
        gone_at = now + round(self._settings.get().deletion_seconds * 1000)
        self._store.delete(record.instance_id, now, gone_at)
        return Answer(202)

    def _list_projects(self, request: ApiRequest, now: int) -> Answer:
        """The projects of the region that `name` says; without it, those of the default region."""
        self._signed_in(request, now)
        region = request.query.get("name", REGION)
        projects = [
            {
                "domain_id": _DOMAIN_ID,
                "is_domain": False,
                "parent_id": _DOMAIN_ID,
                "name": region,
                "description": "",
                "id": _project_id(region, number),
                "enabled": True,
                "links": {"self": f"/v3/projects/{_project_id(region, number)}"},
            }
            for number in range(self._settings.get().projects)
        ]
        links = {"self": "/v3/projects", "previous": None, "next": None}
        return Answer(200, {"links": links, "projects": projects})

    def _create_token(self, request: ApiRequest, now: int) -> Answer:
        try:
            auth = parsed_json(request.body)["auth"]
            identity, scope = auth["identity"], auth.get("scope", {}).get("project", {})
            assumed = identity["assume_role"] if identity.get("methods") == ["assume_role"] else None
            names = _agency_names(assumed) if assumed is not None else _user_names(identity["password"]["user"])
            region = str(scope.get("name", REGION))
            project_id = str(scope["id"]) if "id" in scope else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refusals.iam_error(400, "Request parameter is invalid.") from error
        by = None if assumed is None else self._signed_in(request, now)
        if assumed is None and identity["password"]["user"]["password"] == PASSWORD_REFUSED:
            raise refusals.iam_error(401, "The username or password is wrong.")
        if assumed is not None and assumed["agency_name"] == AGENCY_REFUSED:
            raise refusals.iam_error(403, "You are not authorized to perform the requested action.")
        caller, domain = _caller(names.name), {"name": names.domain}
        token = self._identifiers.token()
        expires_at = now + round(self._settings.get().token_seconds * 1000)
        self._store.add_token(token, IssuedToken(caller, expires_at, project_id))
        answer: dict[str, Any] = {
            "expires_at": _iso_microseconds(expires_at),
            "issued_at": _iso_microseconds(now),
            "methods": ["password" if assumed is None else "assume_role"],
            "project": {"id": project_id or _project_id(region, 0), "name": region, "domain": domain},
            "user": {"id": caller.user_id, "name": caller.user_name, "domain": domain},
            "catalog": [],
        }
        if by is not None:
            own = {"id": _DOMAIN_ID, "name": DOMAIN_NAME}
            answer["assumed_by"] = {"user": {"id": by.user_id, "name": by.user_name, "domain": own}}
        return Answer(201, {"token": answer}, {"X-Subject-Token": token})

    def _signed_in(self, request: ApiRequest, now: int) -> User:
        """The caller of an operation of IAM."""
        try:
            return authenticate(request, self._store, now)
        except refusals.RefusedCall as refusal:
            # Signatures are the gateway's to check, also before IAM; tokens are IAM's own.
            signed = request.headers.get("authorization", "").startswith(signing.ALGORITHM)
            raise refusal if signed else refusals.iam_authentication() from refusal


class _Names(NamedTuple):
    """Who a token is for."""

    name: str
    domain: str


def _user_names(user: Mapping[str, Any]) -> _Names:
    name, _password = str(user["name"]), str(user["password"])
    return _Names(name, str(user.get("domain", {}).get("name", name)))


def _agency_names(assumed: Mapping[str, Any]) -> _Names:
    """An agency is called DOMAIN/AGENCY where a user's name stands."""
    domain, agency = assumed["domain_name"], assumed["agency_name"]
    if not (isinstance(domain, str) and isinstance(agency, str) and domain and agency):
        raise ValueError("names are text")
    return _Names(f"{domain}/{agency}", domain)


def _caller(name: str) -> User:
    """The seed's user keeps the seed's id; any other has one of its own, always the same."""
    if name == EMULATOR_USER.user_name:
        return EMULATOR_USER
    return User(md5(name.encode(), usedforsecurity=False).hexdigest(), name)


def _project_id(region: str, number: int) -> str:
    """The id of a region's projects, always the same; the first of the default region is the one handed out."""
    if (region, number) == (REGION, 0):
        return PROJECT_ID
    return md5(f"{region} {number}".encode(), usedforsecurity=False).hexdigest()


def _bounded(request: ApiRequest, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= _MAX_PAGE):
        raise refusals.invalid_query(name, f"It must be a whole number from 0 to {_MAX_PAGE}.")
    return int(text)


def _iso_microseconds(time: int) -> str:
    moment = datetime.datetime.fromtimestamp(time / 1000, tz=datetime.timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
