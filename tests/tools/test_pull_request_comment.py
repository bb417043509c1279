"""examples/pull-request-preview: the script that keeps one comment, against GitHub's and GitLab's API as they are
documented; and what its workflow may do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.support.server import Server, raw

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "pull-request-preview"
MARKER = "<!-- roma-preview-summary prod -->"
TEXT = f"{MARKER}\n### Pulumi preview of `prod`\n\nÜ\n"
BOT, SOMEBODY = "github-actions[bot]", "somebody"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def answers(server: Server, *bodies: Any) -> None:
    server.first = [raw(200, json.dumps(body)) for body in bodies]


def run(folder: Path, server: Server, *, text: str = TEXT, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "comment.md").write_text(text, encoding="utf-8")
    given = {
        "GITHUB_API_URL": server.endpoint,
        "GITHUB_REPOSITORY": "team/shop",
        "GITHUB_TOKEN": "t0ken",
        "PULL_REQUEST": "7",
        **environment,
    }
    command = [sys.executable, str(EXAMPLE / "comment.py"), "comment.md"]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=60)


def gitlab(server: Server) -> dict[str, str]:
    return {
        "CI_MERGE_REQUEST_IID": "7",
        "CI_API_V4_URL": f"{server.endpoint}/api/v4",
        "CI_PROJECT_ID": "3",
        "GITLAB_TOKEN": "t0ken",
    }


def github(number: int, body: str | None, login: str = BOT) -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"login": login}}


def calls(server: Server) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _, _ in server.requests]


LISTED = ("GET", "/repos/team/shop/issues/7/comments?per_page=100&page=1")


def test_the_first_time_a_comment_is_made(tmp_path: Path, server: Server) -> None:
    answers(server, [github(1, "hello"), github(2, None)], {})
    ran = run(tmp_path, server)
    assert (ran.returncode, ran.stdout) == (0, "made\n"), ran.stderr
    assert calls(server) == [LISTED, ("POST", "/repos/team/shop/issues/7/comments")]
    _, _, headers, body = server.requests[1]
    assert json.loads(body) == {"body": TEXT}
    assert headers["authorization"] == "Bearer t0ken"


def test_from_then_on_it_is_edited(tmp_path: Path, server: Server) -> None:
    first = [github(number, "x") for number in range(100)]
    # Of somebody else, of another stack, not in the first line: none of them is it.
    others = [github(101, TEXT, SOMEBODY), github(102, MARKER.replace("prod", "dev")), github(103, f"x\n{MARKER}")]
    answers(server, first, [*others, github(104, f"{MARKER}\r\nold"), github(105, TEXT)], {})
    ran = run(tmp_path, server)
    assert (ran.returncode, ran.stdout) == (0, "edited\n"), ran.stderr
    second = (LISTED[0], LISTED[1].replace("&page=1", "&page=2"))
    assert calls(server) == [LISTED, second, ("PATCH", "/repos/team/shop/issues/comments/104")]
    assert json.loads(server.requests[2][3]) == {"body": TEXT}


def test_another_author(tmp_path: Path, server: Server) -> None:
    answers(server, [github(1, TEXT), github(2, TEXT, SOMEBODY)], {})
    assert run(tmp_path, server, COMMENT_AUTHOR=SOMEBODY).stdout == "edited\n"
    assert calls(server)[1] == ("PATCH", "/repos/team/shop/issues/comments/2")


def test_on_gitlab(tmp_path: Path, server: Server) -> None:
    notes = [{"id": number, "body": TEXT, "author": {"id": author}} for number, author in ((1, 5), (2, 6))]
    answers(server, {"id": 6}, notes, {})
    ran = run(tmp_path, server, **gitlab(server))
    assert (ran.returncode, ran.stdout) == (0, "edited\n"), ran.stderr
    place = "/api/v4/projects/3/merge_requests/7/notes"
    listed = ("GET", f"{place}?per_page=100&page=1")
    assert calls(server) == [("GET", "/api/v4/user"), listed, ("PUT", f"{place}/2")]
    assert server.requests[2][2]["private-token"] == "t0ken"
    server.requests.clear()
    answers(server, {"id": 9}, notes, {})
    assert run(tmp_path, server, **gitlab(server)).stdout == "made\n"
    assert calls(server)[2] == ("POST", place)


def test_what_cannot_be_done_is_one_line(tmp_path: Path, server: Server) -> None:
    server.reply = raw(403, '{"message": "Resource not accessible by integration"}')
    ran = run(tmp_path, server)
    assert (ran.returncode, ran.stderr) == (1, "the comment could not be written: HTTP Error 403: Reason\n")
    ran = run(tmp_path, server, text="### no marker\n")
    words = "comment.md does not begin with a marker: make it with `roma preview-summary`\n"
    assert (ran.returncode, ran.stderr) == (1, words)


def test_a_variable_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, str(EXAMPLE / "comment.py")]
    ran = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (1, "the variable 'GITHUB_REPOSITORY' is missing\n")


# --- The workflow. (zizmor reads it too, in `make check`.)

TEXT_OF_WORKFLOW = (EXAMPLE / ".github" / "workflows" / "preview.yml").read_text(encoding="utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT_OF_WORKFLOW)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def test_it_runs_for_pull_requests_without_giving_secrets_to_forks() -> None:
    assert WORKFLOW[True] == {"pull_request": None}  # YAML reads `on` so
    assert JOBS["comment"]["if"].startswith(
        "!cancelled() && github.event.pull_request.head.repo.full_name == github.repository"
    )


def test_its_actions_are_pinned() -> None:
    used = re.findall(r"uses: (.*)", TEXT_OF_WORKFLOW)
    assert len(used) == 6
    for action in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_what_runs_the_code_of_the_pull_request_may_read_alone_and_what_may_write_has_no_secret() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOBS["preview"]["permissions"] == {"contents": "read"}
    assert JOBS["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "secrets." not in json.dumps(JOBS["comment"])
    checkout, *_ = JOBS["comment"]["steps"]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_no_step_puts_what_others_write_into_a_shell() -> None:
    for job in JOBS.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
