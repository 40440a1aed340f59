"""Drives the client for conformance/clients: commands a line on the input, answers and events a line on the output."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from roomcast import Client, Member, Message, Room, RoomcastError, connect

Command = dict[str, Any]


#: The input has ended: what comes of the driver's own closing is nobody's business.
is_over = False


def write(line: Command) -> None:
    if not is_over:
        print(json.dumps(line), flush=True)


def present(**fields: Any) -> Command:
    return {name.rstrip("_"): value for name, value in fields.items() if value is not None}


def snake(options: Command | None) -> Command:
    return {re.sub("[A-Z]", lambda c: "_" + c[0].lower(), name): value for name, value in (options or {}).items()}


def told(error: RoomcastError) -> Command:
    fields = present(room=error.room, request=error.request, retryAfterMs=error.retry_after_ms, current=error.current)
    return {"code": error.code, "message": error.message, **fields}


def message_of(m: Message) -> Command:
    known = present(offset=m.offset, from_=m.from_, user=m.user, event=m.event, to=m.to)
    return {"at": m.at, "data": m.data, "mine": m.mine, **known}


def member_of(m: Member) -> Command:
    return present(id=m.id, user=m.user, member=m.member)


def members_of(members: Any) -> list[Command]:
    return [member_of(member) for member in members]


def tokens_from(tokens: list[str | None]) -> Callable[[], str]:
    """One after the other, the last one again and again; None fails."""
    left = list(tokens)

    def provide() -> str:
        token = left.pop(0) if len(left) > 1 else left[0]
        if token is None:
            raise ValueError("the test says so")
        return token

    return provide


class Driver:
    def __init__(self) -> None:
        self.client: Client | None = None
        self.rooms: dict[str, Room] = {}
        self.joining: dict[str, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        lines: asyncio.StreamReader = asyncio.StreamReader(limit=1 << 24)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            command = json.loads(line)
            # The first step of each command is taken before the next one is read.
            await self.do(command)
        global is_over
        is_over = True
        transport.close()
        if self.client is not None:
            await self.client.close()
        await asyncio.gather(*self.tasks)

    async def do(self, command: Command) -> None:
        if command["do"] == "connect":
            await self.connect(command)
            return
        task = asyncio.create_task(self.answer(command))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if command["do"] == "join":
            self.joining[command["room"]] = task
        await asyncio.sleep(0)

    async def answer(self, command: Command) -> None:
        try:
            ok = await self.perform(command)
        except RoomcastError as error:
            write({"as": command["as"], "error": told(error)})
        else:
            write({"as": command["as"], "ok": ok})

    async def connect(self, command: Command) -> None:
        options = snake(command.get("options"))
        if "random" in options:
            fixed = options.pop("random")
            options["random"] = lambda: fixed
        if "tokens" in options:
            options["token"] = tokens_from(options.pop("tokens"))
        try:
            self.client = client = await connect(command["url"], proxy=False, **options)
        except RoomcastError as error:
            write({"as": command["as"], "error": told(error)})
            return

        client.on_status(
            lambda s: write(
                {
                    "event": "status",
                    "status": s.status,
                    **(present(code=s.error.code, closeCode=s.error.close_code) if s.error is not None else {}),
                }
            )
        )
        client.on_error(lambda error: write({"event": "error", **present(code=error.code, room=error.room)}))

    def perform(self, command: Command) -> Awaitable[Command]:
        return {"join": self.join, "close": self.close}.get(command["do"], self.in_room)(command)

    async def close(self, command: Command) -> Command:
        assert self.client is not None
        await self.client.close()
        return {}

    async def join(self, command: Command) -> Command:
        assert self.client is not None
        room = await self.client.join(command["room"], **snake(command.get("options")))
        if self.rooms.get(room.id) is not room:
            watch(room)
            self.rooms[room.id] = room
        return {"memberId": room.member_id, "offset": room.offset, "version": room.state.version, "count": room.count}

    async def in_room(self, command: Command) -> Command:
        if command["room"] not in self.rooms:
            await self.joining[command["room"]]
        return await COMMANDS[command["do"]](self.rooms[command["room"]], command)


def watch(room: Room) -> None:
    def event(name: str, **fields: Any) -> None:
        write({"event": name, "room": room.id, **fields})

    def members(e: Any) -> None:
        lists = {"joined": members_of(e.joined), "left": list(e.left), "changed": members_of(e.changed)}
        event("members", **(lists if room.members is not None else {}), count=e.count)

    def state(e: Any) -> None:
        changes = [
            {"key": c.key, "version": c.version, **({"deleted": True} if c.deleted else {"value": c.value})}
            for c in sorted(e.changes, key=lambda c: c.key)
        ]
        event("state", changes=changes, version=e.version, **present(from_=e.from_))

    room.on_message(lambda m: event("message", message=message_of(m)))
    room.on_members(members)
    room.on_state(state)
    room.on_resumed(lambda e: event("resumed", messages=e.messages, restored=e.restored))
    room.on_gap(lambda e: event("gap", after=e.after, before=e.before, reason=e.reason))
    room.on_left(lambda e: event("left", **present(reason=e.reason, detail=e.detail)))
    room.on_error(lambda e: event("error", code=e.code))


async def publish(room: Room, command: Command) -> Command:
    return present(offset=await room.publish(command["data"], **snake(command.get("options"))))


async def publish_no_json(room: Room, command: Command) -> Command:
    return present(offset=await room.publish(print))


async def update(room: Room, command: Command) -> Command:
    parts = {name: command[name] for name in ("set", "delete", "add", "own") if name in command}
    updated = await room.update(**parts, if_=command.get("if"))
    return {"version": updated.version, "values": updated.values}


async def set_member(room: Room, command: Command) -> Command:
    await room.set_member(command["member"])
    return {}


async def history(room: Room, command: Command) -> Command:
    past = await room.history(**snake(command.get("options")))
    return {"messages": [message_of(message) for message in past.messages], "more": past.more}


async def fetch_members(room: Room, command: Command) -> Command:
    page = await room.fetch_members(**snake(command.get("options")))
    return {"members": members_of(page.members), "count": page.count, "more": page.more}


async def leave(room: Room, command: Command) -> Command:
    await room.leave()
    return {}


async def known_members(room: Room, command: Command) -> Command:
    return {"members": None if room.members is None else members_of(room.members.values()), "count": room.count}


async def known_state(room: Room, command: Command) -> Command:
    state = {key: [value, room.state.version_of(key)] for key, value in room.state.items()}
    return {"state": state, "version": room.state.version}


COMMANDS: dict[str, Callable[[Room, Command], Coroutine[Any, Any, Command]]] = {
    "publish": publish,
    "publishNoJson": publish_no_json,
    "update": update,
    "setMember": set_member,
    "history": history,
    "fetchMembers": fetch_members,
    "leave": leave,
    "members": known_members,
    "state": known_state,
}

if __name__ == "__main__":
    asyncio.run(Driver().run(), debug="--debug" in sys.argv)
