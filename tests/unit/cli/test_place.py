"""Where a command looks."""

from __future__ import annotations

import pytest

from roma_provider.cli.place import reach
from roma_provider.errors import InputError
from tests.support.fakes import PROJECT, REGION, FakeClient, FakeClock, fake_session


def test_options_come_before_the_settings() -> None:
    session = fake_session(FakeClient(), FakeClock())
    other = "0123456789abcdef0123456789abcdef"
    assert reach(session, None, None).place == {"region": REGION, "project_id": PROJECT}
    assert reach(session, "ap-southeast-1", other).place == {"region": "ap-southeast-1", "project_id": other}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "--region: no region is given; write --region cn-north-4, or set HW_REGION_NAME"),
        ({"HW_REGION_NAME": "A B"}, "HW_REGION_NAME: write a region id, such as cn-north-4, not 'A B'"),
    ],
)
def test_a_region_that_cannot_be(environment: dict[str, str], said: str) -> None:
    session = fake_session(FakeClient(), FakeClock(), {}, environment)
    with pytest.raises(InputError) as raised:
        reach(session, None, None)
    assert said in str(raised.value)
