"""The way in: `connect`."""

from __future__ import annotations

import random as randomness
import ssl as tls
from collections.abc import Callable, Generator, Mapping
from types import TracebackType
from typing import Any, Literal

from .errors import RoomcastError
from .events import ClientStatus, StatusEvent
from .frames import to_json
from .options import Options, TokenProvider, check_url
from .room import Room
from .session import Session

ROOM_ID_LENGTH = 128
#: Stands for what was not said, as None is a value.
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()


def connect(
    url: str,
    *,
    session: bool = True,
    token: TokenProvider | None = None,
    connect_timeout_ms: float = 10_000,
    back_off_ms: float = 100,
    back_off_max_ms: float = 20_000,
    stable_ms: float = 5_000,
    heartbeat_ms: float = 25_000,
    wake_timeout_ms: float = 2_000,
    request_timeout_ms: float = 10_000,
    publish_timeout_ms: float = 60_000,
    queue_messages: int = 1_000,
    queue_bytes: int = 1_048_576,
    buffer_messages: int = 10_000,
    max_frame_bytes: int = 16_777_216,
    close_timeout_ms: float = 1_000,
    random: Callable[[], float] = randomness.random,
    ssl: tls.SSLContext | None = None,
    headers: Mapping[str, str] | None = None,
    proxy: str | bool = True,
) -> Client:
    """A client of the server at `url`, for `async with connect(url) as client`.

    It connects in the background, and comes back until it is closed: calls wait for the connection within their time-out.
    `token` is a str, or a function (plain or async) that returns one. `proxy` is the address of a proxy, True for what the
    environment says, False for none. What the others mean is said in `roomcast.Options`.
    """
    check_url(url)
    return Client(
        url,
        Options(
            session=session,
            token=token,
            connect_timeout_ms=connect_timeout_ms,
            back_off_ms=back_off_ms,
            back_off_max_ms=back_off_max_ms,
            stable_ms=stable_ms,
            heartbeat_ms=heartbeat_ms,
            wake_timeout_ms=wake_timeout_ms,
            request_timeout_ms=request_timeout_ms,
            publish_timeout_ms=publish_timeout_ms,
            queue_messages=queue_messages,
            queue_bytes=queue_bytes,
            buffer_messages=buffer_messages,
            max_frame_bytes=max_frame_bytes,
            close_timeout_ms=close_timeout_ms,
            random=random,
            ssl=ssl,
            headers=headers,
            proxy=proxy,
        ),
    )


class Client:
    """One session with a server, over one connection at a time. Made by `connect`; for one event loop and its thread."""

    def __init__(self, url: str, options: Options) -> None:
        self._url = url
        self._options = options
        self._session: Session | None = None

    def __repr__(self) -> str:
        return f"<Client {self._url} {self.status}>"

    async def __aenter__(self) -> Client:
        if self._session is not None:
            raise RoomcastError("closed", "A client is opened once: call connect again for another one.")
        self._session = Session(self._url, self._options)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __await__(self) -> Generator[Any, None, Client]:
        """`client = await connect(url)` is for where no `async with` fits: `await client.close()` ends it."""
        return self.__aenter__().__await__()

    @property
    def status(self) -> ClientStatus:
        return "connecting" if self._session is None else self._session.status

    @property
    def limits(self) -> dict[str, Any]:
        """The server's limits, by their names in PROTOCOL.md; empty before the first connection."""
        return {} if self._session is None else dict(self._session.limits)

    def on_status(self, listener: Callable[[StatusEvent], object]) -> Callable[[], None]:
        """Connected, reconnecting, closed. What is returned takes the listener off again."""
        return self._open_session().statuses.add(listener)

    def on_error(self, listener: Callable[[RoomcastError], object]) -> Callable[[], None]:
        """What went wrong without anybody waiting for it."""
        return self._open_session().errors.add(listener)

    async def join(
        self,
        room: str,
        *,
        members: bool | Literal["count"] | None = None,
        member: Any = ABSENT,
        history: int | None = None,
        state: bool | None = None,
        timeout_ms: float | None = None,
    ) -> Room:
        """Joins a room and stays in it over all connections, until `room.leave()`.

        `members`: True for the list and its news, "count" for the number only. `member`: any JSON about me, for the others
        to see. `history`: how many past messages to hand over first. `state`: False to do without. Joining a room again
        gives the same object, in sync anew. Whoever listens right behind the `await` misses nothing.
        """
        session = self._open_session()
        session.check(room, "join")
        self._check_room_id(room)
        member_json = None if member is ABSENT else to_json(member, room, "join")
        wanted = {"members": members, "history": history, "state": state}
        to_json(wanted, room, "join")
        timeout_ms = self._options.request_timeout_ms if timeout_ms is None else timeout_ms
        joined = session.rooms.get(room)
        if joined is None:
            joined = session.rooms[room] = Room(session, room)
        joined.want(member_json, wanted)
        joined.entry.send()
        try:
            await joined.entry.wait(timeout_ms)
            joined.is_handed_out = True
        finally:
            joined.mirror.release_soon()
            if not joined.is_handed_out and not joined.entry.is_awaited:
                joined.abandon()
        return joined

    async def close(self) -> None:
        """Leaves all rooms and ends the connection for good. What waits fails with `closed`; nothing is left behind."""
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> Session:
        if self._session is None:
            raise RoomcastError("closed", "The client is not open: use it inside `async with connect(url) as client`.")
        return self._session

    def _check_room_id(self, room: Any) -> None:
        most = self._open_session().limits.get("roomIdLength", ROOM_ID_LENGTH)
        is_text = isinstance(room, str) and 1 <= len(room) <= most
        if not is_text or any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in room):
            message = f"A room id is a str of 1 to {most} characters without control characters."
            raise RoomcastError("bad_room", message, room=str(room), request="join")
