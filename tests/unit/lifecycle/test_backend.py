"""Which Pulumi backend a run is of: told by a digest, never by its address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roma_provider.lifecycle.backend import backend

S3 = "s3://canary-bucket?region=eu"


def project(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(text)
    return folder


def login(home: Path, text: str) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "credentials.json").write_text(text)
    return {"PULUMI_HOME": str(home)}


def test_the_variable_says_it_as_a_digest(tmp_path: Path) -> None:
    found = backend({"PULUMI_BACKEND_URL": f" {S3} "}, tmp_path)
    assert len(found) == 16
    assert "canary" not in found
    assert found == backend({"PULUMI_BACKEND_URL": S3}, tmp_path)
    assert found != backend({"PULUMI_BACKEND_URL": S3 + "2"}, tmp_path)


def test_the_project_s_file_says_it_from_a_folder_below_too(tmp_path: Path) -> None:
    here = project(tmp_path / "shop", f"name: shop\nbackend:\n  # ours\n  url: '{S3}'\nruntime: python\n")
    (here / "src").mkdir()
    known = backend({"PULUMI_BACKEND_URL": S3})
    assert backend({"PULUMI_HOME": str(tmp_path)}, here) == known
    assert backend({"PULUMI_HOME": str(tmp_path)}, here / "src") == known
    assert backend({"PULUMI_BACKEND_URL": "file://x"}, here) != known


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Pulumi.yaml", "name: shop\nbackend: {url: %s}\n"),
        ("Pulumi.yaml", 'name: shop\nbackend: { "url": "%s", }\n'),
        ("Pulumi.yaml", "backend: {\n  # ours\n  url: '%s'\n}\nname: shop\n"),
        ("Pulumi.yaml", "backend:  # ours\n\n  url: %s\n"),
        ("Pulumi.yml", "backend:\n    url: %s\n"),
        ("Pulumi.json", '{"name": "shop", "runtime": "python",\n "backend": {"url": "%s"}}'),
        ("Pulumi.json", '{\n  "backend": {\n    "url": "%s"\n  }\n}'),
    ],
)
def test_every_form_of_the_project_s_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text % S3)
    assert backend({"PULUMI_HOME": str(tmp_path)}, tmp_path) == backend({"PULUMI_BACKEND_URL": S3})


@pytest.mark.parametrize(
    "text",
    [
        "name: shop\n",
        "name: shop\nconfig:\n  url: x\n",
        "backend:\nurl: x\n",
        "backend: {}\n",
        "backend: {}\nx: {url: y}\n",
        "\udcff",
    ],
)
def test_a_project_without_one_leaves_it_to_the_login(tmp_path: Path, text: str) -> None:
    here = tmp_path / "shop"
    here.mkdir()
    (here / "Pulumi.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    home = login(tmp_path / "home", json.dumps({"current": S3, "accounts": {}}))
    assert backend(home, here) == backend({"PULUMI_BACKEND_URL": S3})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"current": null}', '{"current": 1}', "{"])
def test_a_login_that_says_nothing(tmp_path: Path, text: str) -> None:
    assert backend(login(tmp_path / "home", text), tmp_path) == ""


def test_where_nothing_says_it(tmp_path: Path) -> None:
    assert backend({"PULUMI_HOME": str(tmp_path / "none"), "PULUMI_BACKEND_URL": " "}, tmp_path) == ""
