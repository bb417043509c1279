"""The fields that the seed page (GetCreateInstanceProcessV2) names, as the page has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, Mapping[str, str]]
"""Of each object of the answer (response, instance, item): from a field's name to its type on the page."""

DATA = Path(__file__).parents[1] / "data" / "seed_fields.json"
PAGE = Path(__file__).parents[3] / "shared" / "roma-get-create-process.zh.txt"
_TYPES = {str: "String", int: "Integer"}


def seed_fields() -> Fields:
    """What the repository keeps of the page, for a checkout that has no page beside it."""
    fields: Fields = json.loads(DATA.read_text(encoding="utf-8"))
    return fields


def read(page: str) -> Fields:
    """The same from the page's text. It has tables for the answer and for the instance; an item is shown in the
    example alone, and so its types are those of the example's values."""
    tables = page.split("响应参数")[1].split("请求示例")[0].split("---|---|---|")[1:]
    rows = [re.findall(r"^([A-Za-z0-9_]+) \|\n([A-Za-z ]+) \|\n.+ \|$", table, re.MULTILINE) for table in tables]
    answer, instance = (dict(found) for found in rows)
    example = json.JSONDecoder().raw_decode(page[page.index("{\n") :])[0]
    item = {key: _TYPES[type(value)] for key, value in example["item"][0].items()}
    return {"response": answer, "instance": instance, "item": item}
