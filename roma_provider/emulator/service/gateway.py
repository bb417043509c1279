"""Each API call on its way to its operation and back, with the call log and the faults around it."""

import asyncio
from email.utils import formatdate

from fastapi import Request
from starlette.responses import Response

from ..core.calls import ApiRequest, CallLog, LoggedCall
from ..core.defaults import Clock, milliseconds
from ..core.faults import CREATIONS, IAM_OPERATIONS, FaultRule, Faults
from ..core.identifiers import Identifiers
from ..core.refusals import Answer, body_for
from ..core.settings import KeptSettings
from ..core.store import Store
from ..core.throttle import Throttle, parsed
from .delivery import CutResponse, DripResponse, ResetResponse, encoded, pause
from .operations import Operations


class Gateway:
    """Takes each API call to its operation and back."""

    def __init__(self, store: Store, clock: Clock, identifiers: Identifiers) -> None:
        self.store = store
        self.settings = KeptSettings(store)
        self.clock: Clock = lambda: clock() + self.settings.get().clock_offset_seconds
        self.operations = Operations(store, self.settings, self.clock, identifiers)
        self.calls = CallLog()
        self.faults = Faults()
        self.throttle = Throttle()
        self.stopping = asyncio.Event()
        self._identifiers = identifiers

    async def serve(
        self, operation: str, request: Request, project_id: str | None = None, instance_id: str | None = None
    ) -> Response:
        """Answer one call."""
        body = await request.body()
        api_request = ApiRequest(
            operation=operation,
            method=request.method,
            path=request.scope["path"],
            headers=request.headers,
            query=request.query_params,
            body=body,
            project_id=project_id,
            instance_id=instance_id,
            raw_path=request.scope["raw_path"],
            raw_query=request.scope["query_string"],
        )
        call = self.calls.add(
            LoggedCall(operation, request.method, api_request.path, project_id, instance_id, milliseconds(self.clock))
        )
        if self._is_throttled(api_request):
            call.status = 429
            return Response(*self._sent(operation, Answer(429, body_for(429))))
        rule = self.faults.take(operation, project_id, instance_id or request.query_params.get("id"), body)
        if rule is None:
            answer = self._perform(api_request, call)
            call.status = answer.status
            return Response(*self._sent(operation, answer))
        return await self._serve_faulty(api_request, call, rule, request)

    def _is_throttled(self, request: ApiRequest) -> bool:
        """Whether the gateway's throttle refuses a call. Its user is who signed it, by token or by key."""
        throttled = parsed(self.settings.get().throttle)
        if throttled is None or request.operation in IAM_OPERATIONS:
            return False
        signed = request.headers.get("Authorization", "").partition("Access=")[2].partition(",")[0]
        user = signed or request.headers.get("X-Auth-Token", "")
        return self.throttle.refuses(user, *throttled, self.clock())

    def _perform(self, request: ApiRequest, call: LoggedCall) -> Answer:
        answer = self.operations.answer(request)
        if request.operation in CREATIONS and answer.status == 200:
            call.instance_id = answer.body["instance_id"]
        return answer

    async def _serve_faulty(
        self, api_request: ApiRequest, call: LoggedCall, rule: FaultRule, request: Request
    ) -> Response:
        answer: Answer | None = None
        if rule.when == "after":
            answer = self._perform(api_request, call)
        if rule.expire_tokens:
            self.store.expire_tokens(milliseconds(self.clock))
        if not await self._paused(rule, request):
            return ResetResponse()
        # What has not taken effect when the client leaves never does: "after" is there for the opposite.
        if answer is None and rule.lets_operation_run(api_request.operation):
            answer = self._perform(api_request, call)
        if answer is None or rule.status is not None:
            answer = rule.answer(api_request.operation)
        if rule.reset:
            return ResetResponse()
        body, status, headers = self._sent(api_request.operation, answer)
        if rule.cut is not None:
            return CutResponse(body, rule.cut, status, headers)
        call.status = status
        if rule.drip_seconds is not None:
            return DripResponse(body, rule.drip_seconds, self.stopping, status, headers)
        return Response(body, status, headers)

    async def _paused(self, rule: FaultRule, request: Request) -> bool:
        """Delay or hold the call as the rule says. False if there is nobody to answer afterwards."""
        if rule.delay_seconds is not None:
            waits = self.stopping.wait(), rule.released.wait()
            if not await pause(request.receive, *waits, seconds=rule.delay_seconds):
                return False
        if rule.hold and not await pause(request.receive, self.stopping.wait(), rule.released.wait()):
            return False
        return not self.stopping.is_set()

    def _sent(self, operation: str, answer: Answer) -> tuple[bytes, int, dict[str, str]]:
        """Body, status and headers as the gateway sends them: each answer has a request id, and errors repeat
        it."""
        request_id = self._identifiers.request_id()
        headers = {
            "X-Request-Id": request_id,
            "Date": formatdate(self.clock(), usegmt=True),
            "Server": "api-gateway",
        }
        body = answer.body
        if isinstance(body, dict) and "error_code" in body:
            body = {**body, "request_id": body.get("request_id", request_id)}
        if operation in IAM_OPERATIONS:
            headers["X-IAM-Trace-Id"] = f"token_emulator_{request_id}"
        content, own = encoded(Answer(answer.status, body, answer.headers))
        given = {name.lower() for name in own}
        return (
            content,
            answer.status,
            {name: value for name, value in headers.items() if name.lower() not in given} | own,
        )
