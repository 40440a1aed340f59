"""How a room is entered, again and again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import RoomcastError
from .frames import Frame, body_of, list_of
from .queue import RETRY_AFTER_MS, is_passing
from .request import Outcome, Request, WhenLost

if TYPE_CHECKING:
    from .room import Room
    from .session import Session


@dataclass(slots=True)
class Cut:
    """All of `joined`, with its `snapshot` pages."""

    joined: Frame
    #: None where there is no list.
    members: list[Any] | None
    #: None where the state is not taken.
    state: list[Frame] | None


class Entry:
    """A room's `join` on each connection, and who waits for the answer."""

    def __init__(self, session: Session, room: Room) -> None:
        self._session = session
        self._room = room
        #: What the next join asks for.
        self.wanted: dict[str, Any] = {}
        #: What I tell about myself, as JSON; said again with each join.
        self.member_json: str | None = None
        #: Calls of `client.join` that wait; these requests are never sent themselves.
        self._waiting: set[Request] = set()
        #: The join on its way on this connection, or the last that was answered on it.
        self._request: Request | None = None
        #: A `joined` whose pages are still coming.
        self._pages: Cut | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, timeout_ms: float) -> None:
        """Done with the next `joined`."""
        outcome = Outcome()
        waiting = Request(
            "join",
            "",
            room=self._room.id,
            timeout_ms=timeout_ms,
            when_lost=WhenLost.AGAIN,
            on_end=outcome,
            why_not=self._session.why_not,
        )
        self._waiting.add(waiting)
        try:
            await outcome.of(waiting)
        finally:
            self._waiting.discard(waiting)

    @property
    def is_awaited(self) -> bool:
        return bool(self._waiting)

    @property
    def was_sent(self) -> bool:
        """On this connection."""
        return self._request is not None

    def send(self) -> None:
        """Sends `join`, when its turn has come, and behind it what waits for it."""
        self.send_first()
        self._room.queue.flush()

    def send_first(self) -> None:
        """Sends `join`, when its turn has come; what waits for it follows when the queue is flushed."""
        if not self._session.is_open:
            return
        self._disarm()
        wait_s = self._session.joins.turn()
        if wait_s > 0:
            self._timer = self._session.loop.call_later(wait_s, self._send_late)
        else:
            self._send_now()

    def _send_late(self) -> None:
        self._send_now()
        self._room.queue.flush()

    def suspend(self) -> None:
        """The connection has ended, or I am not to be in the room any more."""
        self._disarm()
        request, self._request, self._pages = self._request, None, None
        if request is not None:
            self._session.forget(request)
            request.end(None, None)

    def page(self, frame: Frame) -> None:
        """A page of what `joined` had too much of."""
        pages = self._pages
        if pages is None:
            return
        if pages.members is not None:
            pages.members.extend(list_of(frame, "members"))
        if pages.state is not None and "state" in frame:
            pages.state.append(frame["state"])
        if frame.get("more") is not True:
            self._complete(pages)

    def end(self, error: RoomcastError) -> None:
        self.suspend()
        for waiting in sorted(self._waiting):
            waiting.fail(error.about(self._room.id, "join"))

    def _send_now(self) -> None:
        if not self._session.is_open:
            return
        self.suspend()
        self._request = request = Request(
            "join",
            self._body(),
            room=self._room.id,
            timeout_ms=self._session.options.request_timeout_ms,
            when_lost=WhenLost.DROPPED,
            on_reply=self._joined,
            on_end=self._ended,
        )
        self._session.send(request)
        self._room.queue.open()

    def _body(self) -> str:
        fields = {"room": self._room.id, **self.wanted, "resume": self._room.resume}
        body = body_of(fields, self._room.id, "join")
        return body if self.member_json is None else f'"member":{self.member_json},{body}'

    def _ended(self, frame: Frame | None, error: RoomcastError | None) -> None:
        if error is None:
            return
        self._request = None
        if error.code == "timeout":  # who waits for it has a time-out of its own
            self.send()
        else:
            self._refused(error)

    def _joined(self, frame: Frame) -> None:
        members = list_of(frame, "members") if "members" in frame else None
        state = [frame["state"]] if "state" in frame else None
        self._pages = Cut(frame, members, state)
        if frame.get("more") is not True:
            self._complete(self._pages)

    def _complete(self, pages: Cut) -> None:
        self._pages = None
        self._room.entered(pages)
        for waiting in sorted(self._waiting):
            waiting.end(pages.joined, None)

    def _refused(self, error: RoomcastError) -> None:
        if not is_passing(error):
            for waiting in sorted(self._waiting):
                waiting.fail(error.about(self._room.id, "join"))
            self._room.refused(error)
            return
        if self._room.status != "joined":
            self._room.queue.close()
        wait_s = (RETRY_AFTER_MS if error.retry_after_ms is None else error.retry_after_ms) / 1000
        now = self._session.loop.time()
        for waiting in sorted(self._waiting):
            if waiting.deadline < now + wait_s:
                waiting.fail(error.about(self._room.id, "join"))
        self._disarm()
        self._timer = self._session.loop.call_later(wait_s, self.send)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
