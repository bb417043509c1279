#!/usr/bin/env python3
"""Makes the pictures of docs/pictures anew, from real runs against the ROMA emulator.

    python -m tools.record [timeline|watch|up ...]

Without a name all of them. `timeline.svg` is drawn by `roma watch --timeline` and is the same each time; `watch.svg`
and `up.svg` are recordings of a terminal, replayed in the picture (a viewer that does not animate shows the end).
The instance of the first two is emulated at 60 times the speed; `up` is recorded as it is. Nothing of this machine is
in a picture: one that would name it is refused. Exit codes: 0, 1.
"""

from __future__ import annotations

import argparse
import getpass
import io
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from pathlib import Path

import pyte
import requests
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from roma_provider.emulator.core.identifiers import Identifiers
from tools import pseudo_terminal
from tools.stack import environment as of_the_checkout

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
COLUMNS, ROWS = 100, 40
# Of 100 columns Pulumi's table leaves 15 for the status of a resource, and cuts it there.
UP_COLUMNS = 130

# The instance of the page that the project was created from, and when it was made.
INSTANCE = "b037d389-62a4-464a-8461-c88797ad4f23"
CREATED = 1741262473.785
CREATION_SECONDS = 14 * 60.0
SPEED = 60.0
UP_SECONDS = 45.0

# A replay: at most so many frames in a recorded second, none longer than this, but for the last one.
FRAMES_A_SECOND = 2.0
LONGEST = 0.7
LAST = 5.0
QUIET = 0.02  # seconds without output, after which a frame is whole
RUN_SECONDS = 300.0

PULUMI_YAML = """name: roma-quickstart
runtime:
  name: python
backend:
  url: {backend}
"""
ORDER = {
    "name": "roma-2222",
    "product_id": "00300-30101-0--0",
    "available_zones": ["az0.dc0"],
    "vpc_id": "f33728c1-e774-4a9b-a0bb-30b840645628",
    "subnet_id": "f65009c8-7009-403c-abdf-3100f9817762",
    "security_group_id": "272338c9-b3ee-41ae-a2b6-3942f31030da",
    "description": "",
    "ipv6_enable": False,
    "enable_all": True,
    "mqs": {},
    "cpu_architecture": "x86",
}

# What rich makes of a text, as a film: all frames below one another, of which one is shown at a time, and the last one
# where nothing moves. Rich's own format fetches fonts from the internet.
FORMAT = """<svg viewBox="0 0 {width} HEIGHT" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
.film {{ animation: film SECONDSs step-end infinite; }}
@keyframes film {{ KEYFRAMES }}
@media (prefers-reduced-motion: reduce) {{ .film {{ animation: none; }} }}
{styles}
</style>
<rect width="100%" height="100%" rx="8" fill="BACKGROUND"/>
<svg x="{terminal_x}" y="10" width="{terminal_width}" height="SHOWN">
<g class="film" transform="translate(0 -END_OFFSET)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
</svg>
"""
LINE = 24.4  # rich's line height
PADDING = 20.0


class RecordError(Exception):
    """No picture could be made; the message is for the user."""


@dataclass(frozen=True)
class Frame:
    """A screen: when it was shown, in seconds, and its lines."""

    at: float
    lines: list[Text]


# --- recording


def record(
    shown: str, command: list[str], folder: Path, environment: Mapping[str, str], columns: int = COLUMNS
) -> list[Frame]:
    """What a command shows on a terminal, after a prompt with ``shown``. RecordError if it fails."""
    screen = pyte.Screen(columns, ROWS)
    stream = pyte.ByteStream(screen)
    stream.feed(f"$ {shown}\r\n".encode())
    colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process, ours, theirs = pseudo_terminal.start(command, (columns, ROWS), {**environment, **colours}, folder)
    frames: list[Frame] = []
    began = time.monotonic()
    try:
        while True:
            ended = process.poll() is not None
            while select.select([ours], [], [], QUIET)[0]:
                stream.feed(os.read(ours, 65536))
            frames.append(Frame(time.monotonic() - began, screen_lines(screen)))
            if ended:
                break
            if time.monotonic() - began > RUN_SECONDS:
                process.kill()
                raise RecordError(f"`{shown}` did not end within {RUN_SECONDS:g} s")
    finally:
        process.wait()
        os.close(theirs)
        os.close(ours)
    if process.returncode != 0:
        said = "\n".join(line.plain.rstrip() for line in frames[-1].lines)
        raise RecordError(f"`{shown}` exited with {process.returncode}:\n{said}")
    return frames


def screen_lines(screen: pyte.Screen) -> list[Text]:
    """The screen with its colours, without the empty lines at its end."""
    lines = []
    for row in range(screen.lines):
        line = Text()
        characters = [screen.buffer[row][column] for column in range(screen.columns)]
        for style, run in groupby(characters, key=style_of):
            line.append("".join(character.data for character in run), style)
        line.rstrip()
        lines.append(line)
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return lines


def style_of(character: Char) -> Style:
    return Style(
        color=colour(character.fg),
        bgcolor=colour(character.bg),
        bold=character.bold or None,
        italic=character.italics or None,
        underline=character.underscore or None,
        reverse=character.reverse or None,
    )


def colour(name: str) -> str | None:
    """pyte's name of a colour as rich's."""
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return name.replace("brown", "yellow").replace("bright", "bright_")


# --- drawing


def thinned(frames: list[Frame]) -> list[Frame]:
    """The frames that differ from the one before, and not more of them than the eye wants; the last one always."""
    kept: list[Frame] = []
    for number, frame in enumerate(frames):
        due = not kept or frame.at - kept[-1].at >= 1 / FRAMES_A_SECOND or number == len(frames) - 1
        if due and (not kept or frame.lines != kept[-1].lines):
            kept.append(frame)
    return kept


def film(frames: list[Frame], title: str, columns: int = COLUMNS) -> str:
    """The frames as one animated SVG."""
    height = max(len(frame.lines) for frame in frames)
    console = Console(record=True, file=io.StringIO(), width=columns, color_system="truecolor", force_terminal=True)
    for frame in frames:
        for line in [*frame.lines, *[Text()] * (height - len(frame.lines))]:
            console.print(line, no_wrap=True, crop=True)
    times = [frame.at for frame in frames]
    lengths = [min(LONGEST, after - before) for before, after in pairwise(times)] + [LAST]
    total, passed, keys = sum(lengths), 0.0, []
    for number, length in enumerate(lengths):
        keys.append(f"{100 * passed / total:.3f}% {{{{ transform: translateY(-{number * height * LINE:.1f}px) }}}}")
        passed += length
    format_ = FORMAT
    for name, value in {
        "HEIGHT": f"{height * LINE + PADDING:.1f}",
        "SHOWN": f"{height * LINE:.1f}",
        "TITLE": escape(title).replace("{", "{{").replace("}", "}}"),
        "END_OFFSET": f"{(len(frames) - 1) * height * LINE:.1f}",
        "SECONDS": f"{total:.2f}",
        "KEYFRAMES": " ".join(keys),
        "BACKGROUND": DIMMED_MONOKAI.background_color.hex,
    }.items():
        format_ = format_.replace(name, value)
    drawn = console.export_svg(title="", theme=DIMMED_MONOKAI, code_format=format_, unique_id="t")
    # What rich adds for each line: a frame of its own, and its end.
    return re.sub(r' clip-path="url\(#t-line-\d+\)"|<text [^>]*>\n</text>', "", drawn)


def checked(drawn: str, *folders: Path) -> str:
    """A picture that names nothing of this machine. RecordError for one that does."""
    own = {str(ROOT), str(Path.home()), tempfile.gettempdir(), socket.gethostname(), *map(str, folders)}
    if getpass.getuser() != "root":  # which is everybody's
        own.add(getpass.getuser())
    text = re.sub(r"&#160;", " ", drawn)
    for name in own:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            raise RecordError(f"the picture would show {name!r}, which is this machine's own")
    return drawn


# --- the pictures


class Known(Identifiers):
    """The ids of the page, so that a picture made again differs in nothing else."""

    def instance_id(self) -> str:
        return INSTANCE


def ordered(emulator: Emulator) -> dict[str, str]:
    """Order the instance; the environment for `roma`."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            f"{emulator.url}/v1/{PROJECT_ID}/instances", json=ORDER, headers={"X-Auth-Token": TOKEN}, timeout=30
        )
    if not answer.ok:
        raise RecordError(f"the emulator refused the order: {answer.text}")
    return of_the_checkout() | {
        "ROMA_ENDPOINT": emulator.url,
        "HW_REGION_NAME": REGION,
        "HW_PROJECT_ID": PROJECT_ID,
        "HW_AUTH_TOKEN": TOKEN,
        "ROMA_POLL_SECONDS": "0.25",
        "ROMA_CALLS_PER_FIVE_MINUTES": "100000",
    }


def make_timeline(target: Path) -> None:
    now = CREATED
    with Emulator(creation_seconds=CREATION_SECONDS, clock=lambda: now, identifiers=Known()) as emulator:
        environment = ordered(emulator)
        now += CREATION_SECONDS
        drawn = target.with_name("drawn.svg")
        subprocess.run(["roma", "watch", INSTANCE, "--timeline", drawn], env=environment, check=True)
    target.write_text(checked(drawn.read_text(), target.parent))


def make_watch(target: Path) -> None:
    began = time.monotonic()

    def clock() -> float:
        return CREATED + (time.monotonic() - began) * SPEED

    with Emulator(creation_seconds=CREATION_SECONDS, clock=clock, identifiers=Known()) as emulator:
        shown = f"roma watch {INSTANCE}"
        frames = record(shown, shown.split(), target.parent, ordered(emulator))
    title = "roma watch: an emulated creation of 14 minutes, 60 times as fast"
    target.write_text(checked(film(thinned(frames), title), target.parent))


def make_up(target: Path) -> None:
    folder = target.parent / "program"
    (folder / "backend").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "quickstart" / "__main__.py", folder)
    (folder / "Pulumi.yaml").write_text(PULUMI_YAML.format(backend=(folder / "backend").as_uri()))
    environment = of_the_checkout() | {
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
        "XDG_STATE_HOME": str(folder / "xdg"),
    }
    subprocess.run(["pulumi", "stack", "init", "dev"], cwd=folder, env=environment, check=True, stdout=sys.stderr)
    command = [
        *("roma-emulator", "run", "--creation-seconds", f"{UP_SECONDS:g}", "--"),
        *("pulumi", "up", "--stack", "dev", "--yes", "--skip-preview"),
        *("--suppress-outputs", "--suppress-permalink=true"),
    ]
    frames = record("pulumi up --yes --skip-preview --suppress-outputs", command, folder, environment, UP_COLUMNS)
    title = f"pulumi up of examples/quickstart against the ROMA emulator, whose creation takes {UP_SECONDS:g} s"
    target.write_text(checked(film(thinned(frames), title, UP_COLUMNS), target.parent))


MAKERS: dict[str, Callable[[Path], None]] = {"timeline": make_timeline, "watch": make_watch, "up": make_up}


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the pictures of docs/pictures anew.")
    parser.add_argument("names", nargs="*", metavar="|".join(MAKERS), help="which; all of them if none is given")
    names = parser.parse_args().names or list(MAKERS)
    if unknown := [name for name in names if name not in MAKERS]:
        parser.error(f"there is no picture {unknown[0]!r}; write {', '.join(MAKERS)}")
    PICTURES.mkdir(exist_ok=True)
    for name in names:
        print(f"Making docs/pictures/{name}.svg.", flush=True)
        with tempfile.TemporaryDirectory(prefix="roma-pictures-") as folder:
            made = Path(folder) / f"{name}.svg"
            try:
                MAKERS[name](made)
            except (RecordError, subprocess.CalledProcessError) as error:
                print(f"make pictures: {error}", file=sys.stderr)
                return 1
            shutil.move(made, PICTURES / made.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
