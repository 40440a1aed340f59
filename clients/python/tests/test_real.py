"""Against the real server, over a road that breaks."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from road import program, road, running
from roomcast import Client, Message, Room, RoomcastError, connect
from test_end import descriptors
from world import ManualLoop, Record, advance, turns

pytestmark = pytest.mark.real
LIMITS = ("publishesPerSecond=off", "joinsPerSecond=off", "bytesPerSecond=off", "roomsPerConnection=1000")
SOON: dict[str, Any] = {"proxy": False, "back_off_ms": 5}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    limits = [part for limit in LIMITS for part in ("--set", f"limits.{limit}")]
    with program(*limits, "--set", "limits.historyMessages=1000") as port:
        yield port


def url(port: int) -> str:
    return f"ws://127.0.0.1:{port}/ws"


async def read(room: Room, count: int) -> list[Message]:
    stream = room.messages()
    return [await anext(stream) for _ in range(count)]


async def test_two_members_see_each_other(port: int) -> None:
    async with connect(url(port), **SOON) as ann, connect(url(port), **SOON) as bob:
        hers = await ann.join("talk", members=True, member={"name": "Ann"})
        news = Record(hers.on_members)
        his = await bob.join("talk", members=True, member={"name": "Bob"})
        joined = await news.until(lambda event: bool(event.joined))
        assert joined.joined[0].member == {"name": "Bob"}
        assert hers.members is not None
        assert list(hers.members) == [hers.member_id, his.member_id] == list(his.members or ())
        messages = hers.messages()
        offset = await his.publish({"text": "Hello", "n": [1, None, True, "😀"]}, event="chat")
        message = await anext(messages)
        assert (message.offset, message.from_, message.event, message.mine) == (offset, his.member_id, "chat", False)
        await his.publish("to you", to=hers.member_id)
        assert (await anext(messages)).to == hers.member_id
        states = Record(hers.on_state)
        updated = await his.update(set={"__proto__": {"a": 1}}, add={"hits": 2}, own=True)
        await states.next()
        assert dict(hers.state) == {"__proto__": {"a": 1}, "hits": 2} == dict(his.state)
        with pytest.raises(RoomcastError) as failed:
            await his.update(set={"hits": 9}, if_={"hits": 77})
        assert failed.value.current == {"hits": {"version": updated.version, "value": 2}}
        await his.set_member({"name": "Robert"})
        changed = await news.until(lambda event: bool(event.changed))
        assert changed.changed[0].member == {"name": "Robert"}
        assert [m.data for m in (await hers.history(limit=5)).messages] == [message.data]
        assert (await hers.fetch_members(limit=1)).more
        await bob.close()
        gone = await news.until(lambda event: bool(event.left))
        assert gone.left == (his.member_id,)
        assert (hers.count, len(hers.state)) == (1, 0)


async def test_cuts_lose_nothing_and_repeat_nothing(port: int) -> None:
    seed = random.Random(7)
    async with road(port) as way, connect(way.url, **SOON) as writer, connect(way.url, **SOON) as reader:
        there, here = await writer.join("cuts"), await reader.join("cuts")
        resumes, gaps = Record(here.on_resumed), Record(here.on_gap)
        reading = asyncio.create_task(read(here, 300))
        await asyncio.sleep(0)
        publishing = []
        for n in range(300):
            publishing.append(asyncio.create_task(there.publish(n)))
            if n % 30 == 15:
                await publishing[n - seed.randrange(10)]
                way.cut()
                await resumes.next()
        offsets = await asyncio.gather(*publishing)
        assert offsets == list(range(1, 301))
        assert [m.data for m in await reading] == list(range(300))
        assert gaps.unread == 0


async def test_restart_begins_another_epoch_and_what_waited_is_sent() -> None:
    async with road(0) as way, connect(way.url, **SOON) as client:
        with program() as first:
            way.port = first
            room = await client.join("lobby")
            await room.publish("before")
            statuses, gaps = Record(client.on_status), Record(room.on_gap)
        await statuses.until(lambda s: s.status == "reconnecting")
        publishing = asyncio.create_task(room.publish("meanwhile"))
        messages = room.messages()
        with program() as second:
            way.port = second
            gap = await gaps.next()
            assert (gap.after, gap.reason) == (1, "epoch")
            assert await publishing == 1
            assert (await anext(messages)).data == "meanwhile"
            assert (await client.join("other")).count == 1


async def test_client_may_be_there_before_its_server() -> None:
    async with road(9) as way, connect(way.url, **SOON) as client:
        joining = asyncio.create_task(client.join("lobby"))
        await way.is_taken.wait()
        with program() as port:
            way.port = port
            assert (await joining).status == "joined"


async def test_half_open_connection_is_noticed_by_the_heartbeat(port: int) -> None:
    async with road(port) as way, connect(way.url, **SOON) as client:
        room = await client.join("half-open")
        resumes, statuses = Record(room.on_resumed), Record(client.on_status)
        assert await room.publish(1) == 1
        way.is_stalled = True
        publishing = asyncio.create_task(room.publish(2))
        for _ in range(20):
            advance(4)  # in steps that are no sleep of the machine
            await asyncio.sleep(0)
            if client.status != "connected":
                break
        assert (await statuses.next()).status == "reconnecting"
        way.is_stalled = False
        way.cut()
        resumed = await resumes.next()
        assert resumed.messages in (0, 1)
        assert await publishing == 2


async def test_slow_road_delays_and_loses_nothing(port: int) -> None:
    async with road(port) as way, connect(way.url, **SOON) as client:
        way.piece_bytes, way.pause_s = 97, 0.0005
        room = await client.join("slow", members=True)
        reading = asyncio.create_task(read(room, 50))
        await asyncio.sleep(0)
        offsets = await asyncio.gather(*(room.publish({"n": n, "x": "y" * 100}) for n in range(50)))
        assert offsets == list(range(1, 51))
        assert [m.data["n"] for m in await reading] == list(range(50))
        assert way.connections == 1


async def test_thousand_joins(port: int) -> None:
    async with road(port) as way, connect(way.url, **SOON, request_timeout_ms=40_000) as client:
        rooms = await asyncio.gather(*(client.join(f"room-{n}") for n in range(1000)))
        assert [room.id for room in rooms] == [f"room-{n}" for n in range(1000)]
        resumes = [Record(room.on_resumed) for room in rooms]
        way.cut()
        for room_resumes in resumes:
            assert (await room_resumes.next()).restored
        assert await rooms[999].publish("x") == 1


async def test_ten_thousand_messages_in_order(port: int) -> None:
    async with connect(url(port), **SOON) as writer, connect(url(port), **SOON) as reader:
        there, here = await writer.join("many"), await reader.join("many")
        reading = asyncio.create_task(read(here, 10_000))
        await asyncio.sleep(0)
        offsets: list[Any] = []
        for begin in range(0, 10_000, 500):
            offsets += await asyncio.gather(*(there.publish(n) for n in range(begin, begin + 500)))
        assert offsets == list(range(1, 10_001))
        assert [m.data for m in await reading] == list(range(10_000))


async def test_message_that_is_delivered_twice_is_published_once(port: int) -> None:
    async with connect(url(port), **SOON) as client:
        room = await client.join("twice")
        assert await room.publish("a", key="k1") == await room.publish("a", key="k1") == 1
        assert await room.publish("b") == 2
        assert [m.data for m in (await room.history()).messages] == ["a", "b"]


async def test_publishes_whose_replies_are_lost_are_delivered_twice_and_published_once(port: int) -> None:
    async with road(port) as way, connect(way.url, **SOON) as writer, connect(url(port), **SOON) as reader:
        there, here = await writer.join("lost replies"), await reader.join("lost replies")
        reading = asyncio.create_task(read(here, 4))
        heard = Record(here.on_message)
        await asyncio.sleep(0)
        way.is_deaf = True
        publishing = [asyncio.create_task(there.publish(n)) for n in range(3)]
        await heard.until(lambda message: bool(message.data == 2))  # they are published, and the writer does not know
        way.is_deaf = False
        way.cut()
        assert await asyncio.gather(*publishing) == [1, 2, 3]
        assert await there.publish("end") == 4
        assert [m.data for m in await reading] == [0, 1, 2, "end"]
        assert way.connections == 2


async def test_server_that_stands_still_for_a_while_is_waited_for() -> None:
    with running() as server:
        async with connect(url(server.port), **SOON) as client:
            statuses = Record(client.on_status)
            room = await client.join("still", members=True)
            reading = asyncio.create_task(read(room, 20))
            await statuses.next()
            os.kill(server.process.pid, signal.SIGSTOP)
            publishing = [asyncio.create_task(room.publish(n)) for n in range(20)]
            updating = asyncio.create_task(room.update(add={"n": 1}, timeout_ms=60_000))
            for _ in range(10):
                advance(2)  # less than a heartbeat, in steps that are no sleep of the machine
                await turns()
            assert not any(task.done() for task in publishing)
            with pytest.raises(RoomcastError) as failed:
                await room.history(timeout_ms=1)
            assert failed.value.code == "timeout"
            os.kill(server.process.pid, signal.SIGCONT)
            assert await asyncio.gather(*publishing) == list(range(1, 21))
            assert (await updating).values == {"n": 1}
            assert [m.data for m in await reading] == list(range(20))
            assert statuses.unread == 0


async def test_server_that_stands_still_for_too_long_is_given_up_and_found_again() -> None:
    with running() as server:
        async with connect(url(server.port), **SOON, connect_timeout_ms=60_000) as client:
            room = await client.join("still")
            statuses, resumes = Record(client.on_status), Record(room.on_resumed)
            os.kill(server.process.pid, signal.SIGSTOP)
            publishing = asyncio.create_task(room.publish("x", timeout_ms=600_000))
            for _ in range(20):
                advance(4)
                await asyncio.sleep(0)
            await statuses.until(lambda status: status.status == "reconnecting")
            os.kill(server.process.pid, signal.SIGCONT)
            await resumes.next()
            assert await publishing == 1
            assert [m.data for m in (await room.history()).messages] == ["x"]


async def test_wall_clock_that_jumps_changes_nothing(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wall = time.time
    async with connect(url(port), **SOON) as client:
        statuses = Record(client.on_status)
        room = await client.join("clock")
        await statuses.next()
        for number, hours in enumerate((1, -1, 24 * 365, 0), start=1):
            monkeypatch.setattr(time, "time", lambda hours=hours: wall() + hours * 3_600)
            assert await room.publish(hours) == number
            advance(4)
            await asyncio.sleep(0)
        assert len((await room.history()).messages) == 4
        assert statuses.unread == 0


async def never() -> str:
    await asyncio.Event().wait()
    raise AssertionError


LATE: dict[str, Any] = {"back_off_ms": 600_000, "random": lambda: 1.0}
#: What becomes of the road before the client joins, and behind that; options of the client.
ENDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "just made": ("", "at once", {}),
    "connecting": ("", "", {}),
    "waiting for a token": ("", "", {"token": never}),
    "in back-off": ("closed", "", LATE),
    "stalled in the handshake": ("stalled", "", {}),
    "joined": ("", "joined", {}),
    "joined and stalled": ("", "joined, stalled", {"close_timeout_ms": 50}),
    "cut": ("", "joined, cut", LATE),
}


@pytest.mark.parametrize(("before", "behind", "options"), ENDS.values(), ids=ENDS.keys())
async def test_close_leaves_no_timer_task_thread_or_socket(
    port: int, before: str, behind: str, options: dict[str, Any]
) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ManualLoop)
    threads, sockets = set(threading.enumerate()), descriptors()
    async with road(9 if before == "closed" else port) as way:
        way.is_stalled = before == "stalled"
        client = await connect(way.url, **{**SOON, **options})
        waiting: list[asyncio.Task[Any]] = [asyncio.create_task(client.join("end"))]
        if "joined" in behind:
            room = await waiting.pop()
            way.is_stalled = "stalled" in behind
            waiting = [asyncio.create_task(room.publish(1)), asyncio.create_task(room.update(set={"a": 1}))]
            await asyncio.sleep(0)
            if "cut" in behind:
                statuses = Record(client.on_status)
                way.cut()
                await statuses.until(lambda event: event.status == "reconnecting")
        elif not behind and "token" not in options:
            await way.is_taken.wait()
        for _ in range(3 if behind != "at once" else 0):
            await asyncio.sleep(0)
        await client.close()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert {getattr(result, "code", "done") for result in results} <= {"closed", "unconfirmed", "done"}
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("roomcast")] == []
        assert loop.timers() == []
    await turns()  # for the ends of the road
    assert set(threading.enumerate()) <= threads
    assert descriptors() <= sockets


async def test_server_without_tokens_is_told_of(port: int) -> None:
    async with connect(url(port), **SOON, token="t1") as client:
        errors = Record(client.on_error)
        assert (await errors.next()).code == "unknown_type"
        assert (await client.join("lobby")).status == "joined"


async def test_session_of_another_connection_is_taken_over(port: int) -> None:
    """4409: two clients with one secret; the first comes back as a new one."""
    async with connect(url(port), **SOON) as first, connect(url(port), **SOON) as second:
        hers = await first.join("taken")
        await second.join("elsewhere")
        resumes = Record(hers.on_resumed)
        secret = session_of(first)
        client = await connect(url(port), **SOON)
        assert client._session is not None
        client._session._secret = secret
        theirs = await client.join("taken")
        assert theirs.member_id != ""
        resumed = await resumes.next()
        assert not resumed.restored
        assert hers.member_id != theirs.member_id
        assert session_of(first) != secret
        await client.close()


def session_of(client: Client) -> str | None:
    assert client._session is not None
    return client._session._secret
