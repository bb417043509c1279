"""What the tests against a served emulator share."""

from tests.support.emulator import api, clock, control, emulator, seed_example

__all__ = ["api", "clock", "control", "emulator", "seed_example"]
