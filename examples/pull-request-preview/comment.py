"""Puts a text into the one comment of a pull request that begins with the same marker, or makes that comment.

    python3 comment.py comment.md

On GitHub by GITHUB_TOKEN, GITHUB_REPOSITORY and PULL_REQUEST (its number); on GitLab by GITLAB_TOKEN, in a job of a
merge request. Needs nothing but Python. Exits with 1, and says why, if it cannot.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = 100
SECONDS = 30


class Host:
    """Where the pull request is: the address of its comments, and that of one of them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.is_gitlab = "CI_MERGE_REQUEST_IID" in environment
        if self.is_gitlab:
            project = f"{environment['CI_API_V4_URL']}/projects/{environment['CI_PROJECT_ID']}"
            self.comments = self.one = f"{project}/merge_requests/{environment['CI_MERGE_REQUEST_IID']}/notes"
            self.headers = {"PRIVATE-TOKEN": environment["GITLAB_TOKEN"]}
            self.user = f"{environment['CI_API_V4_URL']}/user"
            self.edit = "PUT"
        else:
            api = environment.get("GITHUB_API_URL", "https://api.github.com")
            issues = f"{api}/repos/{environment['GITHUB_REPOSITORY']}/issues"
            self.comments = f"{issues}/{environment['PULL_REQUEST']}/comments"
            self.one = f"{issues}/comments"
            self.headers = {"Authorization": f"Bearer {environment['GITHUB_TOKEN']}"}
            self.author = environment.get("COMMENT_AUTHOR", "github-actions[bot]")
            self.edit = "PATCH"

    def call(self, method: str, url: str, body: dict[str, str] | None = None) -> Any:
        """The answer's JSON."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json", "User-Agent": "roma-preview"}
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 # the CI system's address
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return json.load(answer)

    def listed(self) -> Iterator[dict[str, Any]]:
        """All comments, page by page."""
        page = 1
        while True:
            found: list[dict[str, Any]] = self.call("GET", f"{self.comments}?per_page={PAGE}&page={page}")
            yield from found
            if len(found) < PAGE:
                return
            page += 1

    def own(self, marker: str) -> list[int]:
        """The ids of the comments with that marker that are ours: anybody may write one that looks like it."""
        if self.is_gitlab:
            me: int = self.call("GET", self.user)["id"]
            return [one["id"] for one in self.listed() if _is(one, marker) and one["author"]["id"] == me]
        return [one["id"] for one in self.listed() if _is(one, marker) and one["user"]["login"] == self.author]


def _is(comment: dict[str, Any], marker: str) -> bool:
    body: str = comment["body"] or ""
    return body.splitlines()[:1] == [marker]


def main(path: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    marker = text.partition("\n")[0]
    if not marker.startswith("<!-- "):
        sys.exit(f"{path} does not begin with a marker: make it with `roma preview-summary`")
    try:
        host = Host(dict(os.environ))
        own = host.own(marker)
        if own:
            host.call(host.edit, f"{host.one}/{own[0]}", {"body": text})
        else:
            host.call("POST", host.comments, {"body": text})
    except KeyError as error:
        sys.exit(f"the variable {error} is missing")
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        sys.exit(f"the comment could not be written: {error}")
    print("edited" if own else "made")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["comment.md"])
