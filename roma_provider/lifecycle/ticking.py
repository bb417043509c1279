"""The lines of waits go on between two questions: one timer for all waits of a session, which asks the API nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..clock import Clock

# Between two ticks of a line; and how many lines the timer shows in a second, so that many waits do not flood a
# terminal.
SECONDS = 1.0
LINES = 20


class Ticks:
    """The timer. Its thread lives as long as somebody waits. Safe to share between threads."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._shown: list[Callable[[], None]] = []
        self._over = threading.Event()

    @contextmanager
    def showing(self, show: Callable[[], None]) -> Iterator[None]:
        """Inside, ``show`` is called about each second, by another thread; not any more once it is left."""
        lock = threading.Lock()
        is_left = False

        def shown() -> None:
            with lock:
                if not is_left:
                    show()

        self._add(shown)
        try:
            yield
        finally:
            with lock:
                is_left = True
            self._remove(shown)

    def _add(self, shown: Callable[[], None]) -> None:
        with self._lock:
            self._shown.append(shown)
            if len(self._shown) == 1:
                self._over = threading.Event()
                threading.Thread(target=self._go, args=(self._over,), name="roma-ticks", daemon=True).start()

    def _remove(self, shown: Callable[[], None]) -> None:
        with self._lock:
            self._shown.remove(shown)
            if not self._shown:
                self._over.set()

    def _go(self, over: threading.Event) -> None:
        while True:
            with self._lock:
                shown = list(self._shown)
            if self._clock.sleep(max(SECONDS, len(shown) / LINES), over):
                return
            for show in shown:
                show()
