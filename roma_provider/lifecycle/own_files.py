"""Folders and files that are this user's own: no link leads elsewhere, and nobody else has put them there.

Whoever can write into a folder that XDG_STATE_HOME names could else have the journal written elsewhere, the modes of
another folder changed, or an order "resumed" that was never made. Root may use what is another user's (containers with
mounted homes), but follows no link either. On Windows, which has neither, nothing is checked.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_REFUSED = "it is a link, or another user's"


def make_folder(folder: Path) -> None:
    """A folder of this user's, readable by nobody else, below one that no stranger has put there; OSError if it cannot
    be."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _NOFOLLOW:
        folder.chmod(0o700)
        return
    _refuse(not is_own(folder) or not all(map(_is_ours, (folder.parent.lstat(), folder.parent.stat()))))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _NOFOLLOW)
    try:
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)


def open_file(path: Path) -> int:
    """The descriptor of a plain file of this user's, made if need be, for reading and writing; OSError if it cannot
    be."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
    try:
        found = os.fstat(descriptor)
        _refuse(bool(_NOFOLLOW) and not (stat.S_ISREG(found.st_mode) and _is_ours(found)))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_own(path: Path) -> bool:
    """Whether a folder or plain file is there, is no link, and is this user's."""
    try:
        found = path.lstat()
    except OSError:
        return False
    kind = found.st_mode
    return (stat.S_ISDIR(kind) or stat.S_ISREG(kind)) and (not _NOFOLLOW or _is_ours(found))


def _is_ours(found: os.stat_result) -> bool:
    user = os.geteuid()
    return user == 0 or found.st_uid in (0, user)


def _refuse(refused: bool) -> None:
    if refused:
        raise PermissionError(1, _REFUSED)
