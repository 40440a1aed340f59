"""One connection after the other, until it is closed or the server says that it is final."""

from __future__ import annotations

import asyncio
import inspect
import time
from abc import ABC, abstractmethod
from typing import Any

from .errors import RoomcastError
from .events import ClientStatus, StatusEvent
from .frames import Frame
from .link import NO_CLOSE_FRAME, Link, LinkEnd
from .listeners import Listeners
from .options import Options

PROTOCOL = 1
#: A server's wish to be left alone counts up to here.
LONGEST_RETRY_AFTER_MS = 300_000
#: How often it is looked whether the machine has slept, and how late that has to come.
WATCH_S = 5.0
FINAL_CODES = frozenset((1000, 1002, 1003, 1007, 1008, 1009))


def is_final(close_code: int) -> bool:
    """PROTOCOL.md, Close codes: after these nobody is to connect again by itself."""
    return close_code in FINAL_CODES or 4500 <= close_code <= 4999


def awake_clock() -> float:
    """A clock that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Connector(ABC):
    """Connects, comes back, and ends. All of it runs in the event loop that it was made in."""

    def __init__(self, url: str, options: Options) -> None:
        self.url = url
        self.options = options
        self.loop = asyncio.get_running_loop()
        self.status: ClientStatus = "connecting"
        self.statuses: Listeners[StatusEvent] = Listeners()
        self.errors: Listeners[RoomcastError] = Listeners()
        #: Why nothing goes any more.
        self.closed_by: RoomcastError | None = None
        self.link: Link | None = None
        #: What the link's `auth` is to say.
        self.link_token: str | None = None
        #: Why there is no connection, for who waits for one.
        self.last_end: LinkEnd | None = None
        #: Attempts since a connection has last held: the exponent of the back-off.
        self._attempt = 0
        #: What `closing` has asked for.
        self._retry_after_ms: int | None = None
        #: Waits out the back-off.
        self._waiter: asyncio.Future[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._watch_timer: asyncio.TimerHandle | None = None
        #: Those beside the runner, such as that of a token's renewal: the end waits for them.
        self.tasks: set[asyncio.Task[None]] = set()
        self._runner = self.loop.create_task(self._run(), name="roomcast")
        self._watch()

    @property
    def is_open(self) -> bool:
        return self.link is not None and self.link.is_ready and self.closed_by is None

    def why_not(self) -> str:
        """A sentence on why there is no connection; empty if there is one."""
        if self.is_open:
            return ""
        return " There is no connection" + (f" ({self.last_end.reason})." if self.last_end is not None else " yet.")

    # ---- For the session

    @abstractmethod
    def welcomed(self, frame: Frame) -> None:
        """The server has greeted: now everything is said that there is to say."""

    @abstractmethod
    def take(self, frame: Frame) -> None: ...

    @abstractmethod
    def lost(self, close_code: int) -> None:
        """There is no connection any more; `close_code` is that of the last one."""

    @abstractmethod
    def ended(self, error: RoomcastError, is_fault: bool) -> None:
        """For good. `is_fault`: nobody asked for it."""

    # ---- Life

    async def _run(self) -> None:
        try:
            while self.closed_by is None:
                self._link_ended(await self._connect_once())
                if self.closed_by is None:
                    await self._wait(self._next_wait_s())
        except asyncio.CancelledError:
            # By `close`, or because the event loop ends around a client that nobody has closed.
            self._stop(RoomcastError("closed", "The event loop has ended: connect anew."), is_fault=False)
            raise

    async def _connect_once(self) -> LinkEnd:
        self.link_token = None
        if self.options.token is not None:
            try:
                self.link_token = await self.next_token()
            except RoomcastError as error:
                return LinkEnd(NO_CLOSE_FRAME, "no token", error)
        self.link = Link(self.url, self.options, self)
        return await self.link.run()

    def _link_ended(self, end: LinkEnd) -> None:
        welcomed_at = self.link.welcomed_at if self.link is not None else None
        if welcomed_at is not None and self.loop.time() - welcomed_at >= self.options.stable_ms / 1000:
            self._attempt = 0
        self.link = None
        self.last_end = end
        if self.closed_by is not None:
            return
        self.lost(end.close_code)
        if end.error is not None:
            self.errors.tell(end.error)
        if is_final(end.close_code):
            message = f"The server closed for good, with {end.close_code} {end.reason}".rstrip() + "."
            self.stop(RoomcastError("closed", message, close_code=end.close_code), is_fault=True)
        elif self.status == "connected":
            self._set_status("reconnecting")

    def _next_wait_s(self) -> float:
        options = self.options
        back_off_ms = min(options.back_off_max_ms, options.back_off_ms * 2.0 ** min(self._attempt, 64))
        self._attempt += 1
        wait_ms = options.random() * back_off_ms if self._retry_after_ms is None else self._retry_after_ms
        self._retry_after_ms = None
        return wait_ms / 1000

    async def _wait(self, seconds: float) -> None:
        self._waiter = self.loop.create_future()
        timer = self.loop.call_later(seconds, self._stop_waiting)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _stop_waiting(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def frame_came(self, frame: Frame) -> None:
        if self.closed_by is not None:
            return
        if frame["type"] == "welcome":
            self._welcome(frame)
        elif frame["type"] == "closing":
            retry_after_ms = frame.get("retryAfterMs", 0)
            if isinstance(retry_after_ms, (int, float)):
                self._retry_after_ms = max(0, min(int(retry_after_ms), LONGEST_RETRY_AFTER_MS))
        else:
            self.take(frame)

    def _welcome(self, frame: Frame) -> None:
        protocol = frame.get("protocol")
        if protocol != PROTOCOL:
            message = f"The server speaks protocol {protocol!r}, this client {PROTOCOL}: use the client that fits."
            self.stop(RoomcastError("unsupported_protocol", message), is_fault=True)
            return
        assert self.link is not None
        self.link.welcome(frame.get("heartbeatMs"))
        self.welcomed(frame)
        self._set_status("connected")

    def _set_status(self, status: ClientStatus) -> None:
        if self.status != status and self.closed_by is None:
            self.status = status
            self.statuses.tell(StatusEvent(status))

    async def next_token(self) -> str:
        """A token of the user's, or an error of code `token`."""
        provider: Any = self.options.token
        try:
            given = provider() if callable(provider) else provider
            if inspect.isawaitable(given):
                given = await asyncio.wait_for(given, self.options.connect_timeout_ms / 1000)
        except Exception as cause:  # whatever the user's function fails with
            raise RoomcastError("token", f"The token provider failed: {type(cause).__name__}: {cause}") from cause
        if not isinstance(given, str):
            raise RoomcastError("token", f"The token provider has to return a str, and returned {type(given).__name__}.")
        return given

    # ---- Sleep

    def _watch(self) -> None:
        """A timer that comes late has slept with the machine."""
        began, began_awake = self.loop.time(), awake_clock()

        def look() -> None:
            passed = max(self.loop.time() - began, awake_clock() - began_awake)
            if passed >= 2 * WATCH_S:
                self.hurry()
            self._watch()

        self._watch_timer = self.loop.call_later(WATCH_S, look)

    def hurry(self) -> None:
        """The machine is awake: no need to sit out the rest of a wait, nor to trust a connection from before."""
        if self.link is not None:
            self.link.probe()
        self._stop_waiting()

    # ---- The end

    def stop(self, error: RoomcastError, *, is_fault: bool) -> None:
        """Ends it: what waits has failed when this returns, and what is open is on its way to be closed."""
        if self._stop(error, is_fault=is_fault):
            self._closing = self.loop.create_task(self._shut(), name="roomcast-closing")

    def _stop(self, error: RoomcastError, *, is_fault: bool) -> bool:
        if self.closed_by is not None:
            return False
        self.closed_by = error
        self.status = "closed"
        if self._watch_timer is not None:
            self._watch_timer.cancel()
        self.ended(error, is_fault)
        self.statuses.tell(StatusEvent("closed", error if is_fault else None))
        return True

    async def _shut(self) -> None:
        if self.link is not None and self.link.is_open:
            await self.link.close()
        else:
            self._runner.cancel()
        await asyncio.gather(self._runner, *self.tasks, return_exceptions=True)

    async def close(self) -> None:
        self.stop(RoomcastError("closed", "The client was closed: connect anew."), is_fault=False)
        if self._closing is None or asyncio.current_task() in (self._runner, *self.tasks):
            return  # called by a token provider, which would wait for itself
        try:
            await asyncio.shield(self._closing)
        except asyncio.CancelledError:
            if self.link is not None:
                self.link.drop("closed in a hurry")
            # Short, as nothing is waited for any more, unless a token provider is what waits here.
            await asyncio.wait([self._closing], timeout=self.options.close_timeout_ms / 1000)
            raise
