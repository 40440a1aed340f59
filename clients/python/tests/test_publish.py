"""Publishing and the other requests of a room."""

from __future__ import annotations

import asyncio
import enum
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from roomcast import Client, Message, Room, RoomcastError, connect
from world import QUIET, Peer, Record, Server, advance, scripted, turns


@asynccontextmanager
async def joined(
    *, welcome: dict[str, Any] | None = None, join: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[tuple[Server, Peer, Client, Room]]:
    async with scripted() as server, connect(server.url, **{**QUIET, **options}) as client:
        joining = asyncio.create_task(client.join("lobby", **(join or {})))
        peer = await server.accept(**(welcome or {}))
        await peer.joins()
        yield server, peer, client, await joining


async def fails(code: str, call: Any) -> RoomcastError:
    with pytest.raises(RoomcastError) as failed:
        await call
    assert failed.value.code == code
    assert len(failed.value.message) > 15
    return failed.value


cycle: list[Any] = []
cycle.append(cycle)
deep: list[Any] = []
for _ in range(100_000):
    deep = [deep]


@dataclass(frozen=True)
class Note:
    text: str
    on: list[Note] | None = None

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "on": self.on}


class Frame:
    """Like those of pandas: its JSON is a text."""

    def to_json(self) -> str:
        return "{}"


async def test_dataclass_that_says_so_is_its_json() -> None:
    async with joined(join={"member": Note("Ann")}) as (_, peer, _, room):
        sending = asyncio.create_task(room.publish(Note("Milk", on=[Note("Tea")])))
        sent = await answer(peer, offset=1)
        assert sent["data"] == {"text": "Milk", "on": [{"text": "Tea", "on": None}]}
        await sending
        for data in (Note, Frame(), [Frame()]):
            await fails("bad_request", room.publish(data))


@pytest.mark.parametrize(
    "data",
    [object(), {1, 2}, float("nan"), float("inf"), cycle, deep, b"bytes", "\ud800", print, {(1, 2): 3}, 1j, enum.Enum],
    ids=lambda data: type(data).__name__,
)
async def test_what_is_no_json_fails_without_a_frame(data: Any) -> None:
    async with joined() as (_, peer, client, room):
        error = await fails("bad_request", room.publish(data))
        assert (error.room, error.request) == ("lobby", "publish")
        await fails("bad_request", room.set_member(data))
        await fails("bad_request", room.update(set={"a": data}))
        await fails("bad_request", client.join("other", member=data))
        sending = asyncio.create_task(room.publish(1))
        await answer(peer, offset=1)
        assert await sending == 1


@pytest.mark.parametrize("call", ["update", "member", "join", "history"])
async def test_frame_over_the_server_s_limit_is_never_sent(call: str) -> None:
    """The server would close with 1009, for good, and everything else would end with it."""
    async with joined(welcome={"limits": {"frameBytes": 200}}) as (_, peer, client, room):
        large = "é" * 100
        calls: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
            "update": lambda: room.update(set={"a": large}),
            "member": lambda: room.set_member(large),
            "join": lambda: client.join("other", member=large),
            "history": lambda: room.fetch_members(after=large),
        }
        error = await fails("too_large", calls[call]())
        assert (error.room, error.request) == ("other" if call == "join" else "lobby", "members" if call == "history" else call)
        sending = asyncio.create_task(room.publish(1))
        await answer(peer, offset=1)
        assert await sending == 1


async def test_update_of_what_is_no_mapping_or_list_is_refused() -> None:
    async with joined() as (_, _, _, room):
        wrong: Any
        for wrong in ([1], "ab", {1}, 5):
            await fails("bad_request", room.update(set=wrong))
            await fails("bad_request", room.update(add=wrong))
            await fails("bad_request", room.update(delete=["a"], if_=wrong))
        await fails("bad_request", room.update(delete="abc"))


async def answer(peer: Peer, **fields: Any) -> dict[str, Any]:
    frame = await peer.read("publish")
    await peer.send(type="published", room="lobby", id=frame["id"], **fields)
    return frame


@pytest.mark.parametrize("room", ["", "x" * 129, "a\x00", "a\x1f", "\x7f", "a\x9fb", "\ud800", None, 5, b"lobby"])
async def test_room_id_that_cannot_be_is_refused(room: Any) -> None:
    async with joined() as (_, _, client, _):
        await fails("bad_room", client.join(room))


@pytest.mark.parametrize("room", ["x" * 128, "😀" * 128, "__proto__", " ", "a:*{}\u202e", "\xa0"])
async def test_room_id_of_any_characters_is_one(room: str) -> None:
    async with joined() as (_, peer, client, _):
        joining = asyncio.create_task(client.join(room))
        await peer.joins(room)
        assert (await joining).id == room


async def test_every_call_after_close_fails() -> None:
    async with joined() as (_, _, client, room):
        await client.close()
        await client.close()
        for call in (
            room.publish(1),
            room.publish(1, keep=False),
            room.update(set={"a": 1}),
            room.set_member(1),
            room.history(),
            room.fetch_members(),
            room.leave(),
            client.join("lobby"),
        ):
            await fails("closed", call)
        assert [message async for message in room] == []
        assert (room.status, client.status) == ("left", "closed")


async def test_every_call_on_a_room_that_was_left_fails() -> None:
    async with joined() as (_, peer, _, room):
        leaving = asyncio.create_task(room.leave())
        frame = await peer.read("leave")
        await peer.send(type="left", room="lobby", id=frame["id"])
        await leaving
        await room.leave()
        for call in (room.publish(1), room.update(set={"a": 1}), room.set_member(1), room.history(), room.fetch_members()):
            await fails("left", call)


async def test_final_close_tells_its_code_to_who_waits_and_to_who_calls() -> None:
    async with joined() as (_, peer, client, room):
        stream = room.messages()
        reading = asyncio.create_task(anext(stream))
        asking = asyncio.create_task(room.history())
        await peer.read("history")
        await peer.socket.close(4503, "removed_by_operator")
        for failed in (reading, asking, room.publish(2), client.join("other")):
            error = await fails("closed", failed)
            assert error.close_code == 4503
            assert "removed_by_operator" in error.message


async def test_full_offline_queue_fails_at_once_and_what_waits_is_sent() -> None:
    async with joined(queue_messages=3) as (server, peer, client, room):
        statuses = Record(client.on_status)
        peer.cut()
        await statuses.until(lambda s: s.status == "reconnecting")
        waiting = [asyncio.create_task(room.publish(n)) for n in range(3)]
        await asyncio.sleep(0)
        error = await fails("queue_full", room.publish(3))
        assert error.room == "lobby"
        peer = await server.accept()
        await peer.joins(resumed=True, messages=[])
        for n in range(3):
            assert (await answer(peer, offset=n + 1))["data"] == n
        assert await asyncio.gather(*waiting) == [1, 2, 3]


async def test_queue_is_bounded_in_bytes_and_cancelled_publishes_make_room() -> None:
    async with joined(queue_bytes=500) as (server, peer, client, room):
        statuses = Record(client.on_status)
        peer.cut()
        await statuses.until(lambda s: s.status == "reconnecting")
        waiting = asyncio.create_task(room.publish("x" * 300))
        await asyncio.sleep(0)
        await fails("queue_full", room.publish("x" * 300))
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        waiting = asyncio.create_task(room.publish("y" * 300))
        peer = await server.accept()
        await peer.joins(resumed=True, messages=[])
        assert (await answer(peer, offset=1))["data"] == "y" * 300
        assert await waiting == 1


async def test_publish_that_is_never_sent_times_out_and_is_not_sent_later() -> None:
    async with joined(back_off_ms=1) as (server, peer, client, room):
        statuses = Record(client.on_status)
        peer.cut()
        await statuses.until(lambda s: s.status == "reconnecting")
        error = await fails("timeout", room.publish(1, timeout_ms=0))
        assert "no connection" in error.message
        peer = await server.accept()
        await peer.joins(resumed=True, messages=[])
        publishing = asyncio.create_task(room.publish(2))
        assert (await answer(peer, offset=1))["data"] == 2
        await publishing


async def test_publish_without_a_reply_times_out_after_a_minute() -> None:
    async with joined(heartbeat_ms=10**9, welcome={"heartbeatMs": 10**9}) as (_, peer, _, room):
        publishing = asyncio.create_task(room.publish({"a": 1}))
        await peer.read("publish")
        for _ in range(14):
            advance(4)
            await turns(3)
        assert not publishing.done()
        advance(4)
        error = await fails("timeout", publishing)
        assert "may have happened" in error.message


async def test_order_is_kept_and_nothing_overtakes_what_waits_for_its_turn() -> None:
    limits = {"limits": {"publishesPerSecond": 10}}
    async with joined(welcome=limits) as (_, peer, _, room):
        publishing = [asyncio.create_task(room.publish(n)) for n in range(60)]
        for n in range(40):
            assert (await answer(peer, offset=n + 1))["data"] == n
        await (await peer.socket.ping())
        assert sum(task.done() for task in publishing) <= 40
        for n in range(40, 60):
            advance(0.1)
            assert (await answer(peer, offset=n + 1))["data"] == n
        assert await asyncio.gather(*publishing) == list(range(1, 61))


async def test_what_is_for_now_takes_a_turn_if_there_is_one_and_holds_up_nothing() -> None:
    limits = {"limits": {"publishesPerSecond": 1}}
    async with joined(welcome=limits) as (_, peer, _, room):
        for n in range(200):
            await room.publish(n, keep=False)
            assert (await peer.read("publish"))["data"] == n
        publishing = asyncio.create_task(room.publish("kept"))
        await asyncio.sleep(0)
        advance(1)
        assert (await asyncio.wait_for(answer(peer, offset=1), 5))["data"] == "kept"
        await publishing


async def test_joins_wait_for_their_turn() -> None:
    async with scripted() as server, connect(server.url, **QUIET, request_timeout_ms=60_000) as client:
        joining = [asyncio.create_task(client.join(f"r{n}")) for n in range(20)]
        peer = await server.accept(limits={"joinsPerSecond": 2})
        for n in range(8):
            await peer.joins(f"r{n}")
        for n in range(8, 20):
            advance(0.5)
            await peer.joins(f"r{n}")
        assert [room.id for room in await asyncio.gather(*joining)] == [f"r{n}" for n in range(20)]


async def test_publish_refused_before_a_join_that_is_repeated_is_repeated_too() -> None:
    async with joined() as (server, peer, _, room):
        peer.cut()
        peer = await server.accept()
        publishing = asyncio.create_task(room.publish("x"))
        join, publish = await peer.read("join"), await peer.read("publish")
        refusal = {"type": "error", "room": "lobby", "message": "No."}
        await peer.send(**refusal, id=join["id"], request="join", code="unavailable", retryAfterMs=1)
        await peer.send(**refusal, id=publish["id"], request="publish", code="not_member")
        await peer.joins(resumed=True, messages=[])
        assert (await answer(peer, offset=1))["data"] == "x"
        assert await publishing == 1


async def test_unconfirmed_carries_what_was_published() -> None:
    async with joined() as (_, peer, _, room):
        publishing = asyncio.create_task(room.publish({"n": 5}))
        await peer.read("publish")
        peer.cut()
        assert (await fails("unconfirmed", publishing)).data == {"n": 5}


async def test_fleeting_message_that_no_socket_takes_fails_as_disconnected() -> None:
    async with joined() as (_, peer, client, room):
        peer.socket.transport.pause_reading()
        statuses = Record(client.on_status)
        large = [asyncio.create_task(room.publish("x" * 30_000, keep=False)) for _ in range(400)]
        await turns(50)
        assert not all(task.done() for task in large)
        peer.cut()
        await statuses.until(lambda s: s.status == "reconnecting")
        results = await asyncio.gather(*large, return_exceptions=True)
        codes = {result.code for result in results if isinstance(result, RoomcastError)}
        assert codes == {"disconnected"}
        assert any(result is None for result in results)


async def test_server_that_takes_nothing_bounds_what_is_held_for_it() -> None:
    async with joined(max_frame_bytes=1_000_000) as (_, peer, _, room):
        peer.socket.transport.pause_reading()
        publishing = [asyncio.create_task(room.publish("x" * 30_000)) for _ in range(400)]
        await turns(5)
        failed = [task for task in publishing if task.done()]
        for task in failed:
            await fails("queue_full", task)
        assert 300 < len(failed) < 399
        for task in publishing:
            task.cancel()
        await asyncio.gather(*publishing, return_exceptions=True)


async def test_update_returns_when_the_state_shows_it() -> None:
    async with joined() as (_, peer, _, room):
        updating = asyncio.create_task(room.update(add={"hits": 2}))
        frame = await peer.read("update")
        await peer.send(type="updated", room="lobby", id=frame["id"], version=3, values={"hits": 5})
        await (await peer.socket.ping())
        assert not updating.done()
        await peer.send(type="state", room="lobby", since=0, version=3, set={"hits": 5}, versions={"hits": 3})
        updated = await updating
        assert (updated.version, updated.values, dict(room.state)) == (3, {"hits": 5}, {"hits": 5})
        assert room.state.version_of("hits") == 3


async def test_update_that_no_state_follows_returns_in_time() -> None:
    async with joined() as (_, peer, _, room):
        updating = asyncio.create_task(room.update(set={"a": 1}))
        frame = await peer.read("update")
        await peer.send(type="updated", room="lobby", id=frame["id"], version=3)
        await (await peer.socket.ping())
        advance(10)
        assert (await updating).version == 3


async def test_state_may_be_changed_while_somebody_iterates_over_it() -> None:
    async with joined(join={"members": True}) as (_, peer, _, room):
        states = Record(room.on_state)
        await peer.send(type="state", room="lobby", version=1, set={"a": 1, "__proto__": {"x": 1}, "constructor": 2})
        await states.next()
        before, keys = room.state.items(), iter(room.state)
        assert next(keys) == "a"
        heard: list[Any] = []
        off = room.state.subscribe("a", heard.append)
        await peer.send(type="state", room="lobby", version=2, set={"b": 1, "a": 3}, delete=["constructor"])
        await states.next()
        assert list(keys) == ["__proto__", "constructor"]
        assert dict(before) == {"a": 1, "__proto__": {"x": 1}, "constructor": 2}
        assert dict(room.state) == {"a": 3, "__proto__": {"x": 1}, "b": 1}
        off()
        await peer.send(type="state", room="lobby", version=3, set={"a": 4})
        await states.next()
        assert heard == [1, 3]
        assert (len(room.state), room.state["a"], room.state.get("zzz")) == (3, 4, None)


async def test_members_may_change_while_somebody_iterates_over_them() -> None:
    async with scripted() as server, connect(server.url, **QUIET) as client:
        joining = asyncio.create_task(client.join("lobby", members=True))
        peer = await server.accept()
        await peer.joins(members=[{"id": "m1"}, {"id": "m2", "member": {"name": "Lee"}}], count=2)
        room = await joining
        news = Record(room.on_members)
        members = room.members
        assert members is not None
        ids = iter(members)
        assert next(ids) == "m1"
        await peer.send(type="members", room="lobby", left=["m2"], joined=[{"id": "m3"}], count=2)
        event = await news.next()
        assert (event.left, [m.id for m in event.joined], event.count) == (("m2",), ["m3"], 2)
        assert list(ids) == ["m2"]
        assert members["m2"].member == {"name": "Lee"}
        assert list(room.members or ()) == ["m1", "m3"]


async def test_messages_from_the_join_reach_who_listens_behind_the_await() -> None:
    past = [{"offset": n, "at": 1, "data": n} for n in (1, 2)]
    for wrap in (lambda c: c, lambda c: asyncio.wait_for(c, 9), lambda c: asyncio.gather(asyncio.gather(c))):
        async with scripted() as server, connect(server.url, **QUIET) as client:

            async def serve(server: Server = server) -> None:
                peer = await server.accept()
                await peer.joins(offset=2, messages=past)
                await peer.send(type="message", room="lobby", offset=3, at=1, data=3)

            serving = asyncio.create_task(serve())
            room: Any = await wrap(client.join("lobby", history=2))
            while isinstance(room, list):
                room = room[0]
            stream = room.messages()
            assert [(await anext(stream)).data for _ in range(3)] == [1, 2, 3]
            await serving


async def test_reader_that_is_too_slow_gets_an_overflow_behind_what_was_kept() -> None:
    async with joined(buffer_messages=3) as (_, peer, _, room):
        stream, messages = room.messages(), Record(room.on_message)
        for n in range(1, 6):
            await peer.send(type="message", room="lobby", offset=n, at=1, data=n)
        await messages.until(lambda m: m.offset == 5)
        read: list[Message] = []
        with pytest.raises(RoomcastError) as failed:
            async for message in stream:
                read.append(message)  # noqa: PERF401 (what was read before the error counts)
        assert failed.value.code == "overflow"
        assert [m.data for m in read] == [1, 2, 3]
        assert [m async for m in stream] == []


async def test_iterator_that_is_broken_off_leaves_nothing() -> None:
    async with joined() as (_, peer, _, room):
        await peer.send(type="message", room="lobby", offset=1, at=1, data=1)
        async for _message in room:
            break
        assert len(room.mirror.streams) == 0


async def test_iterator_is_read_by_one_task_and_can_be_closed() -> None:
    async with joined() as (_, _, _, room):
        stream = room.messages()
        reading = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="messages"):
            await anext(stream)
        await stream.aclose()
        with pytest.raises(StopAsyncIteration):
            await reading


async def test_removal_ends_an_iterator_with_its_reason() -> None:
    async with joined() as (_, peer, _, room):
        left = Record(room.on_left)
        reading = asyncio.create_task(anext(room.messages()))
        await peer.send(type="left", room="lobby", reason="kicked")
        error = await fails("left", reading)
        assert "kicked" in error.message
        assert (await left.next()).detail == "kicked"


async def test_listener_that_fails_harms_nobody_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with joined() as (_, peer, _, room):

        def broken(message: Message) -> None:
            raise ZeroDivisionError(message.data)

        room.on_message(broken)
        room.on_message(lambda m: asyncio.sleep(0))
        off = room.on_message(broken)
        off()
        off()
        messages = Record(room.on_message)
        await peer.send(type="message", room="lobby", offset=1, at=1, data=1)
        assert (await messages.next()).data == 1
        assert [r.levelno for r in caplog.records] == [logging.ERROR, logging.ERROR]
        caplog.clear()
        with pytest.raises(TypeError, match="async for"):
            room.on_message(fails_later)


async def fails_later(message: Message) -> None:
    raise AssertionError("never called")


async def test_joining_again_is_the_same_room_in_sync_anew() -> None:
    async with joined() as (_, peer, client, room):
        again = asyncio.create_task(client.join("lobby", members=True, member={"a": 1}))
        frame = await peer.joins(members=[{"id": "m1"}], offset=4, resumed=True, messages=[])
        assert (frame["members"], frame["member"], frame["resume"]["offset"]) == (True, {"a": 1}, 0)
        assert await again is room
        assert list(room.members or ()) == ["m1"]
        refused = asyncio.create_task(client.join("lobby"))
        frame = await peer.read("join")
        await peer.send(
            type="error", id=frame["id"], request="join", room="lobby", code="not_allowed", message="Not as Ann, not now."
        )
        await fails("not_allowed", refused)
        assert room.status == "joined"


async def test_join_that_nobody_waits_for_any_more_is_taken_back() -> None:
    async with joined() as (_, peer, client, _):
        for wait in (client.join("a", timeout_ms=1), asyncio.wait_for(client.join("a"), 0.001)):
            joining = asyncio.ensure_future(wait)
            await peer.read("join")
            with pytest.raises((RoomcastError, asyncio.TimeoutError)):
                await joining
            assert (await peer.read("leave"))["room"] == "a"
        await peer.send(**{"type": "joined", "room": "a", "id": 2, "memberId": "m9", "epoch": "e", "offset": 0})
        joining = asyncio.create_task(client.join("a"))
        await peer.joins("a", memberId="m10")
        assert (await joining).member_id == "m10"


async def test_error_can_be_pickled() -> None:
    import copy
    import pickle

    error = RoomcastError("conflict", "It has moved.", room="a", current={"k": {"version": 1}})
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), error.about("b", "update")):
        assert (other.code, other.message, other.current) == (error.code, error.message, error.current)
    assert str(error) == "conflict: It has moved."
    assert json.loads(json.dumps(error.current)) == error.current


async def test_message_that_comes_twice_is_handed_over_once() -> None:
    async with joined() as (_, peer, _, room):
        messages = Record(room.on_message)
        for offset in (1, 1, 2, 1, 3):
            await peer.send(type="message", room="lobby", offset=offset, at=1, data=offset)
        assert [(await messages.next()).data for _ in range(3)] == [1, 2, 3]
        assert messages.unread == 0


async def test_repeat_waits_for_the_word_on_the_session_even_behind_joined() -> None:
    async with scripted() as server, connect(server.url, **{**QUIET, "session": True}) as client:

        async def begin(restored: bool) -> tuple[Peer, dict[str, Any]]:
            peer = await server.accept()
            session = await peer.read("session")
            return peer, {"type": "session", "id": session["id"], "session": "s", "graceMs": 9, "restored": restored}

        joining = asyncio.create_task(client.join("lobby"))
        peer, word = await begin(restored=False)
        await peer.send(**word)
        await peer.joins()
        room = await joining
        first, second = asyncio.create_task(room.publish(1)), asyncio.create_task(room.publish(2))
        key = (await peer.read("publish"))["key"]
        await peer.read("publish")
        peer.cut()
        peer, word = await begin(restored=True)
        await peer.joins(resumed=True, messages=[])
        await (await peer.socket.ping())
        await peer.send(**word)
        assert (await answer(peer, offset=1))["key"] == key
        assert (await answer(peer, offset=2))["data"] == 2
        assert [await first, await second] == [1, 2]
