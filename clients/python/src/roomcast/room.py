"""A room that I am in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .entry import Cut, Entry
from .errors import RoomcastError
from .events import (
    GapEvent,
    History,
    LeftEvent,
    Member,
    MembersEvent,
    MembersPage,
    Message,
    ResumedEvent,
    RoomStatus,
    StateEvent,
    Updated,
)
from .frames import Frame, body_of, byte_length, integer_of, list_of, object_of, optional_integer_of, refusal, to_json
from .members import to_member
from .mirror import Mirror
from .queue import RETRY_AFTER_MS, RoomQueue, is_passing
from .request import Outcome, Request, WhenLost
from .state import RoomState
from .stream import MessageStream

if TYPE_CHECKING:
    from .session import Session

Off = Callable[[], None]


class Room:
    """A room that I am in, until `leave()`, over all connections. Made by `client.join`.

    `async for message in room` gives its messages in order and once; `state` and `members` are right behind every frame.
    Listeners (`on_…`) are plain functions, called in the event loop; what `on_…` returns takes the listener off again.
    """

    def __init__(self, session: Session, id_: str) -> None:
        self._session = session
        self._id = id_
        self.entry = Entry(session, self)
        self.queue = RoomQueue(session)
        self.mirror = Mirror(id_, self.entry.send)
        #: Somebody has this object.
        self.is_handed_out = False

    def __repr__(self) -> str:
        return f"<Room {self._id!r} {self.status}>"

    @property
    def id(self) -> str:
        return self._id

    @property
    def status(self) -> RoomStatus:
        return self.mirror.status

    @property
    def member_id(self) -> str | None:
        """Names me: the `from_` of my messages. Another one after a break longer than the server's grace."""
        return self.mirror.member_id

    @property
    def epoch(self) -> str | None:
        """Offsets and versions of different epochs do not compare."""
        return self.mirror.epoch

    @property
    def offset(self) -> int:
        """Of the last kept message that was handed over."""
        return self.mirror.offset

    @property
    def count(self) -> int:
        """How many members there are, me included."""
        return self.mirror.count

    @property
    def members(self) -> Mapping[str, Member] | None:
        """By id, in the order of joining, as of now; None unless joined with `members=True`, or in too large a room."""
        return self.mirror.members

    @property
    def state(self) -> RoomState:
        """Live and read-only."""
        return self.mirror.state

    # ---- Listening

    def __aiter__(self) -> MessageStream:
        return self.messages()

    def messages(self) -> MessageStream:
        """Messages from here on, for one reader."""
        stream = MessageStream(self._id, self._session.options.buffer_messages)
        if self.status == "left":
            stream.end(None)
        self.mirror.streams.add(stream)
        return stream

    def on_message(self, listener: Callable[[Message], object]) -> Off:
        return self.mirror.messages.add(listener)

    def on_members(self, listener: Callable[[MembersEvent], object]) -> Off:
        """Joined, left and changed; after a reconnect the difference to what was known."""
        return self.mirror.members_news.add(listener)

    def on_state(self, listener: Callable[[StateEvent], object]) -> Off:
        """Changes of the state; after a reconnect the difference to what was known."""
        return self.mirror.states.add(listener)

    def on_resumed(self, listener: Callable[[ResumedEvent], object]) -> Off:
        """I am back, and what was missed has been handed over."""
        return self.mirror.resumes.add(listener)

    def on_gap(self, listener: Callable[[GapEvent], object]) -> Off:
        """Messages are missing here."""
        return self.mirror.gaps.add(listener)

    def on_left(self, listener: Callable[[LeftEvent], object]) -> Off:
        return self.mirror.lefts.add(listener)

    def on_error(self, listener: Callable[[RoomcastError], object]) -> Off:
        """A refusal of something whose reply nobody awaits."""
        return self.mirror.errors.add(listener)

    # ---- Calls

    async def publish(
        self,
        data: Any,
        *,
        event: str | None = None,
        echo: bool = True,
        keep: bool = True,
        to: str | None = None,
        key: str | None = None,
        confirm: bool = True,
        timeout_ms: float | None = None,
    ) -> int | None:
        """Publishes any JSON, as soon as there is a connection, and once. Returns the message's offset.

        With `keep=False`, `to` or `confirm=False` it is for now or never: it returns None when the socket has taken it.
        """
        self._check("publish")
        is_fleeting = not keep or to is not None or not confirm
        text = to_json(data, self._id, "publish")
        fields = {
            "room": self._id,
            "event": event,
            "echo": None if echo else False,
            "keep": None if keep else False,
            "to": to,
            "key": key if key is not None or is_fleeting else self._session.new_key(),
        }
        body = f'"data":{text},{body_of(fields, self._id, "publish")}'
        self._check_publish(text, body, is_fleeting)
        if is_fleeting:
            if not await self._session.hand_over("publish", body):
                raise self._error("disconnected", "The connection ended before this was sent: leave it.", "publish")
            return None
        timeout_ms = self._session.options.publish_timeout_ms if timeout_ms is None else timeout_ms

        def published(frame: Frame) -> None:
            if not echo:
                self.mirror.pass_own(optional_integer_of(frame, "offset"))

        frame = await self._request("publish", body, WhenLost.KEYED, timeout_ms, published, data)
        return optional_integer_of(frame, "offset")

    async def update(
        self,
        *,
        set: Mapping[str, Any] | None = None,
        delete: Sequence[str] | None = None,
        add: Mapping[str, float] | None = None,
        own: bool = False,
        if_: Mapping[str, int] | None = None,
        timeout_ms: float | None = None,
    ) -> Updated:
        """Changes the state, all of it or nothing. Returns when `room.state` shows it.

        `if_` takes the versions that keys must have (`room.state.version_of(key)`); if they have not, `conflict` carries
        `current`.
        """
        for name, value in {"set": set, "add": add, "if_": if_}.items():
            if value is not None and not isinstance(value, Mapping):
                raise self._error("bad_request", f"{name} takes a mapping from key to value.", "update")
        if isinstance(delete, str):  # whose keys would be its characters
            raise self._error("bad_request", "delete takes a list of keys.", "update")
        fields = {
            "set": None if set is None else dict(set),
            "delete": None if delete is None else list(delete),
            "add": None if add is None else dict(add),
            "own": True if own else None,
            "if": None if if_ is None else dict(if_),
        }
        frame = await self._ask("update", fields, timeout_ms, WhenLost.UNCONFIRMED)
        updated = Updated(integer_of(frame, "version"), object_of(frame, "values"))
        await self.mirror.shown(updated.version, self._timeout_ms(timeout_ms) / 1000)
        return updated

    async def set_member(self, member: Any, *, timeout_ms: float | None = None) -> None:
        """Changes what I tell the others about myself: any JSON."""
        self._check("member")
        text = to_json(member, self._id, "member")
        body = f'"member":{text},{body_of({"room": self._id}, self._id, "member")}'

        def told(frame: Frame) -> None:
            self.entry.member_json = text

        await self._request("member", body, WhenLost.AGAIN, self._timeout_ms(timeout_ms), told)

    async def history(
        self,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int | None = None,
        timeout_ms: float | None = None,
    ) -> History:
        """Past messages, ascending. Both bounds are exclusive."""
        frame = await self._ask("history", {"after": after, "before": before, "limit": limit}, timeout_ms)
        messages = tuple(self.mirror.to_message(entry) for entry in list_of(frame, "messages"))
        return History(messages, frame.get("more") is True)

    async def fetch_members(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        timeout_ms: float | None = None,
    ) -> MembersPage:
        """Who is there, once, also where the room was joined without its list."""
        frame = await self._ask("members", {"after": after, "limit": limit}, timeout_ms)
        members = tuple(to_member(entry) for entry in list_of(frame, "members"))
        return MembersPage(members, integer_of(frame, "count"), frame.get("more") is True)

    async def leave(self, *, timeout_ms: float | None = None) -> None:
        """Leaves for good; also when there is no connection just now. Leaving twice is leaving once."""
        self._session.check(self._id, "leave")
        if self.status == "left":
            return
        self._end(LeftEvent("left"), self._not_member())
        await self._session.leave(self._id, self._timeout_ms(timeout_ms))

    async def _ask(
        self,
        type_: str,
        fields: dict[str, Any],
        timeout_ms: float | None,
        when_lost: WhenLost = WhenLost.AGAIN,
    ) -> Frame:
        self._check(type_)
        body = body_of({"room": self._id, **fields}, self._id, type_)
        return await self._request(type_, body, when_lost, self._timeout_ms(timeout_ms))

    async def _request(
        self,
        type_: str,
        body: str,
        when_lost: WhenLost,
        timeout_ms: float,
        on_reply: Callable[[Frame], None] | None = None,
        data: Any = None,
    ) -> Frame:
        outcome = Outcome()
        request = Request(
            type_,
            body,
            room=self._id,
            timeout_ms=timeout_ms,
            when_lost=when_lost,
            on_end=outcome,
            on_reply=on_reply,
            on_refusal=lambda error: self._repeats(request, error),
            why_not=self._session.why_not,
            data=data,
        )
        self.queue.add(request)
        try:
            return await outcome.of(request)
        finally:
            self.queue.remove(request)
            self._session.forget(request)

    def _repeats(self, request: Request, error: RoomcastError) -> bool:
        """Whether a refused request is sent again: refused for now, or because the join before it was."""
        if error.code == "not_member" and self.status in ("joining", "rejoining"):
            return self.queue.repeat(request, 0)
        if is_passing(error) and request.when_lost is WhenLost.KEYED:
            return self.queue.repeat(request, RETRY_AFTER_MS if error.retry_after_ms is None else error.retry_after_ms)
        return False

    def _timeout_ms(self, timeout_ms: float | None) -> float:
        return self._session.options.request_timeout_ms if timeout_ms is None else timeout_ms

    def _check(self, request: str) -> None:
        self._session.check(self._id, request)
        if self.status == "left":
            raise self._error("left", "The room was left: join it again.", request)

    def _check_publish(self, data: str, body: str, is_fleeting: bool) -> None:
        """What can be seen to fail, before anything is sent."""
        session = self._session
        most = session.limits.get("dataBytes")
        if isinstance(most, int) and byte_length(data) > most:
            raise self._error("too_large", f"Data may have {most} bytes: send less.", "publish")
        is_connected = session.is_open and self.queue.is_open
        if is_fleeting and (not session.is_open or self.status != "joined"):
            raise self._error("disconnected", "No connection, and this does not wait for one: leave it.", "publish")
        if session.is_congested or (not is_fleeting and not is_connected and session.is_full(body)):
            raise self._error("queue_full", "Too much waits to be sent: publish later.", "publish")

    def _error(self, code: str, message: str, request: str | None = None) -> RoomcastError:
        return RoomcastError(code, message, room=self._id, request=request)

    def _not_member(self) -> RoomcastError:
        return self._error("not_member", "The room was left: join it again.")

    # ---- For the session

    @property
    def resume(self) -> Frame | None:
        return self.mirror.resume

    def want(self, member_json: str | None, wanted: Mapping[str, Any]) -> None:
        """What the next join is to ask for, beside what was asked for before."""
        if member_json is not None:
            self.entry.member_json = member_json
        self.entry.wanted.update({name: value for name, value in wanted.items() if value is not None})

    def take(self, frame: Frame) -> None:
        """A frame of this room that answers no request."""
        match frame["type"]:
            case "snapshot":
                self.entry.page(frame)
            case "error":
                self.mirror.errors.tell(refusal(frame))
            case "left" if self.status != "joining":  # else it is of an earlier stay
                self._removed(frame.get("reason"))
            case _ if self.status == "joined":  # else it is behind a hole: the next `joined` has it
                self.mirror.take(frame)

    def entered(self, cut: Cut) -> None:
        self.mirror.entered(cut)
        self.queue.flush()

    def refused(self, error: RoomcastError) -> None:
        """A join was refused for good. Where I am in the room all the same, I stay."""
        if self.status != "joined":
            self._end(LeftEvent("refused", error.code, error), error)

    def suspend(self) -> None:
        """The connection has ended; I come back with the next one."""
        self.entry.suspend()
        self.queue.close()
        self.mirror.suspend()

    def abandon(self) -> None:
        """Nobody waits for the first join any more."""
        was_sent = self.entry.was_sent
        self._end(LeftEvent("left"), self._not_member())
        if was_sent:
            self._session.leave_unheard(self._id)

    def closed(self, error: RoomcastError, is_fault: bool) -> None:
        event = LeftEvent("closed", error.code, error) if is_fault else LeftEvent("closed")
        self._end(event, error)

    def _removed(self, reason: Any) -> None:
        detail = reason if isinstance(reason, str) else None
        why = f"The server took you out of the room ({detail or 'no reason given'}): join again if you may."
        self._end(LeftEvent("removed", detail, self._error("left", why)), self._not_member())

    def _end(self, event: LeftEvent, error: RoomcastError) -> None:
        """It is over. `error` is what the requests that wait fail with."""
        if self.status == "left":
            return
        was_in = self.status != "joining"
        if self._session.rooms.get(self._id) is self:
            del self._session.rooms[self._id]
        self.mirror.status = "left"
        self.entry.end(error)
        self.queue.fail_all(error)
        self.mirror.leave(event, was_in)
