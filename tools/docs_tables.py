#!/usr/bin/env python3
"""Writes the tables of docs that the code knows: of arguments, fields, settings, commands; and the plugin's schema.

    docs_tables.py          writes what is stale, and names it
    docs_tables.py --check  writes nothing; exit code 1 if anything is stale

A table in a page stands between `<!-- NAME: … -->` and `<!-- end of NAME -->`; other pages are made whole.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel

from roma_provider import __version__
from roma_provider.api import models
from roma_provider.cli import codes
from roma_provider.config import keys
from roma_provider.hosts.plugin.schema import schema
from roma_provider.schema.catalogue import EXISTING, INSTANCE
from roma_provider.schema.columns import Argument, Change, Field
from roma_provider.schema.descriptions import AS_DECLARED, AS_RESOLVED, default_words, optional, page_name, text_words
from roma_provider.schema.fields import KNOWN_BEFORE, OMITTED, Part, outputs_of
from roma_provider.schema.kinds import BOTH, EDITION, RCU
from tools.docs_commands import commands_page

Cells: TypeAlias = Iterable[tuple[str, ...]]
"""The cells of a table, row by row."""

ROOT = Path(__file__).resolve().parent.parent
MADE = "made by `make docs-tables` from {}; what is written here by hand is lost"

ARGUMENTS = """\
What a program writes. One of `edition`, `product_id` and `rcu` tells the kind of an instance: *Edition* (POST
/v1/{project_id}/instances) or *RCU* (POST /v3/{project_id}/roma/instances; experimental). An argument of one kind is
refused for the other. Every argument is an output too: [fields](fields.md)."""
CHANGES = """\
`rcu` in place of an edition, or an edition in place of `rcu`, is another kind of instance, and replaces. What is taken
out of a program stays as it is. `maintain_begin` and `maintain_end` go together.

Values that mean the same are no change: zones in another order, an edition in other case, or one whose product id is
the same."""
FIELDS = """\
Every field of the seed page (GetCreateInstanceProcessV2) is an output, or stands below with the reason why not.
`tests/unit/schema/test_fields_page.py` holds these tables against the page and against the code.

An output that is also an argument has the argument's name. Any other has the field's name in snake_case. Types are
Python's. None stands for what the API leaves out or gives as null."""
EXISTING_OUTPUTS = """\
An `ExistingInstance`, and what `Instance.get` finds, have the same outputs. Of those that are as declared, an
`ExistingInstance` has none."""


@dataclass(frozen=True)
class Table:
    """What is made in a file: between the marks of a name, or all of it."""

    file: str
    render: Callable[[], str]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.file} ({self.name})" if self.name else self.file

    def apply(self, page: str) -> str:
        """The page with the table as it should be; ValueError if it has no place for it."""
        if not self.name:
            return self.render()
        begin, end = page.find(f"<!-- {self.name}:"), page.find(f"<!-- end of {self.name} -->")
        if not 0 <= begin < end:
            raise ValueError(f"{self.file}: write `<!-- {self.name}: … -->` and `<!-- end of {self.name} -->` into it")
        first = page.index("\n", begin) + 1
        return f"{page[:first]}\n{self.render()}\n\n{page[end:]}"


def main(arguments: list[str]) -> int:
    stale = []
    for table in tables():
        path = ROOT / table.file
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            made = table.apply(page)
        except ValueError as error:
            print(error)
            return 1
        if made != page:
            stale.append(str(table))
            if "--check" not in arguments:
                path.write_text(made, encoding="utf-8")
    if "--check" in arguments:
        print(f"stale: {', '.join(stale)}; run `make docs-tables`" if stale else "the tables are up to date")
        return 1 if stale else 0
    print(f"written: {', '.join(stale)}" if stale else "the tables were up to date")
    return 0


def tables() -> list[Table]:
    return [
        Table("docs/changes.md", argument_table, "arguments"),
        Table("docs/settings.md", settings_table, "settings"),
        Table("docs/signing-in.md", sign_in_table, "settings of signing in"),
        Table("docs/scripts.md", exit_codes_table, "exit codes"),
        Table("docs/arguments.md", arguments_page),
        Table("docs/fields.md", fields_page),
        Table("docs/commands.md", lambda: commands_page(_note("roma_provider/cli and emulator/control"))),
        Table("sdk/schema.json", schema_file),
    ]


def schema_file() -> str:
    """What other languages know of the package; as the plugin answers it."""
    return json.dumps(schema(__version__), indent=2, ensure_ascii=False) + "\n"


# --- arguments ------------------------------------------------------------------------------------------------


def argument_table() -> str:
    """Of docs/changes.md: the arguments by what a change of them means."""
    rows = [(_names(row for row in INSTANCE.values() if row.change is change), change.value) for change in Change]
    return _table(("argument", "when it changes"), rows)


def arguments_page() -> str:
    """docs/arguments.md."""
    heads = ("argument", "what it is", "type", "kinds", "needed, or default", "change", "sent as")
    rows = [
        (f"`{row.name}`", _markdown(row.doc), row.type, _kinds(row), _need(row), _word(row.change), _sent(row))
        for row in INSTANCE.values()
    ]
    words = [(_word(change), change.value) for change in Change]
    page = ["# Arguments", _note("roma_provider/schema/catalogue.py"), ARGUMENTS, "## Instance", _table(heads, rows)]
    page += [_table(("change", "when it changes"), words), CHANGES]
    for row in INSTANCE.values():
        for title, fields in _nested(row.name, row.fields):
            cells = [(f"`{field.name}`", field.type, _kinds(field), _markdown(field.doc)) for field in fields]
            page += [f"## `{title}`", _table(("field", "type", "kinds", "what it is"), cells)]
    existing = [(f"`{row.name}`", row.type, _need(row), _markdown(row.doc)) for row in EXISTING.values()]
    page += ["## ExistingInstance", _table(("argument", "type", "needed, or default", "what it is"), existing)]
    return "\n\n".join([*page, "A change of any of them is another reference; nothing is deleted."]) + "\n"


def _nested(path: str, fields: tuple[Field, ...]) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """The tables of a nested argument: its fields, and theirs."""
    if fields:
        yield path, fields
    for field in fields:
        inner = f"{path}.{field.name}{'[]' if field.type.startswith('Sequence') else ''}"
        yield from _nested(inner, field.fields)


def _kinds(row: Argument | Field) -> str:
    return "both" if row.kinds == BOTH else row.kinds[0].word


def _need(row: Argument) -> str:
    if row.required and not row.left_out:
        return "needed"
    return _markdown(default_words(row)).rstrip(".").replace("Default:", "default:")


def _sent(row: Argument) -> str:
    names = {kind: found.name for kind in (EDITION, RCU) if (found := row.sent_to(kind)) is not None}
    if len(set(names.values())) == 2:
        return " / ".join(f"`{name}` ({kind.word})" for kind, name in names.items())
    return "".join(f"`{name}`" for name in set(names.values()))


def _word(change: Change) -> str:
    return change.name.lower()


# --- fields -----------------------------------------------------------------------------------------------------

TITLES = {
    Part.INSTANCE: "The instance (`instance`)",
    Part.CREATION: "The creation (the answer around it)",
    Part.SERVICE: "A sub-service (an entry of `item`, of the output `services`)",
}


def fields_page() -> str:
    """docs/fields.md."""
    page = ["# Fields of the API and outputs of the resource", _note("roma_provider/schema/catalogue.py and fields.py")]
    page.append(FIELDS)
    for part in Part:
        omitted = [(f"`{_field(part, key)}`", why) for key, why in OMITTED[part].items()]
        page += [f"## {TITLES[part]}", _table(("field", "output", "type", ""), _shown(part))]
        page += [_table(("field", "why it is no output"), omitted)]
    page += ["## Outputs that no field gives", _table(("output", "type", "what it is"), _made()), EXISTING_OUTPUTS]
    return "\n\n".join(page) + "\n"


def _shown(part: Part) -> Cells:
    """The fields that are outputs, in the page's order."""
    arguments = {field: row for row in INSTANCE.values() if (field := _own_field(row)) is not None}
    computed = {row.name: row for row in outputs_of(part)}
    found: list[tuple[str, ...]] = []
    for key in _model(part).model_fields:
        field = f"`{_field(part, key)}`"
        if key in computed:
            row = computed[key]
            note = "0 becomes None" if row.time else row.note
            found.append((field, f"`{row.name}`", optional(row.type, row.always), _said(row.doc, note)))
        elif part is Part.INSTANCE and key in KNOWN_BEFORE:
            known = INSTANCE[KNOWN_BEFORE[key]]
            found.append((field, f"`{known.name}`", optional(known.type, known.always), _said(known.doc, AS_RESOLVED)))
        elif part is Part.INSTANCE and key in arguments:
            shown = arguments[key]
            note = shown.live.note if shown.live is not None else ""
            found.append((field, f"`{shown.name}`", optional(shown.type, shown.always), _said(shown.doc, note)))
    return found


def _made() -> Cells:
    """The outputs that are not a field's value."""
    found = [
        (f"`{row.name}`", optional(row.type, row.always), _markdown(row.doc))
        for row in outputs_of(Part.INSTANCE, Part.CREATION)
        if row.of
    ]
    found += [
        (f"`{row.text}`", optional("str", False), _markdown(text_words(row)))
        for row in outputs_of(Part.INSTANCE, Part.CREATION)
        if row.time
    ]
    for row in INSTANCE.values():
        type_ = optional(row.type, row.always)
        if row.live is not None and _own_field(row) is None:
            fields = " and ".join(f"`{page_name(field)}`" for field in row.live.fields)
            found.append((f"`{row.name}`", type_, _said(row.doc, f"From {fields}.")))
        elif row.live is None and row.name not in KNOWN_BEFORE.values():
            found.append((f"`{row.name}`", type_, _said(row.doc, AS_RESOLVED if row.always else AS_DECLARED)))
    return found + [
        (f"`services[].{row.text}`", optional("str", False), f"The sub-service's `{row.name}` as RFC 3339 text.")
        for row in outputs_of(Part.SERVICE)
        if row.time
    ]


def _own_field(row: Argument) -> str | None:
    """The one field that an argument is read from; None if there are several, or it is an output of its own too."""
    fields = row.live.fields if row.live is not None else ()
    computed = {output.name for output in outputs_of(Part.INSTANCE)}
    return fields[0] if len(fields) == 1 and fields[0] not in computed else None


def _model(part: Part) -> type[BaseModel]:
    model: type[BaseModel] = getattr(models, part.value)
    return model


def _field(part: Part, key: str) -> str:
    """The page's name of a field of a model."""
    field = _model(part).model_fields[key]
    choices = getattr(field.validation_alias, "choices", [field.alias or key])
    return str(choices[0])


# --- settings ---------------------------------------------------------------------------------------------------


def settings_table() -> str:
    """Of docs/settings.md: every setting."""
    return _settings(keys.SETTINGS)


def sign_in_table() -> str:
    """Of docs/signing-in.md: where the API is, and as whom it is asked."""
    return _settings(keys.SIGNING_IN)


def _settings(settings: Iterable[keys.Key]) -> str:
    rows = [
        (
            f"`{key.config}`{' (secret)' if key.secret else ''}" if key.config else "",
            ", ".join(f"`{variable}`" for variable in key.variables),
            key.doc.replace("|", "\\|") + (f"; default `{key.default}`" if key.default else ""),
        )
        for key in settings
    ]
    return _table(("stack config", "environment", "what it is"), rows)


# --- commands ---------------------------------------------------------------------------------------------------


def exit_codes_table() -> str:
    """Of docs/scripts.md: every exit code, with the commands that have it."""
    every = ", ".join(f"`{command}`" for command in codes.OWN)
    rows: list[tuple[str, ...]] = []
    for code in codes.Code:
        rows += [(f"{int(code)}", f"`{name}`", own[code]) for name, own in codes.OWN.items() if code in own]
        rows += [(f"{int(code)}", "all", codes.COMMON[code])] if code in codes.COMMON else []
    return f"{_table(('code', 'command', 'when'), rows)}\n\nAll are {every}."


# --- Markdown ---------------------------------------------------------------------------------------------------


def _table(heads: tuple[str, ...], rows: Cells) -> str:
    lines = [f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def _names(rows: Iterable[Argument]) -> str:
    return ", ".join(f"`{row.name}`" for row in rows)


def _markdown(words: str) -> str:
    """A docstring's words in Markdown."""
    return words.replace("``", "`")


def _said(words: str, note: str) -> str:
    """What a field is, and what becomes of its value."""
    note = _markdown(note).rstrip(".")
    return f"{_markdown(words)} {note[:1].upper()}{note[1:]}.".strip() if note else _markdown(words)


def _note(source: str) -> str:
    return f"<!-- {MADE.format(source)} -->"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
