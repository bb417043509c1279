"""The routes: what there is not is refused as the gateway refuses it."""

from __future__ import annotations

import pytest

from roma_provider.emulator import PROJECT_ID
from tests.support.emulator import Api


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", f"/v1/{PROJECT_ID}/instances"),
        ("GET", f"/v2/{PROJECT_ID}/instances/some-id"),
        ("DELETE", f"/v2/{PROJECT_ID}/instances/some-id"),
        ("DELETE", f"/v3/{PROJECT_ID}/roma/instances"),
    ],
)
def test_what_there_is_not_is_refused_by_the_gateway(api: Api, method: str, path: str) -> None:
    answer = api.call(method, path)
    assert answer.status_code == 404
    assert answer.json() == {
        "error_code": "APIGW.0101",
        "error_msg": "The API does not exist or has not been published in the environment",
        "request_id": answer.headers["X-Request-Id"],
    }
