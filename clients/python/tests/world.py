"""What the tests have in common: a server that follows a script, and a clock that can be put forward."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

T = TypeVar("T")
WELCOME = {"type": "welcome", "connection": "c1", "protocol": 1, "heartbeatMs": 25000, "limits": {"dataBytes": 32768}}
JOINED = {
    "type": "joined",
    "memberId": "m1",
    "epoch": "e1",
    "offset": 0,
    "version": 0,
    "count": 1,
    "state": {"set": {}, "versions": {}},
}
#: One thing at a time, and no waiting.
QUIET: dict[str, Any] = {"session": False, "random": lambda: 0.0, "proxy": False}


class ManualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward."""

    offset = 0.0

    def time(self) -> float:
        return super().time() + self.offset

    def timers(self) -> list[str]:
        """What waits for its time."""
        timers: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return [repr(timer) for timer in timers if not timer.cancelled()]

    def advance(self, seconds: float) -> None:
        self.offset += seconds
        self.call_soon(lambda: None)  # wakes the selector, should it wait for a timer that is due now


def advance(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ManualLoop)
    loop.advance(seconds)


async def turns(count: int = 20) -> None:
    """Lets everything that can go on do so; for showing that nothing happens, behind a fence of the server's."""
    for _ in range(count):
        await asyncio.sleep(0)


class Record(Generic[T]):
    """What a listener hears, to be read one by one: `Record(room.on_message)`."""

    def __init__(self, on: Callable[[Callable[[T], object]], object]) -> None:
        self._queue: asyncio.Queue[T] = asyncio.Queue()
        on(self._queue.put_nowait)

    async def next(self) -> T:
        return await self._queue.get()

    async def until(self, is_it: Callable[[T], bool]) -> T:
        while not is_it(event := await self.next()):
            pass
        return event

    @property
    def unread(self) -> int:
        return self._queue.qsize()


class Peer:
    """The server's end of a connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.ended = asyncio.Event()

    async def read(self, type_: str | None = None) -> dict[str, Any]:
        frame = json.loads(await self.socket.recv())
        assert isinstance(frame, dict)
        assert type_ is None or frame["type"] == type_, frame
        return frame

    async def send(self, **fields: Any) -> None:
        await self.socket.send(json.dumps(fields))

    async def send_text(self, text: str | bytes) -> None:
        await self.socket.send(text)

    async def welcome(self, **fields: Any) -> Peer:
        await self.send(**{**WELCOME, **fields})
        return self

    async def joins(self, room: str = "lobby", **fields: Any) -> dict[str, Any]:
        """Reads a join and answers it."""
        frame = await self.read("join")
        assert frame["room"] == room
        await self.send(**{**JOINED, "room": room, "id": frame["id"], **fields})
        return frame

    async def close_code(self) -> int | None:
        """Waits for the end."""
        try:
            while True:
                await self.socket.recv()
        except ConnectionClosed:
            return self.socket.close_code

    def cut(self) -> None:
        self.socket.transport.abort()


class Server:
    def __init__(self) -> None:
        self.peers: asyncio.Queue[Peer] = asyncio.Queue()
        self.url = ""

    async def handle(self, socket: ServerConnection) -> None:
        peer = Peer(socket)
        self.peers.put_nowait(peer)
        await socket.wait_closed()

    async def next(self) -> Peer:
        """The next connection, not welcomed yet."""
        return await self.peers.get()

    async def accept(self, **welcome: Any) -> Peer:
        return await (await self.next()).welcome(**welcome)


@asynccontextmanager
async def scripted() -> AsyncIterator[Server]:
    server = Server()
    async with serve(
        server.handle,
        "127.0.0.1",
        0,
        subprotocols=[Subprotocol("roomcast.v1.json")],
        ping_interval=None,
        open_timeout=None,
        close_timeout=0.1,
        compression=None,
    ) as listener:
        server.url = f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/ws"
        yield server


@asynccontextmanager
async def raw(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any],
) -> AsyncIterator[str]:
    """A TCP server that does what it wants; the address is that of a WebSocket."""
    writers: list[asyncio.StreamWriter] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await handle(reader, writer)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/ws"
    finally:
        listener.close()
        for writer in writers:
            writer.transport.abort()
        await listener.wait_closed()
