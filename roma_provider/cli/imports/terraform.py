"""The instances in a state of Terraform or OpenTofu: where each is, and what it is called. Nothing else is read.

Local state, and what `terraform state pull` prints, format 4. (A state holds secrets: none of it is ever shown.)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...texts import for_people

TYPE = "hcs_roma_connect_instance"
FORMAT = 4
MOST_BYTES = 100 * 1024 * 1024
STANDARD_INPUT = "-"
# As Terraform's own language has them.
_NAME = re.compile(r"[\w-]{1,200}")
# How much of a foreign key is of use in a resource's name.
_MOST_KEY = 60


@dataclass(frozen=True)
class Held:
    """An instance that a state holds. ``address`` is what `terraform state rm` takes; ``label`` names it among the
    others: the resource's name, with the key of `count` or `for_each`."""

    address: str
    label: str
    instance_id: str | None
    name: str | None
    region: str | None
    is_deposed: bool = False


def read(path: str) -> list[Held]:
    """The instances in a file, or on standard input (``-``); InputError for what is no state of format 4."""
    try:
        text = _bytes(path)
        if not text.strip():
            raise _no_state(path, "it is empty")
        data = json.loads(text)
    except OSError as error:
        raise InputError("--tfstate", f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise _no_state(path, "it is not JSON") from None
    return list(_held(path, data))


def _bytes(path: str) -> bytes:
    if path == STANDARD_INPUT:
        # Python has none where the shell has closed it, which its type does not tell.
        if getattr(sys, "stdin", None) is None:
            raise InputError("--tfstate", "standard input is closed; name a file")
        found = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with Path(path).open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise _no_state(path, f"it is larger than {MOST_BYTES >> 20} MiB")
    return found.removeprefix(b"\xef\xbb\xbf")


def _no_state(path: str, why: str) -> InputError:
    return InputError(
        "--tfstate",
        f"{path} is no state of Terraform that can be read: {why}. Write what `terraform state pull` (or `tofu state "
        f"pull`) prints in Terraform's folder into a new file and name that, or `-` for standard input",
    )


def _held(path: str, data: Any) -> Iterator[Held]:
    if not isinstance(data, dict):
        raise _no_state(path, "it is not an object")
    if "encrypted_data" in data:
        raise _no_state(path, "it is encrypted")
    if "format_version" in data:
        raise _no_state(path, "it is the output of `terraform show -json`, or a plan")
    version = data.get("version")
    if version != FORMAT or isinstance(version, bool):
        shown = version if isinstance(version, int) and abs(version) < 1000 else "unknown"
        raise _no_state(path, f"its format is {shown}, not {FORMAT}")
    for resource in _list(path, data, "resources"):
        if resource.get("mode", "managed") == "managed" and resource.get("type") == TYPE:
            for instance in _list(path, resource, "instances"):
                yield _one(resource, instance)


def _list(path: str, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key) or []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise _no_state(path, f"its {key!r} is not a list of objects")
    return found


def _one(resource: dict[str, Any], instance: dict[str, Any]) -> Held:
    attributes = instance.get("attributes")
    given = attributes if isinstance(attributes, dict) else {}
    name = _text(resource.get("name")) or "?"
    module = _text(resource.get("module"))
    key = instance.get("index_key")
    index = f"[{json.dumps(key)}]" if isinstance(key, int | str) and not isinstance(key, bool) else ""
    address = ".".join(filter(None, [module, TYPE, name])) + index
    label = "-".join([name, *([str(key)[:_MOST_KEY]] if index else [])])
    return Held(
        address=for_people(address),
        label=label if _NAME.fullmatch(name) else "instance",
        instance_id=_text(given.get("id")),
        name=_text(given.get("name")),
        region=_text(given.get("region")),
        is_deposed="deposed" in instance,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
