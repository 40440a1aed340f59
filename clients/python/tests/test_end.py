"""Cancelling, closing, and what is left then: nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from roomcast import RoomcastError, connect
from world import QUIET, Peer, Record, Server, advance, scripted


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def respond(server: Server) -> None:
    """Answers whatever comes, on one connection after the other; every publish comes back as a message."""

    async def converse(peer: Peer) -> None:
        offset = 0
        await peer.welcome()
        while True:
            frame = await peer.read()
            about = {"id": frame.get("id"), "room": frame.get("room")}
            match frame["type"]:
                case "session":
                    await peer.send(type="session", id=frame["id"], session="s1", graceMs=1, restored=True, rooms=[])
                case "join":
                    await peer.send(
                        **about,
                        type="joined",
                        memberId="m1",
                        epoch="e1",
                        offset=offset,
                        version=0,
                        count=1,
                        state={"set": {}, "versions": {}},
                    )
                case "publish":
                    offset += 1
                    await peer.send(type="message", room=frame["room"], offset=offset, at=1, data=frame["data"])
                    await peer.send(**about, type="published", offset=offset)
                case "update":
                    await peer.send(type="state", room=frame["room"], version=1, set=frame["set"])
                    await peer.send(**about, type="updated", version=1)
                case "history":
                    await peer.send(**about, type="history", epoch="e1", messages=[], more=False)
                case "leave":
                    await peer.send(**about, type="left")

    async def watch(peer: Peer) -> None:
        try:
            await converse(peer)
        except Exception:  # the connection has ended, in one of its ways
            return

    tasks: set[asyncio.Task[None]] = set()
    try:
        while True:
            tasks.add(asyncio.create_task(watch(await server.next())))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def whole_life(url: str) -> None:
    async with connect(url, proxy=False, random=lambda: 0.0) as client:
        room = await client.join("lobby")
        stream = room.messages()
        await room.publish(1)
        assert (await anext(stream)).data == 1
        await room.publish(2, keep=False)
        await room.update(set={"a": 1})
        await room.history()
        await room.leave()


@pytest.mark.parametrize("first", range(0, 90, 15))
async def test_cancellation_in_every_await_leaves_nothing(first: int) -> None:
    """Cancels after 0, 1, 2 … turns of the event loop; each await of the whole life is met by one of them."""
    async with scripted() as server:
        responding = asyncio.create_task(respond(server))
        before = {responding, asyncio.current_task()}
        await whole_life(server.url)
        finished = 0
        for count in range(first, first + 15):
            living = asyncio.create_task(whole_life(server.url))
            for _ in range(count):
                await asyncio.sleep(0)
            living.cancel()
            result = (await asyncio.gather(living, return_exceptions=True))[0]
            assert result is None or isinstance(result, asyncio.CancelledError), result
            finished += result is None
            own = {task for task in asyncio.all_tasks() - before if task and (task.get_name() or "").startswith("roomcast")}
            assert not own, own
        assert finished == 0 or first > 0
        responding.cancel()
        await asyncio.gather(responding, return_exceptions=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda client, room: room.publish(1),
        lambda client, room: room.publish(1, keep=False),
        lambda client, room: room.update(set={"a": 1}),
        lambda client, room: room.set_member(1),
        lambda client, room: room.history(),
        lambda client, room: room.fetch_members(),
        lambda client, room: client.join("other"),
        lambda client, room: client.join("lobby"),
        lambda client, room: anext(room.messages()),
    ],
)
async def test_call_that_is_cancelled_harms_no_other(call: Any) -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        joining = asyncio.create_task(client.join("lobby"))
        peer = await server.accept()
        await peer.joins()
        room = await joining
        for _ in range(3):
            calling = asyncio.create_task(call(client, room))
            await asyncio.sleep(0)
            calling.cancel()
            result = (await asyncio.gather(calling, return_exceptions=True))[0]
            assert isinstance(result, asyncio.CancelledError)
        asking = asyncio.create_task(room.history(limit=7))
        while (frame := await peer.read()).get("limit") != 7:
            pass
        await peer.send(type="history", room="lobby", id=frame["id"], epoch="e1", messages=[], more=False)
        assert (await asking).messages == ()
        assert room.status == "joined"
        assert not room.queue.waiting()
        assert client._session is not None
        assert {request.type for request in client._session._awaited.values()} <= {"join"}


async def test_close_that_is_cancelled_still_closes() -> None:
    async with scripted() as server:
        client = await connect(server.url, **QUIET)
        statuses = Record(client.on_status)
        peer = await server.accept()
        await statuses.next()
        peer.socket.transport.pause_reading()
        closing = asyncio.create_task(client.close())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        assert closing.cancelled()
        await client.close()
        assert client.status == "closed"


async def test_server_that_does_not_answer_the_close_is_not_waited_for() -> None:
    async with scripted() as server:
        async with connect(server.url, **QUIET, close_timeout_ms=20) as client:
            statuses = Record(client.on_status)
            peer = await server.accept()
            await statuses.next()
            peer.socket.transport.pause_reading()
        assert client.status == "closed"
        assert (await statuses.next()).error is None
        peer.cut()


async def test_close_does_not_wait_for_a_socket_that_takes_nothing() -> None:
    async with scripted() as server:
        async with connect(server.url, **QUIET, close_timeout_ms=20) as client:
            joining = asyncio.create_task(client.join("lobby"))
            peer = await server.accept()
            await peer.joins()
            room = await joining
            peer.socket.transport.pause_reading()
            publishing = [asyncio.create_task(room.publish("x" * 30_000)) for _ in range(400)]
            for _ in range(20):
                await asyncio.sleep(0)
            assert client._session is not None
            assert client._session.link is not None
            assert client._session.link.backlog_bytes > 0
        results = await asyncio.gather(*publishing, return_exceptions=True)
        assert {result.code for result in results if isinstance(result, RoomcastError)} == {"closed"}
        assert len(results) == 400
        peer.cut()


async def test_no_task_socket_or_thread_is_left_after_close() -> None:
    async with scripted() as server:
        responding = asyncio.create_task(respond(server))
        await whole_life(server.url)
        threads, sockets = set(threading.enumerate()), descriptors()
        for _ in range(5):
            await whole_life(server.url)
        assert set(threading.enumerate()) == threads
        while any(task.get_name().startswith("roomcast") for task in asyncio.all_tasks()):
            raise AssertionError("a task of the client's is left")
        responding.cancel()
        await asyncio.gather(responding, return_exceptions=True)
        assert descriptors() <= sockets


async def test_close_waits_for_a_token_provider_that_takes_its_time_to_end() -> None:
    asked = asyncio.Event()
    calls = 0

    async def token() -> str:
        nonlocal calls
        calls += 1
        if calls == 1:
            return "t1"
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
        raise AssertionError

    async with scripted() as server:
        client = await connect(server.url, **QUIET, token=token)
        peer = await server.accept()
        frame = await peer.read("auth")
        await peer.send(type="authenticated", id=frame["id"], user="ann", expiresAt=0)
        advance(0.5)
        for _ in range(3):
            await asyncio.sleep(0)
        advance(1)
        await asked.wait()
        await client.close()
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("roomcast")] == []


@pytest.mark.parametrize("call", [1, 2])
async def test_token_provider_may_close_the_client(call: int) -> None:
    calls = 0

    async def token() -> str:
        nonlocal calls
        calls += 1
        if calls == call:
            await client.close()
        return "t1"

    async with scripted() as server:
        client = await connect(server.url, **QUIET, token=token, close_timeout_ms=20)
        statuses = Record(client.on_status)
        if call == 2:
            peer = await server.accept()
            frame = await peer.read("auth")
            await peer.send(type="authenticated", id=frame["id"], user="ann", expiresAt=0)
            await statuses.next()
        closed = asyncio.create_task(statuses.until(lambda event: event.status == "closed"))
        while not closed.done():
            advance(0.1)
            await asyncio.sleep(0.001)
        await asyncio.wait_for(client.close(), 5)
        assert client.status == "closed"


async def test_body_that_fails_closes_and_its_error_comes_through() -> None:
    async with scripted() as server:
        with pytest.raises(ZeroDivisionError):
            async with connect(server.url, **QUIET) as client:
                raise ZeroDivisionError
        assert client.status == "closed"


#: Scripts of users who do not clean up; `url` is a server that nobody is at, or one that answers.
SCRIPTS = {
    "abandoned while connecting": "client = await connect(url)",
    "abandoned with a join under way": "client = await connect(url); t = asyncio.create_task(client.join('a'))",
    "abandoned with everything under way": """
        client = await connect(url)
        tasks = [asyncio.create_task(client.join(str(n))) for n in range(9)]
        await asyncio.wait(tasks, timeout=0.05)""",
    "closed with a join under way": """
        async with connect(url) as client:
            t = asyncio.create_task(client.join('a'))
            await asyncio.sleep(0)
        try:
            await t
        except RoomcastError as error:
            assert error.code == 'closed'""",
    "failed in the middle": """
        try:
            async with connect(url) as client:
                async with asyncio.timeout(0.05) if hasattr(asyncio, 'timeout') else connect(url):
                    await asyncio.wait_for(client.join('a'), 0.05)
        except (TimeoutError, asyncio.TimeoutError):
            pass""",
    "not entered": "connect(url)",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_script_ends_without_a_word(script: str) -> None:
    async with scripted() as server:
        program = "import asyncio\nfrom roomcast import RoomcastError, connect\n"
        program += f"async def main(url):\n    {script.strip()}\n" if "\n" not in script else f"async def main(url):{script}\n"
        program += f"asyncio.run(main({server.url!r}))\n"
        responding = asyncio.create_task(respond(server))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-W", "error", "-c", program),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert (output.decode(), process.returncode) == ("", 0)
        responding.cancel()
        await asyncio.gather(responding, return_exceptions=True)


async def test_closed_error_is_a_new_one_for_each_call() -> None:
    client = await connect("ws://127.0.0.1:9/ws", **QUIET)
    await client.close()
    errors = []
    for _ in range(2):
        with pytest.raises(RoomcastError) as failed:
            await client.join("lobby")
        errors.append(failed.value)
    assert errors[0] is not errors[1]
