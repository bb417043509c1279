"""Which Pulumi backend this run is of, as far as its environment tells.

Two backends may have a stack of the same project and name, and so the same URNs; the journal tells them apart by this.
Neither the engine nor the SDK says it. ``PULUMI_BACKEND_URL`` does, else the project's file, else what `pulumi login`
has left.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path


def backend(environment: Mapping[str, str], folder: Path | None = None) -> str:
    """A digest of the backend's address, which may hold a password; "" where none is found."""
    url = environment.get("PULUMI_BACKEND_URL", "").strip() or _of_project(folder) or _logged_in(environment)
    return hashlib.sha256(url.encode()).hexdigest()[:16] if url else ""


def _of_project(folder: Path | None) -> str | None:
    """``backend: url:`` of the Pulumi.yaml above the working folder."""
    try:
        here = folder or Path.cwd()
        found = next((path for parent in (here, *here.parents) if (path := parent / "Pulumi.yaml").is_file()), None)
        text = "" if found is None else found.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    match = re.search(r"^backend:\s*\n(?:[ \t]+.*\n)*?[ \t]+url:[ \t]*(\S+)", text, re.MULTILINE)
    return match[1].strip("\"'") if match else None


def _logged_in(environment: Mapping[str, str]) -> str | None:
    try:
        home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
        data = json.loads((home / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):
        return None
    current = data.get("current") if isinstance(data, dict) else None
    return current if isinstance(current, str) else None
