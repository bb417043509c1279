"""`roma doctor --record`: the answers of an account, kept in a file so that docs/assumptions.md can be held to them.

GETs alone: both lists, /process of an instance of each kind and status, and two questions whose answer is an error.
What is the account's own is taken out (``masking``) before anything is written.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ...api.exchange import Exchange, ask
from ...api.kinds import is_id
from ...api.transport import Transport
from ...config.keys import SECRETS
from ...errors import InputError, RomaError
from ...lifecycle.session import Session
from ..place import named_region
from ..preview.hiding import Hiding
from .masking import Masking

FORMAT = 1
# /process is asked for so many instances at most, each of another kind or status.
MOST_INSTANCES = 6
REGION = re.compile(r"[a-z]{2,4}-[a-z]{2,12}-[0-9]{1,3}")

# The rows of docs/assumptions.md that an answer is about.
LIST, PAGED, ROMA_LIST = (10, 7, 15, 19), (10,), (25, 26)
PROCESS, PROCESS_OF_RCU, MISSING, NO_API = (4, 7, 8, 28), (27, 28, 7, 8), (5,), (6,)


@dataclass(frozen=True)
class Recorded:
    """An exchange, and the rows of docs/assumptions.md that it is about."""

    exchange: Exchange
    rows: tuple[int, ...]


def record(session: Session, region: str | None, project_id: str | None, package: str) -> dict[str, Any]:
    """What the file will hold; RomaError where nothing can be asked."""
    place = named_region(session, region)
    project = project_id or session.project_id(place)
    transport = session.transport(place, project)
    recorded = list(_asked(transport, project))
    masking = Masking(_secrets(session, place, project))
    shown = {project: masking.identifier(project)}
    found = {
        "format": FORMAT,
        "package": package,
        "recorded": f"{datetime.fromtimestamp(session.clock.epoch(), tz=timezone.utc):%Y-%m-%d}",
        "region": place if REGION.fullmatch(place) else None,
        "exchanges": [_written(one, project, shown[project], masking) for one in recorded],
    }
    # Once more, as a whole: by the variables of this shell that are named as secrets.
    hidden: dict[str, Any] = Hiding(session.settings.environment).hidden(found)
    return hidden


def write(path: Path, found: Mapping[str, Any]) -> None:
    """Write a file that is not there yet; InputError where that cannot be."""
    try:
        with open(path, "x", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(json.dumps(found, indent=1) + "\n")
    except FileExistsError:
        raise InputError("--record", "there is a file of that name; write the name of a new one") from None
    except OSError as error:
        raise InputError("--record", f"the file cannot be written: {error.strerror or error}") from None


def _for_its_owner(path: str, flags: int) -> int:
    """Others may read it when somebody has, and says so."""
    return os.open(path, flags, 0o600)


def _asked(transport: Transport, project: str) -> Iterator[Recorded]:
    listed = ask(transport, "list_instances", f"/v2/{project}/instances", {"offset": "0", "limit": "100"})
    yield Recorded(listed, LIST)
    yield Recorded(ask(transport, "list_instances", f"/v2/{project}/instances", {"offset": "0", "limit": "1"}), PAGED)
    roma = ask(transport, "list_roma_instances", f"/v3/{project}/roma/instances")
    yield Recorded(roma, ROMA_LIST)
    for instance_id, is_rcu in _chosen(listed, roma):
        rows = PROCESS_OF_RCU if is_rcu else PROCESS
        yield Recorded(ask(transport, "creation_progress", _process(project, instance_id)), rows)
    yield Recorded(ask(transport, "creation_progress", _process(project, str(uuid.uuid4()))), MISSING)
    yield Recorded(ask(transport, "no_api", f"/v2/{project}/no-such-api"), NO_API)


def _process(project: str, instance_id: str) -> str:
    return f"/v2/{project}/instances/{instance_id}/process"


def _chosen(listed: Exchange, roma: Exchange) -> list[tuple[str, bool]]:
    """An instance of each kind and status, with whether it is one of RCUs."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for entry in (*_entries(roma), *_entries(listed)):
        instance_id, status = entry.get("id") or entry.get("instance_id"), str(entry.get("status"))
        category = str(entry.get("category") or "roma")
        if (
            isinstance(instance_id, str)
            and is_id(instance_id)
            and instance_id not in {id_ for id_, _ in found.values()}
        ):
            found.setdefault((category, status), (instance_id, category != "roma"))
    return list(found.values())[:MOST_INSTANCES]


def _entries(exchange: Exchange) -> list[dict[str, Any]]:
    entries = exchange.body.get("instances") if isinstance(exchange.body, dict) else None
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _secrets(session: Session, region: str, project: str) -> set[str]:
    """All that is known to be one here: of the settings, the way to sign in, and what was fetched with it."""
    environment = session.settings.environment
    found = {environment.get(name, "").strip() for key in SECRETS for name in key.variables}
    try:
        way = session.sign_in.found()
        found |= set(way.values.values()) | set((way.agency.values if way.agency else {}).values())
        found |= set(session.sign_in.auth(region, project).secrets)
    except RomaError:
        pass  # what has signed in until here is known
    return {secret for secret in found if secret}


def _written(one: Recorded, project: str, shown: str, masking: Masking) -> dict[str, Any]:
    exchange = one.exchange
    parts = [masking.identifier(part) if _is_long(part) else part for part in exchange.path.split("/")]
    path = "/".join(parts).replace(shown, "{project_id}").replace(project, "{project_id}")
    answer = {"status": exchange.status, "json": exchange.is_json, "body": masking.body(exchange.body)}
    request = {"method": "GET", "path": path, "query": dict(exchange.params)}
    return {"operation": exchange.operation, "assumptions": list(one.rows), "request": request, "answer": answer}


def _is_long(part: str) -> bool:
    """Whether a part of a path is an id: no word of the API has a digit and is so long."""
    return len(part) >= 8 and any(char.isdigit() for char in part)
