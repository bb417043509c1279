"""docs/previews holds the documents of the cases and nothing else, and a list of them."""

from __future__ import annotations

from tests.engine.golden import FOLDER, Case, kept_text
from tests.engine.golden_cases import NOTHING, OF_COMPUTE, REFUSED, REPLACED, UPDATED
from tests.engine.golden_json import MONITOR_ENDED
from tests.engine.golden_programs import edition
from tests.engine.golden_states import (
    ADOPTED,
    ADOPTED_OTHERWISE,
    CREATED,
    DEPENDENTS,
    DRIFTED,
    DRIFTED_PLACE,
    FAILED,
    NAME_TAKEN,
    OTHER_REFERENCE,
    REFERENCE,
    RESUMED_CTRL_C,
    RESUMED_TIME_OUT,
    UNKNOWN,
    UNTOUCHED,
)

GROUPS: dict[str, list[Case]] = {
    "Made, adopted, and nothing else": [CREATED, NAME_TAKEN, ADOPTED, ADOPTED_OTHERWISE, *NOTHING],
    "Replaced: what is in the instance is lost": REPLACED + [case for case in OF_COMPUTE if case.op == "replace"],
    "Updated: only the console can, or nobody": UPDATED + [case for case in OF_COMPUTE if case.op == "update"],
    "Refused": REFUSED + [case for case in OF_COMPUTE if case.code],
    "Not ready": [RESUMED_TIME_OUT, RESUMED_CTRL_C, FAILED],
    "Changed elsewhere": [DRIFTED, DRIFTED_PLACE],
    "With other resources": [*UNKNOWN, UNTOUCHED, *DEPENDENTS],
    "Made by somebody else": [REFERENCE, OTHER_REFERENCE],
}
HEAD = f"""# Previews

What `pulumi preview` says of a change, as it stands in a terminal and as `--json` has it for tools. Each page is held
against the real engine by a test (`tests/engine/test_previews*.py`), and `pytest tests/engine -k previews
--update-goldens` writes the pages anew. From 3.274 on Pulumi adds `error: {MONITOR_ENDED}`
where something is refused; the pages leave it out. A page that shows no program is about this one, whose instance is
up:

```python
{edition()}```
"""


def index() -> str:
    parts = [HEAD]
    for title, cases in GROUPS.items():
        parts.append(f"## {title}\n\n" + "".join(f"- [{case.title}]({case.name}.md)\n" for case in cases))
    return "\n".join(parts)


def test_the_list_of_the_documents(update_goldens: bool) -> None:
    kept_text("README", index(), update_goldens)


def test_there_is_a_document_for_each_case_and_no_other() -> None:
    names = [case.name for cases in GROUPS.values() for case in cases]
    assert len(set(names)) == 45
    assert sorted([*names, "README"]) == sorted(path.stem for path in FOLDER.iterdir())
