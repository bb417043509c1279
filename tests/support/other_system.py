"""Windows, as far as a test can have it here: what its Python lacks is gone, and msvcrt is there.

`pytest --like windows` begins with it. The rest of Windows is not there: its paths, its open files that nobody may
delete, its processes.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import subprocess
import sys
from types import ModuleType
from typing import Any

MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
SIGNALS = ("SIGCHLD", "SIGCONT", "SIGHUP", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2")
SIGNAL_FUNCTIONS = ("pthread_kill", "pthread_sigmask")
# Not getuid, by which pytest names its folders, nor SIGKILL, by which subprocess ends a process here.
OS = (
    *("O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "fchmod", "fork", "geteuid", "getpgid", "getpgrp"),
    *("mkfifo", "tcgetpgrp"),
)
# A user's folder there: a drive, backslashes, a space, letters beyond ASCII, and most of the 260 characters of a path.
FOLDER = "C:\\Users\\Jörg Müller\\AppData\\Local\\Temp\\" + "x" * 100


class FakeMsvcrt(ModuleType):
    """The part of msvcrt that is used: one byte of a file, locked by at most one descriptor."""

    LK_UNLCK, LK_NBLCK = 0, 2

    def __init__(self, refusal: int = errno.EACCES) -> None:
        super().__init__("msvcrt")
        self._held: dict[tuple[int, int], int] = {}
        self._refusal = refusal

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (count, os.lseek(descriptor, 0, os.SEEK_CUR)) == (1, 0)
        found = os.fstat(descriptor)
        file = (found.st_dev, found.st_ino)
        if mode == self.LK_UNLCK:
            if self._held.get(file) != descriptor:
                raise OSError(errno.EACCES, "not locked")
            del self._held[file]
        elif file in self._held:
            raise OSError(self._refusal, "taken")
        else:
            self._held[file] = descriptor


class _MsvcrtByFcntl(FakeMsvcrt):
    """For many processes, of which some are not like Windows: by the locks of this system."""

    def __init__(self) -> None:
        super().__init__()
        self._fcntl = importlib.import_module("fcntl")

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (count, os.lseek(descriptor, 0, os.SEEK_CUR)) == (1, 0)
        taken = self._fcntl.LOCK_EX | self._fcntl.LOCK_NB
        try:
            self._fcntl.flock(descriptor, taken if mode == self.LK_NBLCK else self._fcntl.LOCK_UN)
        except BlockingIOError as error:
            raise OSError(errno.EACCES, "taken") from error


def become_windows() -> None:
    """For this process, for good. Before what is tested is imported."""
    assert subprocess, "it is loaded: later it would take this for Windows indeed"
    modules: dict[str, Any] = sys.modules
    modules["msvcrt"] = _MsvcrtByFcntl()
    modules |= dict.fromkeys(MODULES)  # their import fails
    for module, names in ((signal, (*SIGNALS, *SIGNAL_FUNCTIONS)), (os, OS)):
        for name in names:
            vars(module).pop(name, None)
