"""A transport whose pauses take no time, and a sign-in that is renewed by counting."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from requests import PreparedRequest

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.budget import Budgets
from roma_provider.api.models import CreatedInstance
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaError
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server


class Made:
    """A transport whose pauses take no time, on a budget of its own, and without chance."""

    def __init__(self, server: Server, auth: Auth | None = None, max_retries: int = 5, chance: float = 0.0) -> None:
        self.clock = FakeClock()
        budgets = Budgets()
        self.budget = budgets.of(server.host)
        self.server = server
        self.transport = Transport(
            server.endpoint,
            auth or TokenAuth(TOKEN),
            Limits(max_retries),
            self.clock,
            budgets=budgets,
            chance=lambda: chance,
        )

    def call(self, method: str = "GET", **more: Any) -> None:
        if method == "POST":
            self.transport.call(Request("create_instance", "POST", "/x", json={}), CreatedInstance, **more)
        else:
            self.transport.call(Request("operation", method, "/x"), **more)

    def fails(self, method: str = "GET", **more: Any) -> Any:
        with pytest.raises(RomaError) as caught:
            self.call(method, **more)
        return caught.value

    @property
    def sent(self) -> int:
        return len(self.server.requests)


class Renewing(Auth):
    """A token that is renewed by counting; ``renewals`` times it is said to have worked."""

    def __init__(self, renewals: int) -> None:
        self.left = renewals
        self.asked = 0
        self.token = 0
        self._lock = threading.Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        return ()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = str(self.token)
        return request

    def renew(self, used: PreparedRequest) -> bool:
        with self._lock:
            if used.headers["X-Auth-Token"] != str(self.token):
                return True
            self.asked += 1
            if not self.left:
                return False
            self.left -= 1
            self.token += 1
            return True
