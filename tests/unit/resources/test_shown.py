"""What `help()` shows of `Instance`."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from dataclasses import MISSING, fields

import pytest

import roma_provider as roma
from roma_provider.resources import shown
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.descriptions import argument_words

SIGNATURE = inspect.signature(roma.Instance)


def test_every_argument_is_a_keyword_with_its_default() -> None:
    found = {
        name: entry for name, entry in SIGNATURE.parameters.items() if entry.kind is inspect.Parameter.KEYWORD_ONLY
    }
    assert list(found) == [entry.name for entry in fields(roma.InstanceArgs)]
    needed = [entry.name for entry in fields(roma.InstanceArgs) if entry.default is MISSING]
    assert [name for name, entry in found.items() if repr(entry.default) == "<needed>"] == needed
    assert {entry.default for name, entry in found.items() if name not in needed} == {None}


def test_both_ways_to_write_the_arguments_bind() -> None:
    SIGNATURE.bind("x", roma.InstanceArgs(available_zones=["a"], vpc_id="v", subnet_id="s"))
    SIGNATURE.bind("x", available_zones=["a"], vpc_id="v", subnet_id="s", edition="basic")
    with pytest.raises(TypeError, match="colour"):
        SIGNATURE.bind("x", colour="red")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("vpc_id", "Input[str]"),
        ("name", "Input[str] | None"),
        ("available_zones", "Input[Sequence[Input[str]]]"),
        ("ipv6_enable", "Input[bool] | None"),
        ("mqs", "Input[MqsArgs] | None"),
    ],
)
def test_types_are_shown_as_a_program_writes_them(name: str, written: str) -> None:
    assert inspect.formatannotation(SIGNATURE.parameters[name].annotation) == written


def test_the_help_has_the_signature_and_a_line_for_each_argument() -> None:
    text = pydoc.plain(pydoc.render_doc(roma.Instance))
    assert f"__init__(self, {str(SIGNATURE)[1:]}" in text
    assert [row.name for row in INSTANCE.values() if f"- {row.name}: {argument_words(row)}\n" not in text] == []
    assert "that this stack owns: created with it" in text


def test_a_class_of_a_users_own_has_its_own_signature_and_words() -> None:
    class Mine(roma.Instance):
        """Ours."""

        def __init__(self, colour: str) -> None:
            """Not called."""

    assert (str(inspect.signature(Mine)), Mine.__doc__) == ("(colour: 'str') -> 'None'", "Ours.")


def test_a_parameter_of_the_constructors_own_stays() -> None:
    def init(self: object, resource_name: str, *, region: str = "mine", **arguments: object) -> None:
        """A constructor."""

    found = inspect.signature(shown.with_arguments(init)).parameters
    assert [found["region"].default, list(found)[:3]] == ["mine", ["self", "resource_name", "region"]]
    assert "arguments" not in found


def test_a_program_that_only_declares_loads_no_catalogue() -> None:
    text = "import sys, roma_provider; roma_provider.Instance; print('roma_provider.schema.catalogue' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"
