"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How fast a machine makes examples is no property of the code, and the first run of a checkout builds tables.
settings.register_profile("any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any machine")
