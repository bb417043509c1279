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

# What Pulumi takes for a project's file, in its order.
PROJECT_FILES = ("Pulumi.json", "Pulumi.yaml", "Pulumi.yml")
_KEY = r"""["']?{}["']?[ \t]*:"""
_BLOCK = re.compile(r"^backend:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n|[ \t]+.*\n)*?[ \t]+url:[ \t]*(\S+)", re.MULTILINE)
# Of YAML's flow style, and of JSON: within the braces, a quoted text or what ends at a blank, a comma or the brace.
_FLOW = re.compile(
    rf"""^[ \t]*{_KEY.format("backend")}\s*\{{[^}}]*?{_KEY.format("url")}\s*("[^"\n]*"|'[^'\n]*'|[^\s,}}]+)""",
    re.MULTILINE,
)


def backend(environment: Mapping[str, str], folder: Path | None = None) -> str:
    """A digest of the backend's address, which may hold a password; "" where none is found."""
    url = environment.get("PULUMI_BACKEND_URL", "").strip() or _of_project(folder) or _logged_in(environment)
    return hashlib.sha256(url.encode()).hexdigest()[:16] if url else ""


def _of_project(folder: Path | None) -> str | None:
    """``backend: url:`` of the project's file in the working folder, or above it."""
    try:
        here = folder or Path.cwd()
        paths = (parent / name for parent in (here, *here.parents) for name in PROJECT_FILES)
        found = next((path for path in paths if path.is_file()), None)
        text = "" if found is None else found.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    match = _BLOCK.search(text) or _FLOW.search(text)
    return match[1].strip("\"'") if match else None


def _logged_in(environment: Mapping[str, str]) -> str | None:
    try:
        home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
        data = json.loads((home / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):
        return None
    current = data.get("current") if isinstance(data, dict) else None
    return current if isinstance(current, str) else None
