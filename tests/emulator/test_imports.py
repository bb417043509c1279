"""What the emulator's modules import, and what importing them loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def test_importing_the_package_loads_neither_fastapi_nor_uvicorn() -> None:
    script = (
        "import sys, roma_provider, roma_provider.emulator, roma_provider.emulator.control.client;"
        "print([name for name in ('fastapi', 'uvicorn', 'pulumi') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout in ("[]\n", "['pulumi']\n")  # pulumi comes with roma_provider itself


def test_no_module_of_the_emulator_imports_pulumi_or_the_client() -> None:
    folder = Path(__file__).parents[2] / "roma_provider" / "emulator"
    sources = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.py")}
    assert "control/server.py" in sources
    for name, source in sources.items():
        imports = re.findall(r"^\s*(?:from|import) (\S+)", source, re.MULTILINE)
        dots = "." * (len(Path(name).parts) + 1)
        outside = [one for one in imports if one.startswith(("pulumi", "roma_provider", dots))]
        assert outside == [], name
