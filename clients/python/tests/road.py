"""The way between a client and a real server: it can be cut, stalled and slow."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def jar() -> Path | None:
    """The server that ROOMCAST_JAR names, or that has been built in this repository."""
    named = os.environ.get("ROOMCAST_JAR")
    built = [REPOSITORY / "target" / "roomcast.jar", REPOSITORY / "roomcast-server" / "target" / "roomcast.jar"]
    return next((path for path in ([Path(named)] if named else built) if path.is_file()), None)


def _environment() -> dict[str, str]:
    assert jar() is not None, "no server: build it with ./roomcast, or name its jar in ROOMCAST_JAR"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROOMCAST_")}
    environment["ROOMCAST_JAR"] = str(jar())
    return environment


@dataclass(frozen=True)
class Program:
    port: int
    process: subprocess.Popen[str]


@contextmanager
def program(*arguments: str) -> Iterator[int]:
    """`./roomcast` as a process of its own; gives its port."""
    with running(*arguments) as server:
        yield server.port


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    """The same, for tests that do something to the process."""
    process = subprocess.Popen(
        [REPOSITORY / "roomcast", "--port", "0", "--no-demo", *arguments],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"ws://127\.0\.0\.1:(\d+)/ws", line)
        assert found, f"no address in {line!r}"
        yield Program(int(found[1]), process)
    finally:
        process.kill()
        process.communicate()


def roomcast_types(*arguments: str) -> None:
    """`./roomcast types`, which has to succeed and to say nothing."""
    command = [str(REPOSITORY / "roomcast"), "types", *arguments]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


@contextmanager
def board_server() -> Iterator[str]:
    """The server of docs/room-types.md; gives the address of its schema."""
    command = ["bash", str(REPOSITORY / "scripts" / "board-server.bash")]
    process = subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.endswith(".schema.json"), f"no address in {line!r}"
        yield line
    finally:
        process.terminate()
        process.communicate()


class Road:
    def __init__(self, port: int) -> None:
        #: Where it leads; may change, as connections come.
        self.port = port
        self.url = ""
        self.is_stalled = False
        #: What the server says does not arrive.
        self.is_deaf = False
        #: Pieces so large, each after so long; 0 for no such limit.
        self.piece_bytes = 0
        self.pause_s = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self.connections = 0
        #: There has been a connection.
        self.is_taken = asyncio.Event()

    def cut(self) -> None:
        """Both sides see it at once."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.is_taken.set()
        if self.is_stalled:
            self._writers.add(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer, is_answer=True))
        self._writers -= {writer, far_writer}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_answer: bool = False) -> None:
        # A connection that has met a stall never goes on: that is half-open.
        try:
            while data := await reader.read(self.piece_bytes or 65_536):
                if self.is_stalled:
                    return
                if self.is_deaf and is_answer:
                    continue
                if self.pause_s:
                    await asyncio.sleep(self.pause_s)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        if not self.is_stalled:
            writer.transport.abort()


@asynccontextmanager
async def road(port: int) -> AsyncIterator[Road]:
    way = Road(port)
    travellers: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(way.travel(reader, writer))
        travellers.add(task)
        task.add_done_callback(travellers.discard)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0)
    way.url = f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/ws"
    try:
        yield way
    finally:
        listener.close()
        way.cut()
        for task in list(travellers):
            task.cancel()
        await asyncio.gather(*travellers, return_exceptions=True)
        await listener.wait_closed()
