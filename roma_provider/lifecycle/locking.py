"""The lock between processes: of an open file, until it is given back or its process ends, however it ends.

By fcntl; on Windows, which has none, by msvcrt.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
from typing import Any

from ..errors import JournalError


def _of_this_system(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


fcntl, msvcrt = _of_this_system("fcntl"), _of_this_system("msvcrt")

# What msvcrt says of a byte that another has locked.
_TAKEN = (errno.EACCES, errno.EDEADLK)


def take(descriptor: int) -> bool:
    """Lock the open file; False if another has it, be it another process or another descriptor of this one.

    OSError where its file system has no locks; JournalError where this Python has none.
    """
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    if msvcrt is not None:
        return _take_byte(descriptor)
    raise JournalError(
        "this Python has neither fcntl nor msvcrt, so two runs at once could not be told from one. Nothing was "
        "created. Use a Python for Linux, macOS or Windows"
    )


def give_back(descriptor: int) -> None:
    """Give the lock back, where there is one, and close the file."""
    try:
        if fcntl is None and msvcrt is not None:
            with contextlib.suppress(OSError):
                os.lseek(descriptor, 0, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    finally:
        os.close(descriptor)


def _take_byte(descriptor: int) -> bool:
    """Lock the file's first byte, which need not exist."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True
