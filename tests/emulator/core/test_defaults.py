"""The fixed names: a provider takes each of them as it is."""

from __future__ import annotations

from roma_provider.emulator.core import defaults


def test_the_clocks_time_in_the_apis_unit() -> None:
    assert defaults.milliseconds(lambda: 1741262473.7854) == 1741262473785


def test_the_default_scenario_is_one_that_ends_well() -> None:
    assert defaults.SCENARIOS[0] == "ready"


def test_no_two_ways_in_share_a_secret() -> None:
    secrets = [
        defaults.TOKEN,
        defaults.SECRET_KEY,
        defaults.TEMPORARY_SECRET_KEY,
        defaults.SECURITY_TOKEN,
        defaults.USER_PASSWORD,
    ]
    assert len(set(secrets)) == len(secrets)
