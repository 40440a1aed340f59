"""The requests of one room."""

from __future__ import annotations

import asyncio
import heapq
from typing import TYPE_CHECKING

from .errors import RoomcastError
from .request import Request, WhenLost

if TYPE_CHECKING:
    from .session import Session

#: Refusals that pass by themselves, where the server does not say when.
RETRY_AFTER_MS = 1_000


def is_passing(error: RoomcastError) -> bool:
    """Whether the same request may be taken later."""
    return error.code in ("rate_limited", "unavailable")


class RoomQueue:
    """Requests that wait for the room's join, for a connection or for their turn, in the order of the calls."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Request] = []
        #: All that are not over, those included whose reply is awaited.
        self._requests: set[Request] = set()
        #: The room's join is on its way on this connection, or answered.
        self.is_open = False
        #: When the first that waits may go: it was refused for now, or the pace says so.
        self._goes_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, request: Request) -> None:
        self._requests.add(request)
        heapq.heappush(self._waiting, request)
        self.flush()

    def remove(self, request: Request) -> None:
        """It is over."""
        self._requests.discard(request)

    def waiting(self) -> list[Request]:
        return [request for request in self._waiting if not request.is_over]

    def open(self) -> None:
        """The room's join is on its way: what waits follows with `flush`."""
        self.is_open = True

    def close(self) -> None:
        """The connection has ended, or the join was refused for now."""
        self.is_open = False
        self._goes_at = 0.0
        self._disarm()

    def flush(self) -> None:
        while self._waiting and self.is_open and self._session.is_open:
            request = self._waiting[0]
            if not request.is_over:
                # Whether a key still counts is said by the reply to `session`.
                if request.was_sent and request.when_lost is WhenLost.KEYED and not self._session.is_known:
                    return
                if not self._may_go(request):
                    return
                self._session.send(request)
            heapq.heappop(self._waiting)

    def lost(self, request: Request) -> None:
        """The connection ended before a reply came."""
        may_have_happened = request.was_sent and request.when_lost is not WhenLost.AGAIN
        if not may_have_happened or (request.when_lost is WhenLost.KEYED and self._session.has_sessions):
            self._put_back(request)
        else:
            request.fail_unconfirmed()

    def not_restored(self) -> None:
        """The session is another one: keys of the one before mean nothing in it."""
        for request in self.waiting():
            if request.was_sent and request.when_lost is WhenLost.KEYED:
                request.fail_unconfirmed()

    def repeat(self, request: Request, after_ms: float) -> bool:
        """It was refused: it has not happened, and is sent again at its place, if there is time enough."""
        at = self._loop.time() + after_ms / 1000
        if at > request.deadline:
            return False
        request.was_sent = False
        self._goes_at = max(self._goes_at, at)
        self._put_back(request)
        self.flush()
        return True

    def fail_all(self, error: RoomcastError) -> None:
        self.close()
        for request in sorted(self._requests):
            request.fail(error.about(request.room, request.type))
        self._waiting.clear()

    def _put_back(self, request: Request) -> None:
        if not request.is_over:
            heapq.heappush(self._waiting, request)

    def _may_go(self, request: Request) -> bool:
        """Whether it is this request's turn; if not, the room goes on when it is."""
        now = self._loop.time()
        if self._goes_at == 0.0 and request.type in ("publish", "update"):
            self._goes_at = now + self._session.publishes.turn()
        self._disarm()
        wait_s = self._goes_at - now
        if wait_s > 0:
            self._timer = self._loop.call_later(wait_s, self.flush)
            return False
        self._goes_at = 0.0
        return True

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
