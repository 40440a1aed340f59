"""One session with a server: what is said on each connection, and by which replies it goes on."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .connector import Connector
from .errors import RoomcastError
from .frames import Frame, body_of, byte_length, frame_text, integer_of, object_of, refusal, text_of
from .options import Options
from .pace import Pace
from .request import Outcome, Request, WhenLost

if TYPE_CHECKING:
    from .room import Room

#: The session was brought back on another connection: this client comes as a new one.
CONNECTED_AGAIN = 4409
#: Tokens are renewed before they expire by a tenth of their time, but at least by so much,
TOKEN_AHEAD_S = 5.0
#: and at the earliest so long after the last.
TOKEN_PAUSE_S = 1.0


class Session(Connector):
    def __init__(self, url: str, options: Options) -> None:
        #: The server's limits, by their names in PROTOCOL.md.
        self.limits: dict[str, Any] = {}
        #: In the order in which they were first joined.
        self.rooms: dict[str, Room] = {}
        #: The server has said whether the session is restored, or there is none.
        self.is_known = False
        #: Requests on the present connection whose replies are awaited, by id; bounded by pace and time-outs.
        self._awaited: dict[int, Request] = {}
        #: Leaves that are not answered yet, by room.
        self._leaves: dict[str, Request] = {}
        self._last_id = 0
        self._last_key = 0
        self._key_prefix = secrets.token_urlsafe(9)
        #: Brings the session back; whoever has it can, so it is kept here and nowhere else.
        self._secret: str | None = None
        self._renewal: asyncio.TimerHandle | None = None
        self._renewing: asyncio.Task[None] | None = None
        now = asyncio.get_running_loop().time
        self.publishes = Pace(now)
        self.joins = Pace(now)
        super().__init__(url, options)

    @property
    def has_sessions(self) -> bool:
        return self.options.session

    # ---- For the rooms

    def check(self, room: str | None, request: str) -> None:
        """Refuses a call that cannot succeed any more."""
        if self.closed_by is not None:
            raise self.closed_by.about(room, request) from self.closed_by

    def send(self, request: Request) -> None:
        assert self.link is not None
        self._last_id += 1
        text = frame_text(request.type, self._last_id, request.body)
        most = self.limits.get("frameBytes")
        if isinstance(most, int) and byte_length(text) > most:
            # The server would close for good, and everything else would end with it. A turn later, as its answer would be.
            message = f"A frame may have {most} bytes: send less."
            self.loop.call_soon(request.take, {"type": "error", "code": "too_large", "message": message, **request.about})
            return
        request.id = self._last_id
        self._awaited[request.id] = request
        self.link.send(text, request.leaving)

    async def hand_over(self, type_: str, body: str) -> bool:
        """A frame whose reply is not awaited; returns whether the socket has taken it."""
        assert self.link is not None
        self.publishes.passing()
        taken: asyncio.Future[None] = self.loop.create_future()
        self.link.send(frame_text(type_, None, body), None, taken)
        await asyncio.wait([taken])
        return not taken.cancelled()

    def forget(self, request: Request) -> None:
        """No reply is awaited any more."""
        if request.id is not None and self._awaited.get(request.id) is request:
            del self._awaited[request.id]

    def new_key(self) -> str:
        self._last_key += 1
        return f"{self._key_prefix}-{self._last_key}"

    def is_full(self, body: str) -> bool:
        """Whether no further publish may wait for the connection."""
        waiting = [len(r.body) for room in self.rooms.values() for r in room.queue.waiting() if r.type == "publish"]
        return len(waiting) >= self.options.queue_messages or sum(waiting) + len(body) > self.options.queue_bytes

    @property
    def is_congested(self) -> bool:
        """Whether the socket has been given far more than it could pass on."""
        return self.link is not None and self.link.backlog_bytes > self.options.max_frame_bytes

    async def leave(self, room: str, timeout_ms: float) -> None:
        """Also where there is no connection: then on the next one, if that comes in time."""
        outcome = Outcome()
        request = self._new_request("leave", {"room": room}, WhenLost.AGAIN, outcome, timeout_ms, room=room)
        earlier = self._leaves.get(room)
        self._leaves[room] = request
        self._send_leave(request)
        try:
            await outcome.of(request)
        finally:
            self.forget(request)
            if self._leaves.get(room) is request:
                del self._leaves[room]
            if earlier is not None:
                earlier.end({}, None)

    def leave_unheard(self, room: str) -> None:
        """Takes back a join that nobody waits for any more."""
        if self.is_open and self.link is not None:
            self._last_id += 1
            self.joins.turn()
            self.link.send(frame_text("leave", self._last_id, body_of({"room": room}, room, "leave")))

    # ---- A connection

    def welcomed(self, frame: Frame) -> None:
        """All goes out at once: nothing of it needs the reply to something else."""
        self.limits = object_of(frame, "limits")
        self.publishes.begin(_rate(self.limits.get("publishesPerSecond")))
        self.joins.begin(_rate(self.limits.get("joinsPerSecond")))
        self._last_id = 0
        if self.link_token is not None:
            self._authenticate(self.link_token)
        self.is_known = not self.options.session
        if self.options.session:
            self._ask_for_session()
        for leave in self._leaves.values():
            self._send_leave(leave)
        for room in list(self.rooms.values()):
            room.entry.send_first()
        for room in list(self.rooms.values()):
            room.queue.flush()

    def take(self, frame: Frame) -> None:
        id_, room_id = frame.get("id"), frame.get("room")
        room = self.rooms.get(room_id) if isinstance(room_id, str) else None
        if id_ is not None:
            request = self._awaited.get(id_) if type(id_) is int else None
            if request is not None and request.fits(frame):
                del self._awaited[id_]
                request.take(frame)
        elif room is not None:
            room.take(frame)
        elif frame["type"] == "error":
            self.errors.tell(refusal(frame))

    def lost(self, close_code: int) -> None:
        if close_code == CONNECTED_AGAIN:
            self._secret = None
        self._stop_renewal()
        awaited = sorted(self._awaited.values())
        self._awaited.clear()
        for room in list(self.rooms.values()):
            room.suspend()
        for request in awaited:
            request.id = None
            owner = self.rooms.get(request.room) if request.room is not None else None
            if request.when_lost is WhenLost.DROPPED:
                request.end(None, None)
            elif owner is not None and request.type != "leave":
                owner.queue.lost(request)

    def ended(self, error: RoomcastError, is_fault: bool) -> None:
        self._stop_renewal()
        for room in list(self.rooms.values()):
            room.closed(error, is_fault)
        for request in (*self._leaves.values(), *self._awaited.values()):
            if request.when_lost is WhenLost.DROPPED:
                request.end(None, None)
            else:
                request.fail(error.about(request.room, request.type))

    def _send_leave(self, request: Request) -> None:
        if request.id is None and self.is_open:
            self.joins.turn()
            self.send(request)

    def _new_request(
        self,
        type_: str,
        fields: dict[str, Any],
        when_lost: WhenLost,
        on_end: Callable[[Frame | None, RoomcastError | None], None],
        timeout_ms: float | None = None,
        room: str | None = None,
    ) -> Request:
        timeout_ms = self.options.request_timeout_ms if timeout_ms is None else timeout_ms
        body = body_of(fields, room, type_)
        return Request(
            type_,
            body,
            room=room,
            timeout_ms=timeout_ms,
            when_lost=when_lost,
            on_end=on_end,
            why_not=self.why_not,
        )

    # ---- Session

    def _ask_for_session(self) -> None:
        def answered(frame: Frame | None, error: RoomcastError | None) -> None:
            if frame is not None:
                self._secret = text_of(frame, "session")
                self._session_known(frame.get("restored") is True)
            elif error is not None:  # a server without sessions, or one that does not answer
                self.errors.tell(error)
                self._session_known(False)

        self.send(self._new_request("session", {"session": self._secret}, WhenLost.DROPPED, answered))

    def _session_known(self, is_restored: bool) -> None:
        self.is_known = True
        for room in list(self.rooms.values()):
            if not is_restored:
                room.queue.not_restored()
            room.queue.flush()

    # ---- Token

    def _authenticate(self, token: str) -> None:
        def answered(frame: Frame | None, error: RoomcastError | None) -> None:
            if frame is not None and "expiresAt" in frame:
                left_s = integer_of(frame, "expiresAt") / 1000 - time.time()
                self._renew_in(min(left_s * 0.9, left_s - TOKEN_AHEAD_S))
            elif error is not None and error.code == "unauthorized":
                self.stop(error, is_fault=True)
            elif error is not None:  # a server that knows no tokens: the connection goes on
                self.errors.tell(error)

        self.send(self._new_request("auth", {"token": token}, WhenLost.DROPPED, answered))

    def _renew_in(self, seconds: float) -> None:
        self._stop_renewal()
        self._renewal = self.loop.call_later(max(TOKEN_PAUSE_S, seconds), self._begin_renewal)

    def _begin_renewal(self) -> None:
        self._renewing = self.loop.create_task(self._renew(), name="roomcast-token")
        self.tasks.add(self._renewing)
        self._renewing.add_done_callback(self.tasks.discard)

    async def _renew(self) -> None:
        try:
            token = await self.next_token()
        except RoomcastError as error:
            self._renewing = None
            self.errors.tell(error)
            self._renew_in(TOKEN_AHEAD_S)
            return
        self._renewing = None
        if self.is_open:
            self._authenticate(token)

    def _stop_renewal(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None


def _rate(limit: Any) -> float | None:
    return float(limit) if isinstance(limit, (int, float)) and limit > 0 else None
