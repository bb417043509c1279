"""Lines that do not go on by themselves."""

from roma_provider.clock import Clock, Stop
from roma_provider.lifecycle.ticking import Ticks


class _Still(Clock):
    """No time passes."""

    def sleep(self, seconds: float, stop: Stop) -> bool:
        return stop.wait()


def still_ticks() -> Ticks:
    return Ticks(_Still())
