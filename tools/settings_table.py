"""The tables of settings in README.md and docs/signing-in.md, made from ``roma_provider/config/keys.py``."""

from __future__ import annotations

from collections.abc import Iterable

from roma_provider.config.keys import SETTINGS, SIGNING_IN, Key

HEAD = "| stack config | environment | what it is |\n|---|---|---|\n"


def settings_table() -> str:
    """Every setting, as a table of Markdown that ends with a newline."""
    return _table(SETTINGS)


def sign_in_table() -> str:
    """The settings that say where the API is and as whom it is asked."""
    return _table(SIGNING_IN)


def _table(settings: Iterable[Key]) -> str:
    return HEAD + "".join(_row(key) for key in settings)


def _row(key: Key) -> str:
    config = f"`{key.config}`" if key.config else ""
    secret = " (secret)" if key.secret else ""
    variables = ", ".join(f"`{name}`" for name in key.variables)
    default = f"; default `{key.default}`" if key.default else ""
    cells = [cell.replace("|", "\\|") for cell in (config + secret, variables, key.doc + default)]
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + "\n"
