"""One WebSocket, from its opening to its end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.typing import Subprotocol

from .errors import RoomcastError
from .frames import Frame, bad_frame, read_frame
from .options import Options

log = logging.getLogger("roomcast")

SUBPROTOCOL = Subprotocol("roomcast.v1.json")
PING = '{"type":"ping"}'
#: What stands for the close code where no close frame came.
NO_CLOSE_FRAME = 1006
#: Close codes by which the WebSocket library refuses what a server has sent: malformed, not UTF-8, too large.
REFUSALS = {1002: "is no WebSocket frame", 1007: "is not UTF-8", 1009: "is over max_frame_bytes"}


class Socket(ClientConnection):
    """A connection that notes when something has come, and ends with the server's close frame."""

    heard_at = 0.0
    #: I have said goodbye and wait for the answer.
    is_closing = False

    def data_received(self, data: bytes) -> None:
        self.heard_at = self.loop.time()
        super().data_received(data)
        # To wait for the server to close TCP would leave the time of the next attempt to it.
        if self.protocol.handshake_exc is not None:
            self.transport.abort()
        is_open = self.protocol.state in (State.CONNECTING, State.OPEN)
        if not is_open and (self.protocol.close_rcvd is not None or not self.is_closing):
            self.transport.close()


@dataclass(frozen=True, slots=True)
class LinkEnd:
    close_code: int
    reason: str
    error: RoomcastError | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    text: str
    #: Called before the socket has any of it.
    on_leaving: Callable[[], None] | None
    #: Done when the socket has taken it.
    taken: asyncio.Future[None] | None


class LinkOwner(Protocol):
    """Whoever uses a link hears this from it."""

    def frame_came(self, frame: Frame) -> None: ...


class Link:
    """Frames in and out, and the heartbeat. `run` is its life; everything else is called from the same loop."""

    def __init__(self, url: str, options: Options, owner: LinkOwner) -> None:
        self._url = url
        self._options = options
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._socket: Socket | None = None
        self._end: LinkEnd | None = None
        #: Frames that the socket has not taken yet, bounded by whoever sends: see `backlog_bytes`.
        self._outgoing: deque[Outgoing] = deque()
        self._backlog_bytes = 0
        self._has_outgoing = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        #: `heard_at` of the socket when the server was last asked whether it is there.
        self._asked_at: float | None = None
        self._heartbeat_s = options.heartbeat_ms / 1000
        #: When the server's greeting came; None before.
        self.welcomed_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._socket is not None and self._end is None and self._socket.state is State.OPEN

    @property
    def is_ready(self) -> bool:
        """Open, and greeted by the server."""
        return self.welcomed_at is not None and self.is_open

    @property
    def backlog_bytes(self) -> int:
        """How much waits because the server, or the network, takes nothing."""
        return self._backlog_bytes

    async def run(self) -> LinkEnd:
        self._arm(self._options.connect_timeout_ms / 1000, lambda: self.drop("no welcome in time"))
        try:
            self._socket = socket = await self._open()
        except Exception as cause:  # of sockets, TLS, HTTP, names, proxies: all mean that this attempt has failed
            log.debug("No connection to %s: %s", self._url, cause)
            return self._end or LinkEnd(NO_CLOSE_FRAME, f"{type(cause).__name__}: {cause}")
        finally:
            if self._socket is None:
                self._disarm()
        writer = self._loop.create_task(self._write(socket), name="roomcast-writer")
        try:
            return await self._read(socket)
        finally:
            self._end = self._end or LinkEnd(NO_CLOSE_FRAME, "given up")
            self._disarm()
            self._forget_outgoing()
            writer.cancel()
            socket.transport.abort()
            await asyncio.gather(writer, socket.wait_closed(), return_exceptions=True)

    async def _open(self) -> Socket:
        options = self._options
        tls: dict[str, Any] = {} if options.ssl is None else {"ssl": options.ssl}
        socket = await connect(
            self._url,
            subprotocols=[SUBPROTOCOL],
            compression=None,
            additional_headers=dict(options.headers or {}),
            proxy=options.proxy or None,
            open_timeout=options.connect_timeout_ms / 1000,
            ping_interval=None,
            close_timeout=options.close_timeout_ms / 1000,
            max_size=options.max_frame_bytes,
            create_connection=Socket,
            **tls,
        )
        assert isinstance(socket, Socket)
        return socket

    # ---- In

    async def _read(self, socket: Socket) -> LinkEnd:
        try:
            while self._end is None:
                self._take(await socket.recv())
        except ConnectionClosed as closed:
            self._end = self._end or self._end_of(closed)
        assert self._end is not None
        return self._end

    def _take(self, data: str | bytes) -> None:
        try:
            if not isinstance(data, str):
                raise bad_frame("is binary")
            self._owner.frame_came(read_frame(data))
        except RoomcastError as error:
            self.drop("bad frame", error)
        except Exception as cause:  # listeners are called safely: what fails here is what the frame holds
            senseless = bad_frame(f"makes no sense ({type(cause).__name__}: {cause})")
            senseless.__cause__ = cause
            self.drop("bad frame", senseless)

    def _end_of(self, closed: ConnectionClosed) -> LinkEnd:
        if closed.sent is not None and not closed.rcvd_then_sent and closed.sent.code in REFUSALS:
            return LinkEnd(NO_CLOSE_FRAME, "bad frame", bad_frame(REFUSALS[closed.sent.code]))
        if closed.rcvd is None:
            return LinkEnd(NO_CLOSE_FRAME, str(closed.__cause__ or "the connection was cut"))
        return LinkEnd(closed.rcvd.code, closed.rcvd.reason)

    # ---- Out

    def send(
        self,
        text: str,
        on_leaving: Callable[[], None] | None = None,
        taken: asyncio.Future[None] | None = None,
    ) -> None:
        self._outgoing.append(Outgoing(text, on_leaving, taken))
        self._backlog_bytes += len(text)
        self._has_outgoing.set()

    async def _write(self, socket: Socket) -> None:
        try:
            while await self._has_outgoing.wait():
                while self._outgoing:
                    await self._hand_over(socket, self._outgoing.popleft())
                self._has_outgoing.clear()
        except ConnectionClosed:
            pass  # the reader tells why

    async def _hand_over(self, socket: Socket, frame: Outgoing) -> None:
        self._backlog_bytes -= len(frame.text)
        if frame.on_leaving is not None:
            frame.on_leaving()
        try:
            await socket.send(frame.text)
        except (ConnectionClosed, asyncio.CancelledError):
            _resolve(frame.taken, is_taken=False)
            raise
        _resolve(frame.taken, is_taken=True)

    def _forget_outgoing(self) -> None:
        for frame in self._outgoing:
            _resolve(frame.taken, is_taken=False)
        self._outgoing.clear()
        self._backlog_bytes = 0

    # ---- Heartbeat

    def welcome(self, heartbeat_ms: Any) -> None:
        """The owner has found the greeting in order."""
        self.welcomed_at = self._loop.time()
        if isinstance(heartbeat_ms, (int, float)) and heartbeat_ms > 0:
            self._heartbeat_s = heartbeat_ms / 1000
        self._arm(self._heartbeat_s, self._beat)

    def probe(self) -> None:
        """The machine may have slept: the server has to show that it is still there."""
        if self.is_ready:
            self._ask(self._options.wake_timeout_ms / 1000)

    def _beat(self) -> None:
        assert self._socket is not None
        heard_at = self._socket.heard_at
        if heard_at == self._asked_at:
            self.drop("no sign of life")
            return
        silent_s = self._loop.time() - heard_at
        if silent_s < self._heartbeat_s:
            self._arm(self._heartbeat_s - silent_s, self._beat)
        else:
            self._ask(self._heartbeat_s)

    def _ask(self, answer_s: float) -> None:
        assert self._socket is not None
        self._asked_at = self._socket.heard_at
        self.send(PING)
        self._arm(answer_s, self._beat)

    def _arm(self, seconds: float, action: Callable[[], None]) -> None:
        self._disarm()
        self._timer = self._loop.call_later(seconds, action)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ---- The end

    def drop(self, reason: str, error: RoomcastError | None = None) -> None:
        """Gives the socket up without a goodbye: a dead network would not answer it."""
        self._end = self._end or LinkEnd(NO_CLOSE_FRAME, reason, error)
        self._disarm()
        if self._socket is not None:
            self._socket.transport.abort()

    async def close(self) -> None:
        """Says goodbye with 1000 and waits for the answer, within `close_timeout_ms`."""
        socket = self._socket
        if socket is None or not self.is_open:
            return
        self._end = LinkEnd(1000, "closed here")
        self._disarm()
        socket.is_closing = True
        # Beside the library's own, which begins only when the socket has taken the close frame.
        guard = self._loop.call_later(self._options.close_timeout_ms / 1000, socket.transport.abort)
        try:
            await socket.close(1000)
        finally:
            guard.cancel()
            socket.transport.abort()


def _resolve(taken: asyncio.Future[None] | None, *, is_taken: bool) -> None:
    if taken is None or taken.done():
        return
    if is_taken:
        taken.set_result(None)
    else:
        taken.cancel()
