"""The endpoints under /_emulator: what tests and tools use to look behind the API and to meddle. No
authentication."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from ..core.defaults import milliseconds
from ..core.faults import Faults
from ..core.json_input import parsed_json
from ..core.orders import category_of
from ..core.settings import BadInputError, KeptSettings, checked_scenario, checked_seconds
from ..core.store import InstanceRecord
from ..service import answers
from ..service.gateway import Gateway
from ..service.openapi import document

CONTROL_PREFIX = "/_emulator"

_PATCHABLE = ("creation_seconds", "scenario", "status", "fields", "gone")


def control_router(gateway: Gateway) -> APIRouter:
    """The routes over a gateway's state."""
    router = APIRouter(prefix=CONTROL_PREFIX)
    _add_what_happened(router, gateway)
    _add_instances(router, gateway)
    _add_settings(router, gateway.settings)
    _add_faults(router, gateway.faults)
    return router


async def _object(request: Request) -> dict[str, Any]:
    try:
        body = parsed_json(await request.body())
    except ValueError as error:
        raise BadInputError(f"the body is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadInputError("the body must be a JSON object")
    return body


def _shown(record: InstanceRecord, now: int) -> dict[str, Any]:
    return {
        "id": record.instance_id,
        "name": answers.instance_of(record, now)["name"],
        "project_id": record.project_id,
        "status": answers.status_of(record, now),
        "progress": answers.creation_of(record, now).progress,
        "created_at": record.created_at,
        "scenario": record.scenario,
        "creation_seconds": record.creation_seconds,
        "category": category_of(record.request),
    }


def _checked_fields(record: InstanceRecord, fields: Any, now: int) -> Mapping[str, Any]:
    """The overrides of an instance with `fields` added; None drops them all."""
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise BadInputError("fields must be an object of seed fields, or null to drop all overrides")
    known = answers.instance_of(record, now)
    for name in fields:
        if name not in known:
            raise BadInputError(f"fields: unknown field {name!r}; write the name in /process, such as chargingMode")
        if name in ("status", "instanceId"):
            raise BadInputError(f"fields: {name} cannot be set here; for the status use the key status")
    merged = {**record.fields, **fields}
    changed = dataclasses.replace(record, fields=merged)
    try:
        answers.list_item_v2(changed, now)
        answers.list_item_v3(changed, now)
    except (ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise BadInputError(f"fields: a value that the lists cannot show: {error}") from error
    return merged


def _changes(record: InstanceRecord, patch: Mapping[str, Any], now: int) -> dict[str, Any]:
    """The columns that a PATCH changes."""
    changes: dict[str, Any] = {}
    for name, value in patch.items():
        if name == "creation_seconds":
            changes[name] = checked_seconds(name, value)
        elif name == "scenario":
            changes[name] = checked_scenario(value)
        elif name == "fields":
            changes[name] = _checked_fields(record, value, now)
        elif name == "gone":
            if value is not True:
                raise BadInputError("gone must be true, or be left out")
            changes["gone_at"] = now
        elif name == "status":
            if value is not None and not (isinstance(value, str) and value):
                raise BadInputError("status must be a string, or null to lift the override")
            changes[name] = value
            if value is not None and record.deleted_at is not None:
                # A deletion that ends in DELETE_FAILED leaves the instance where it is.
                changes |= {"deleted_at": None, "gone_at": None} | changes
        else:
            raise BadInputError(f"unknown key {name!r}; write one of {', '.join(_PATCHABLE)}")
    return changes


def _refused(error: BadInputError) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 400)


def _unknown(what: str) -> JSONResponse:
    return JSONResponse({"error": f"there is no {what}"}, 404)


def _add_what_happened(router: APIRouter, gateway: Gateway) -> None:
    @router.get("/calls")
    async def calls(operation: str | None = None) -> JSONResponse:
        return JSONResponse({"calls": gateway.calls.shown(operation)})

    @router.delete("/calls")
    async def clear_calls() -> JSONResponse:
        gateway.calls.clear()
        return JSONResponse({})

    @router.get("/openapi.json")
    async def openapi() -> JSONResponse:
        return JSONResponse(document())

    @router.get("/statistics")
    async def statistics() -> JSONResponse:
        return JSONResponse(gateway.store.counters())


def _add_instances(router: APIRouter, gateway: Gateway) -> None:
    store = gateway.store

    @router.get("/instances")
    async def instances() -> JSONResponse:
        now = milliseconds(gateway.clock)
        return JSONResponse({"instances": [_shown(record, now) for record in store.live(now)]})

    @router.patch("/instances/{instance_id}")
    async def patch_instance(request: Request, instance_id: str) -> JSONResponse:
        now = milliseconds(gateway.clock)
        try:
            patch = await _object(request)
            record = store.get(instance_id, now)
            if record is None:
                return _unknown(f"instance {instance_id}")
            store.change(instance_id, _changes(record, patch, now))
        except BadInputError as error:
            return _refused(error)
        gateway.operations.note_creating()
        return JSONResponse({})


def _add_settings(router: APIRouter, settings: KeptSettings) -> None:
    @router.get("/settings")
    async def show_settings() -> JSONResponse:
        return JSONResponse(dataclasses.asdict(settings.get()))

    @router.patch("/settings")
    async def change_settings(request: Request) -> JSONResponse:
        try:
            settings.change(await _object(request))
        except BadInputError as error:
            return _refused(error)
        return JSONResponse(dataclasses.asdict(settings.get()))


def _add_faults(router: APIRouter, faults: Faults) -> None:
    @router.post("/faults")
    async def add_fault(request: Request) -> JSONResponse:
        try:
            return JSONResponse({"id": faults.add(await _object(request)).id})
        except BadInputError as error:
            return _refused(error)

    @router.get("/faults")
    async def show_faults() -> JSONResponse:
        return JSONResponse({"faults": faults.shown()})

    @router.delete("/faults")
    async def end_faults() -> JSONResponse:
        faults.end()
        return JSONResponse({})

    @router.delete("/faults/{fault_id}")
    async def end_fault(fault_id: str) -> JSONResponse:
        return JSONResponse({}) if faults.end(fault_id) else _unknown(f"fault {fault_id}")
