"""The façade for scripts and notebooks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from roomcast import RoomcastError
from roomcast import sync as roomcast
from test_end import respond
from world import scripted


@pytest.fixture
def url() -> Iterator[str]:
    """A server that answers, in a thread of its own."""
    loop = asyncio.new_event_loop()
    started, addresses = threading.Event(), []
    stop = asyncio.Event()

    async def serve() -> None:
        async with scripted() as server:
            addresses.append(server.url)
            responding = asyncio.create_task(respond(server))
            started.set()
            await stop.wait()
            responding.cancel()
            await asyncio.gather(responding, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    yield addresses[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def test_script_joins_publishes_reads_and_leaves(url: str) -> None:
    with roomcast.connect(url, proxy=False) as client:
        room = client.join("lobby", members=True, member={"name": "Ann"})
        assert (room.id, room.status, room.member_id, room.count, room.offset) == ("lobby", "joined", "m1", 1, 0)
        assert [room.publish(n) for n in range(3)] == [1, 2, 3]
        assert [next(room).data for _ in range(3)] == [0, 1, 2]
        assert room.publish("x", keep=False) is None
        assert room.receive(timeout=5) is not None
        assert room.update(set={"a": 1}).version == 1
        assert (room.state, room.version_of("a")) == ({"a": 1}, 1)
        assert room.history().messages == ()
        assert room.members is None
        with pytest.raises(RoomcastError) as failed:
            room.receive(timeout=0.01)
        assert (failed.value.code, client.status) == ("timeout", "connected")
        assert (repr(room), client.limits) == ("<Room 'lobby' joined>", {"dataBytes": 32768})
        room.leave()
        assert list(room) == []
    assert client.status == "closed"
    client.close()
    for call in (lambda: client.join("a"), lambda: room.publish(1), lambda: room.state):
        with pytest.raises(RoomcastError) as failed:
            call()
        assert failed.value.code == "closed"
    assert [thread.name for thread in threading.enumerate() if thread.name == "roomcast"] == []


def test_close_from_another_thread_ends_who_waits(url: str) -> None:
    client = roomcast.connect(url, proxy=False)
    room = client.join("lobby")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(list, room)
        pool.submit(client.close).result()
        assert waiting.result() == []


def test_call_that_comes_while_the_client_closes_is_answered(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is handed to the event loop when that has just ended would be waited for without end."""
    client = roomcast.connect(url, proxy=False)
    room = client.join("lobby")
    loop = client._loop._loop
    codes: list[str] = []
    stop, call_soon = loop.stop, loop.call_soon_threadsafe
    is_handed_in = threading.Event()

    def call() -> None:
        with pytest.raises(RoomcastError) as failed:
            room.publish(1)
        codes.append(failed.value.code)
        is_handed_in.set()

    caller = threading.Thread(target=call, daemon=True)

    def late_call() -> None:
        if caller.ident is None:
            caller.start()
            is_handed_in.wait()
        stop()

    def handing_in(*arguments: Any) -> Any:
        handle = call_soon(*arguments)
        if threading.current_thread() is caller:
            is_handed_in.set()
        return handle

    monkeypatch.setattr(loop, "stop", late_call)
    monkeypatch.setattr(loop, "call_soon_threadsafe", handing_in)
    client.close()
    caller.join(5)
    assert codes == ["closed"]


def test_receive_without_time_to_wait_gives_what_is_there(url: str) -> None:
    with roomcast.connect(url, proxy=False) as client:
        room = client.join("lobby")
        room.publish("a")
        room.publish("b")
        for data in ("a", "b"):
            message = room.receive(timeout=0)
            assert message is not None
            assert message.data == data
        with pytest.raises(RoomcastError) as failed:
            room.receive(timeout=0)
        assert failed.value.code == "timeout"


def test_overflow_is_told_once_and_reading_goes_on(url: str) -> None:
    with roomcast.connect(url, proxy=False, buffer_messages=2) as client:
        room = client.join("lobby")
        for n in range(4):
            room.publish(n)
        assert [next(room).data, next(room).data] == [0, 1]
        with pytest.raises(RoomcastError) as failed:
            next(room)
        assert failed.value.code == "overflow"
        with pytest.raises(RoomcastError):
            room.receive(timeout=0.01)
        room.publish("again")
        assert next(room).data == "again"


@pytest.mark.parametrize("ending", ["", "raise SystemExit(0)", "del client, room", "client.close()"])
def test_script_that_forgets_to_close_ends_without_a_word(url: str, ending: str) -> None:
    program = "from roomcast import sync as roomcast\n"
    program += f"client = roomcast.connect({url!r}, proxy=False); room = client.join('lobby'); room.publish(1)\n{ending}"
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_address_that_is_none_is_refused_and_leaves_no_thread() -> None:
    with pytest.raises(RoomcastError) as failed:
        roomcast.connect("http://localhost")
    assert failed.value.code == "bad_url"
    assert [thread.name for thread in threading.enumerate() if thread.name == "roomcast"] == []
