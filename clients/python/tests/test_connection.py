"""Servers that are no good, connections that come and go, and time."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from roomcast import RoomcastError, connect
from world import QUIET, Record, advance, raw, scripted, turns


@pytest.mark.parametrize(
    "url",
    ["http://localhost/ws", "localhost:8080", "", "ws://", "ws://:80/ws", "ws://a:99999/", "ws://a/#b", "ws://[::1/", None, 5],
)
def test_address_that_is_none_is_refused(url: Any) -> None:
    with pytest.raises(RoomcastError) as failed:
        connect(url)
    assert failed.value.code == "bad_url"
    assert "ws://" in failed.value.message


@pytest.mark.parametrize("value", [-1, "5", None, True, float("nan")])
def test_option_that_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="back_off_ms"):
        connect("ws://localhost", back_off_ms=value)


async def test_client_that_is_not_entered_says_how() -> None:
    client = connect("ws://127.0.0.1:9/ws")
    with pytest.raises(RoomcastError, match="async with"):
        await client.join("lobby")
    await client.close()
    assert client.status == "connecting"
    assert "127.0.0.1" in repr(client)


async def test_client_is_opened_once() -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        with pytest.raises(RoomcastError, match="once"):
            await client


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff SSH-2.0 \r\n\r\n" * 20)


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\n" + b"X: y\r\n" * 10_000)


@pytest.mark.parametrize("server", [garbage, closes, page, endless])
async def test_server_that_is_none_is_tried_again(server: Any) -> None:
    attempts: asyncio.Queue[None] = asyncio.Queue()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attempts.put_nowait(None)
        await server(reader, writer)

    async with raw(handle) as url, connect(url, **QUIET, back_off_ms=0) as client:
        statuses = Record(client.on_status)
        joining = asyncio.create_task(client.join("lobby", timeout_ms=50_000))
        for _ in range(3):
            await attempts.get()
        assert (client.status, statuses.unread) == ("connecting", 0)
        advance(50)
        with pytest.raises(RoomcastError) as failed:
            await joining
        assert (failed.value.code, failed.value.room, failed.value.request) == ("timeout", "lobby", "join")


async def test_nobody_at_the_address_is_tried_again_until_the_call_is_over() -> None:
    async with scripted() as server:
        url = server.url
    async with connect(url, **QUIET, back_off_ms=10) as client:
        with pytest.raises(RoomcastError, match="Connect call failed") as failed:
            await client.join("lobby", timeout_ms=50)
        assert failed.value.code == "timeout"


async def test_server_that_never_answers_is_given_up() -> None:
    attempts: asyncio.Queue[None] = asyncio.Queue()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attempts.put_nowait(None)

    async with raw(silent) as url, connect(url, **QUIET) as client:
        for _ in range(3):
            await attempts.get()
            advance(10)
        assert client.status == "connecting"


async def test_server_that_does_not_greet_is_given_up() -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        statuses = Record(client.on_status)
        peer = await server.next()
        await peer.socket.ping()
        advance(10)
        assert await peer.close_code() == 1006
        await server.accept()
        assert (await statuses.next()).status == "connected"


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[1]",
        '{"type":7}',
        '{"room":"lobby"}',
        '{"type":"message","data":NaN}',
        "[" * 200_000,
        b"\x00",
        '{"type":"welcome","protocol":1,"limits":5}',
        '{"type":"message","room":"lobby","offset":"1","at":1,"data":1}',
        '{"type":"message","room":"lobby","offset":1,"data":1}',
        '{"type":"message","room":"lobby","at":1,"from":5,"data":1}',
        '{"type":"messages","room":"lobby","messages":5}',
        '{"type":"messages","room":"lobby","messages":[5]}',
        '{"type":"state","room":"lobby","version":1,"set":[]}',
        '{"type":"state","room":"lobby","version":1,"delete":[[]]}',
        '{"type":"state","room":"lobby","version":1,"since":0,"versions":{"a":"b"}}',
        '{"type":"state","room":"lobby"}',
        '{"type":"members","room":"lobby","count":1,"joined":[{}]}',
        '{"type":"members","room":"lobby","count":1,"joined":[1]}',
        '{"type":"gap","room":"lobby"}',
        '{"type":"error","room":"lobby"}',
        '{"type":"error","code":7}',
    ],
)
async def test_frame_that_is_wrong_drops_the_connection(text: str | bytes) -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        errors = Record(client.on_error)
        joining = asyncio.create_task(client.join("lobby", members=True))
        peer = await server.accept()
        await peer.joins(members=[{"id": "m1"}])
        room = await joining
        await peer.send_text(text)
        assert (await errors.next()).code == "bad_frame"
        peer = await server.accept()
        frame = await peer.joins(resumed=True, messages=[])
        assert frame["resume"] == {"epoch": "e1", "offset": 0, "version": 0}
        assert room.state.version == 0


@pytest.mark.parametrize("fields", [{"memberId": 1}, {"epoch": None}, {"offset": -1}, {"count": True}, {"state": [1]}])
async def test_joined_that_makes_no_sense_drops_the_connection(fields: dict[str, Any]) -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        errors = Record(client.on_error)
        joining = asyncio.create_task(client.join("lobby"))
        await (await server.accept()).joins(**fields)
        assert (await errors.next()).code == "bad_frame"
        await (await server.accept()).joins()
        assert (await joining).status == "joined"


async def test_frame_of_ten_megabytes_is_taken_and_a_larger_one_than_allowed_is_not() -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        errors = Record(client.on_error)
        joining = asyncio.create_task(client.join("lobby"))
        peer = await server.accept()
        await peer.joins()
        messages = Record((await joining).on_message)
        await peer.send(type="message", room="lobby", at=1, offset=1, data="x" * 10_000_000)
        assert len((await messages.next()).data) == 10_000_000
        sending = asyncio.create_task(peer.send_text(" " * 17_000_000))
        error = await errors.next()
        assert error.code == "bad_frame"
        assert "max_frame_bytes" in error.message
        await asyncio.gather(sending, return_exceptions=True)
        await server.accept()


async def test_silence_is_asked_and_silence_after_that_is_the_end() -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        statuses = Record(client.on_status)
        peer = await server.accept()
        await statuses.next()
        advance(25)
        assert await peer.read() == {"type": "ping"}
        await peer.send(type="pong")
        await peer.socket.ping()
        advance(25)
        assert await peer.read() == {"type": "ping"}
        advance(25)
        assert await peer.close_code() == 1006
        assert (await statuses.next()).status == "reconnecting"
        await server.accept()
        assert (await statuses.next()).status == "connected"


async def test_machine_that_slept_asks_at_once_and_gives_up_soon() -> None:
    async with scripted() as server, connect(server.url, **QUIET, heartbeat_ms=600_000) as client:
        statuses = Record(client.on_status)
        peer = await server.accept(heartbeatMs=600_000)
        await statuses.next()
        advance(60)
        assert await peer.read() == {"type": "ping"}
        advance(2)
        assert await peer.close_code() == 1006
        await server.accept()


async def test_machine_that_slept_does_not_sit_out_the_back_off() -> None:
    options = {**QUIET, "random": lambda: 0.99, "back_off_ms": 3_000_000, "back_off_max_ms": 3_000_000}
    async with scripted() as server, connect(server.url, **options) as client:
        statuses = Record(client.on_status)
        (await server.accept()).cut()
        await statuses.until(lambda s: s.status == "reconnecting")
        advance(60)
        await server.accept()


async def test_wall_clock_that_jumps_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        peer = await server.accept()
        for jump in (3600, -7200):
            now = time.time()
            monkeypatch.setattr(time, "time", lambda now=now, jump=jump: now + jump)
            joining = asyncio.create_task(client.join("lobby"))
            await peer.joins()
            await joining
            advance(6)
            await turns()
        await peer.send(type="closing", retryAfterMs=0)
        assert client.status == "connected"


async def test_back_off_doubles_to_its_cap_and_its_randomness_is_behind_that(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    enough = asyncio.Event()
    options: dict[str, Any] = {"proxy": False, "random": lambda: 0.5}

    from roomcast.connector import Connector

    async def waited(self: Connector, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 12:
            enough.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(Connector, "_wait", waited)
    async with raw(closes) as url, connect(url, **options):
        await enough.wait()
    assert waits == [min(20.0, 0.1 * 2**n) / 2 for n in range(12)]


async def test_closing_is_believed_up_to_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        statuses = Record(client.on_status)
        peer = await server.accept()
        await peer.send(type="closing", retryAfterMs=10**12)
        await peer.socket.close(1012)
        await statuses.until(lambda s: s.status == "reconnecting")
        for _ in range(75):
            advance(4)
            await turns(3)
        await server.accept()


async def test_token_is_renewed_before_it_expires_and_a_provider_may_be_async() -> None:
    given: list[str] = []

    async def provide() -> str:
        given.append(f"t{len(given)}")
        return given[-1]

    async with scripted() as server, connect(server.url, **QUIET, token=provide):
        peer = await server.accept(heartbeatMs=10**9)
        frame = await peer.read("auth")
        assert frame["token"] == "t0"
        await peer.send(type="authenticated", id=frame["id"], user="ann", expiresAt=int((time.time() + 1000) * 1000))
        await (await peer.socket.ping())
        for _ in range(220):
            advance(4)
            await turns(3)
        assert given == ["t0"]
        for _ in range(6):
            advance(4)
            await turns(3)
        assert (await peer.read("auth"))["token"] == "t1"


@pytest.mark.parametrize("token", [lambda: 5, lambda: 1 / 0])
async def test_token_provider_that_fails_is_an_error_and_is_asked_again(token: Any) -> None:
    async with scripted() as server, connect(server.url, **QUIET, token=token) as client:
        errors = Record(client.on_error)
        for _ in range(3):
            assert (await errors.next()).code == "token"


async def test_secret_and_token_are_in_no_representation() -> None:
    async with scripted() as server, connect(server.url, random=lambda: 0, proxy=False, token="hush-hush") as client:
        peer = await server.accept()
        await peer.read("auth")
        session = await peer.read("session")
        await peer.send(type="session", id=session["id"], session="secret-1", graceMs=1, restored=False, rooms=[])
        peer.cut()
        peer = await server.accept()
        await peer.read("auth")
        assert (await peer.read("session"))["session"] == "secret-1"
        shown = repr(client) + repr(client._options) + json.dumps(client.limits)
        assert "hush" not in shown
        assert "secret-1" not in shown
