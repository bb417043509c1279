"""The hosts that the engine has beside Python's run programs."""

from __future__ import annotations

from tests.engine.conftest import MakeStack

YAML = """
name: test
runtime: yaml
config:
  word: {type: string}
variables:
  said: ${word} and YAML
outputs:
  said: ${said}
"""


def test_a_program_in_yaml(make_stack: MakeStack) -> None:
    stack = make_stack("")
    (stack.folder / "Pulumi.yaml").write_text(YAML)
    stack.config("word", "engine")
    stack.up()
    assert stack.outputs() == {"said": "engine and YAML"}
