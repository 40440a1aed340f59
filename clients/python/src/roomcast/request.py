"""A frame that is answered: from the call to its end, over as many connections as it takes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from enum import Enum
from typing import Any

from .errors import RoomcastError
from .frames import Frame, refusal

#: The types of the frames that answer.
REPLIES = {
    "auth": "authenticated",
    "join": "joined",
    "leave": "left",
    "publish": "published",
    "update": "updated",
    "member": "ok",
}
_places = itertools.count()


class WhenLost(Enum):
    """What becomes of a request whose connection has ended before its reply came."""

    #: Doing it twice does no harm: it is sent again.
    AGAIN = 1
    #: It is sent again if the session is restored, with its key; else nobody knows.
    KEYED = 2
    #: It may have happened.
    UNCONFIRMED = 3
    #: It belonged to that connection.
    DROPPED = 4


class Request:
    """Told once how it went: by `on_end`, with the reply or an error, and neither if nobody is to know."""

    def __init__(
        self,
        type_: str,
        body: str,
        *,
        room: str | None = None,
        timeout_ms: float,
        when_lost: WhenLost,
        on_end: Callable[[Frame | None, RoomcastError | None], None],
        on_reply: Callable[[Frame], None] | None = None,
        on_refusal: Callable[[RoomcastError], bool] | None = None,
        why_not: Callable[[], str] = str,
        data: Any = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.type = type_
        self.body = body
        self.room = room
        self.when_lost = when_lost
        #: Looks at the reply at its place among the frames, before the next frame is looked at.
        self.on_reply = on_reply
        #: Whether it will be sent again; else it fails with this error.
        self.on_refusal = on_refusal
        self._on_end = on_end
        #: Why there is no connection, if there is none.
        self._why_not = why_not
        self._data = data
        self._timeout_ms = timeout_ms
        #: In the order of the calls.
        self.place = next(_places)
        self.deadline = loop.time() + timeout_ms / 1000
        self._timer = loop.call_later(timeout_ms / 1000, self._time_out)
        #: Under which its reply comes, on the connection that it was last sent on; None while it waits.
        self.id: int | None = None
        #: It may have reached the server.
        self.was_sent = False
        self.is_over = False

    def __lt__(self, other: Request) -> bool:
        return self.place < other.place

    @property
    def about(self) -> Frame:
        """What a refusal says of it."""
        return {"request": self.type} if self.room is None else {"request": self.type, "room": self.room}

    def leaving(self) -> None:
        """The socket is about to have it."""
        self.was_sent = True

    def take(self, frame: Frame) -> None:
        """Takes a frame with its id."""
        if frame["type"] == "error":
            error = refusal(frame)
            self.id = None
            if self.on_refusal is None or not self.on_refusal(error):
                self.fail(error)
        else:
            if self.on_reply is not None:
                self.on_reply(frame)
            self.end(frame, None)

    def fits(self, frame: Frame) -> bool:
        """Whether this is a reply to it; one of another type is ignored."""
        return frame["type"] in ("error", REPLIES.get(self.type, self.type))

    def fail(self, error: RoomcastError) -> None:
        self.end(None, error)

    def fail_unconfirmed(self) -> None:
        message = f"The connection ended before the reply to {self.type}: it may have happened. "
        message += "Look at room.state." if self.type == "update" else "Look at what came with the resume."
        self.fail(RoomcastError("unconfirmed", message, room=self.room, request=self.type, data=self._data))

    def end(self, frame: Frame | None, error: RoomcastError | None) -> None:
        if not self.is_over:
            self.is_over = True
            self._timer.cancel()
            self._on_end(frame, error)

    def _time_out(self) -> None:
        advice = "it may have happened" if self.was_sent else "try again"
        message = f"No reply to {self.type} within {self._timeout_ms:g} ms: {advice}.{self._why_not()}"
        self.fail(RoomcastError("timeout", message, room=self.room, request=self.type, data=self._data))


class Outcome:
    """A request's end, for the task that awaits it; should that be cancelled, the request is over too."""

    def __init__(self) -> None:
        self._future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()

    def __call__(self, frame: Frame | None, error: RoomcastError | None) -> None:
        if self._future.done():
            return
        if error is not None:
            self._future.set_exception(error)
        elif frame is not None:
            self._future.set_result(frame)
        else:
            self._future.cancel()

    async def of(self, request: Request) -> Frame:
        try:
            return await self._future
        finally:
            request.end(None, None)
            if self._future.done() and not self._future.cancelled():
                self._future.exception()  # seen, also where the task was cancelled in the same turn
