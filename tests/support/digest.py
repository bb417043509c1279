"""Documents of `pulumi preview --json`, as small as a test of `roma preview-summary` needs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from roma_provider.cli.preview.document import Document, read
from roma_provider.cli.preview.hiding import Hiding
from tests.support.fakes import ID

STACK_URN = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
CREATED = 1741262473785
NOW = CREATED / 1000 + 73 * 3600
OUTPUTS = {"name": "roma-2222", "status": "RUNNING", "connect_address": "10.1.2.3", "created_at": CREATED}


def urn(name: str = "integration", kind: str = "pulumi-python:dynamic/roma:Instance") -> str:
    return f"urn:pulumi:prod::shop::{kind}::{name}"


def step(op: str, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None) -> dict[str, Any]:
    """A step of an instance; ``old`` and ``new`` are its states, beside the id and the outputs of one that is up."""
    found: dict[str, Any] = {"op": op, "urn": urn()}
    if old is not None:
        found["oldState"] = {"id": ID, "outputs": OUTPUTS, **old}
    if new is not None:
        found["newState"] = new
    return found


def replacement(**changes: Any) -> dict[str, Any]:
    """The replacement of an instance because of its VPC."""
    found = step("replace", {"inputs": {"vpc_id": "vpc-1"}}, {"inputs": {"vpc_id": "vpc-2"}})
    detail = {"vpc_id": {"kind": "update-replace", "inputDiff": True}}
    return {**found, "replaceReasons": ["vpc_id"], "detailedDiff": detail, **changes}


def told(message: str, severity: str = "warning", of: str = urn()) -> dict[str, Any]:
    """A diagnostic, about an instance where ``of`` does not say otherwise."""
    about = {"urn": of} if of else {}
    before = f"{severity}: " if severity in ("warning", "error") else ""
    return {**about, "severity": severity, "message": f"{before}{message}\n"}


def digest(*steps: dict[str, Any], diagnostics: Any = (), **more: Any) -> dict[str, Any]:
    """A document that came to its end."""
    return {"steps": list(steps), "diagnostics": list(diagnostics), "changeSummary": {"same": 1}, **more}


def document(folder: Path, given: Any, environment: dict[str, str] | None = None) -> Document:
    """The same, as it is read."""
    path = folder / "preview.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    return read(str(path), Hiding(environment or {}))
