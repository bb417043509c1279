"""The text of an imported program: it says what was read, and nothing that was read is run or obeyed."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.cli.imports.program import Declared, Names, literal, program

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))  # half a pair is made whole at the models' edge
ID = "b037d389-62a4-464a-8461-c88797ad4f23"


def written(*declared: Declared, left_out: tuple[str, ...] = (), existing: bool = False, is_ascii: bool = False) -> str:
    return program(declared, left_out, existing=existing, is_ascii=is_ascii)


def calls(text: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Each statement after the imports: its variable, the class, the resource's name and the arguments."""
    found = []
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign):
            [target], call = statement.targets, statement.value
            assert isinstance(target, ast.Name)
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Attribute)
            keywords = {str(entry.arg): entry.value for entry in call.keywords}
            options = keywords.pop("opts", None)
            assert options is None or ast.unparse(options) == "pulumi.ResourceOptions(protect=True)"
            name = ast.literal_eval(call.args[0])
            given = {key: ast.literal_eval(value) for key, value in keywords.items()}
            found.append((target.id, call.func.attr, name, given))
        else:
            assert isinstance(statement, ast.Import | ast.Expr)
    return found


def test_an_instance_to_own() -> None:
    text = written(Declared("orders", {"instance_id": ID, "name": "orders", "available_zones": ["a", "b"]}, "why"))
    assert text.partition("import pulumi")[2] == (
        "\nimport roma_provider as roma\n"
        "\n"
        "# why\n"
        "orders = roma.Instance(\n"
        '    "orders",\n'
        f'    adopt_id="{ID}",\n'
        '    name="orders",\n'
        '    available_zones=["a", "b"],\n'
        "    opts=pulumi.ResourceOptions(protect=True),\n"
        ")"
    )


def test_an_instance_to_refer_to() -> None:
    text = written(Declared("orders", {"instance_id": ID}, "why"), existing=True)
    assert calls(text) == [("orders", "ExistingInstance", "orders", {"instance_id": ID})]
    assert "import pulumi\n" not in text


def test_what_is_left_out_is_a_comment() -> None:
    text = written(Declared("a", {}, "b"), left_out=("one\nimport os", "two ##vso[x]"))
    assert text.splitlines()[-2:] == ["# Not in here: one import os", "# Not in here: two # #vso[x]"]


@given(st.recursive(TEXTS | st.booleans() | st.integers(), lambda inner: st.lists(inner, max_size=3)), st.booleans())
def test_a_literal_is_its_value_in_one_harmless_line(value: Any, is_ascii: bool) -> None:
    text = literal(value, is_ascii=is_ascii)
    assert ast.literal_eval(text) == value
    assert text.isprintable()
    assert text.isascii() or not is_ascii
    assert "##" not in text


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.booleans(), st.booleans())
def test_whatever_instances_are_called(named: list[tuple[str, str]], existing: bool, is_ascii: bool) -> None:
    declared = [Declared(label, {"instance_id": ID, "name": text}, text) for label, text in named]
    text = written(*declared, left_out=tuple(text for _, text in named), existing=existing, is_ascii=is_ascii)
    found = calls(text)
    assert [given["name"] for *_, given in found] == [name for _, name in named]
    for column in (0, 2):
        names = [str(call[column]) for call in found]
        assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.isascii() and not keyword.iskeyword(name) for name, *_ in found)
    assert {unicodedata.category(char) for char in text.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
    assert re.search(r"##(vso)?\[|^\s*::", text, re.IGNORECASE | re.MULTILINE) is None


@pytest.mark.parametrize(
    ("label", "resource", "variable"),
    [
        ("roma-2222", "roma-2222", "roma_2222"),
        ("Orders.EU", "Orders.EU", "orders_eu"),
        ("集成", "集成", "instance"),
        ("2nd", "2nd", "instance_2nd"),
        ("class", "class", "class_2"),
        ("list", "list", "list_2"),
        ("pulumi", "pulumi", "pulumi_2"),
        ("roma", "roma", "roma_2"),
        ('stock["eu"]', "stock-eu", "stock_eu"),
        ("urn::x", "urn-x", "urn_x"),
        ("__init__", "__init__", "init"),
        ("../..", "instance", "instance"),
        ("", "instance", "instance"),
        ("x" * 300, "x" * 100, "x" * 100),
    ],
)
def test_names(label: str, resource: str, variable: str) -> None:
    resources, variables = Names(), Names()
    assert (resources.resource(label), variables.variable(resource)) == (resource, variable)


def test_names_that_would_be_the_same() -> None:
    resources, variables = Names(), Names()
    given = [resources.resource(label) for label in ("a b", "a-b", "a-b-2", "a_b", "A-B")]
    assert given == ["a-b", "a-b-2", "a-b-2-2", "a_b", "A-B"]
    assert [variables.variable(name) for name in given] == ["a_b", "a_b_2", "a_b_2_2", "a_b_3", "a_b_4"]
