"""The pages of examples/go and examples/typescript as they stand, in a clone."""

from __future__ import annotations

from tests.engine.walks.reader import InClone


def test_the_page_of_go(go: str, in_clone: InClone) -> None:
    [block] = in_clone.page("examples/go/README.md")
    assert "+ 2 created" in in_clone.types(block).text
    [made] = in_clone.resources("roma-go", "roma:index:Instance")
    assert made["outputs"]["status"] == "RUNNING"


def test_the_page_of_typescript(npm: str, go: str, in_clone: InClone) -> None:
    [block] = in_clone.page("examples/typescript/README.md")
    assert "+ 2 created" in in_clone.types(block).text
    [made] = in_clone.resources("roma-typescript", "roma:index:Instance")
    assert made["outputs"]["status"] == "RUNNING"
