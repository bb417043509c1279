"""What MkDocs calls when it builds the site (mkdocs.yml): the pages that are no file of docs/, and where links lead.

Run in the environment of the site (tools/docs.lock), not in .venv. What is not right is logged as a warning, which
ends a strict build.
"""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.site_pages import Site  # noqa: E402

_log = logging.getLogger("mkdocs.hooks.site")
_HOMEPAGE = re.compile(r'^Homepage = "(.+)"$', re.MULTILINE)


def _site() -> Site:
    # Not by tomllib, which Python 3.10 lacks.
    homepage = _HOMEPAGE.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if homepage is None:
        _log.warning('pyproject.toml: write Homepage = "https://…" into [project.urls]')
    return Site(ROOT, homepage[1] if homepage else "")


def on_files(files: Files, config: Any) -> Files:
    """The files of docs/, and those that are made."""
    site = _site()
    for page, text in site.pages().items():
        files.append(File.generated(config, page, content=text))
    _tell(site)
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page of docs/ with its links as they lead on the site; those that were made have them already."""
    if page.file.generated_by is not None:
        return markdown
    site = _site()
    text = site.page(page.file.src_uri, f"docs/{page.file.src_uri}", markdown)
    _tell(site)
    return text


def _tell(site: Site) -> None:
    for problem in site.problems:
        _log.warning(problem)
