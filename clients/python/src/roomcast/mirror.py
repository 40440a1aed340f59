"""What a client knows of a room: right behind every frame, and told in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar
from weakref import WeakSet

from .entry import Cut
from .errors import RoomcastError
from .events import GapEvent, LeftEvent, Member, MembersEvent, Message, ResumedEvent, RoomStatus, StateChange, StateEvent
from .frames import Frame, integer_of, list_of, optional_integer_of, optional_text_of, text_of
from .listeners import Listeners
from .members import MemberList, difference
from .state import RoomState
from .stream import MessageStream

T = TypeVar("T")

#: Turns of the event loop until the awaiter of a first join has had one: it may await a task, `gather` or `wait_for`.
TURNS_TO_LISTEN = 10


class Mirror:
    """Follows the frames of one room. `resync` is called when the thread is lost."""

    def __init__(self, room: str, resync: Callable[[], None]) -> None:
        self.room = room
        self._resync = resync
        self.status: RoomStatus = "joining"
        self.member_id: str | None = None
        self.epoch: str | None = None
        #: Of the last kept message that was handed over.
        self.offset = 0
        self.count = 0
        self.list: MemberList | None = None
        self.state = RoomState()
        self._takes_state = False
        self.messages: Listeners[Message] = Listeners()
        self.members_news: Listeners[MembersEvent] = Listeners()
        self.states: Listeners[StateEvent] = Listeners()
        self.resumes: Listeners[ResumedEvent] = Listeners()
        self.gaps: Listeners[GapEvent] = Listeners()
        self.lefts: Listeners[LeftEvent] = Listeners()
        self.errors: Listeners[RoomcastError] = Listeners()
        #: Weak, as a loop that is broken off does not say so.
        self.streams: WeakSet[MessageStream] = WeakSet()
        #: What a first join brings is held until whoever awaits it has had a turn to listen; None when it is not held.
        self._held: list[Callable[[], None]] | None = None
        #: Updates that are done, and wait until the state shows it.
        self._unseen: set[asyncio.Future[None]] = set()

    @property
    def members(self) -> Mapping[str, Member] | None:
        return None if self.list is None else self.list.view()

    @property
    def resume(self) -> Frame | None:
        """Where I stand, for the next join."""
        if self.epoch is None:
            return None
        resume: Frame = {"epoch": self.epoch, "offset": self.offset}
        return {**resume, "version": self.state.version} if self._takes_state else resume

    # ---- Frames

    def take(self, frame: Frame) -> None:
        """A frame that follows `joined`, or one that does not and leads to a new join."""
        match frame["type"]:
            case "message":
                self._take_message(frame)
            case "messages":
                for entry in list_of(frame, "messages"):
                    if self.status == "joined":
                        self._take_message(entry)
            case "published":  # without an id it is one with `echo: false`
                self.pass_own(optional_integer_of(frame, "offset"))
            case "members":
                self._take_news(frame)
            case "state":
                self._take_state(frame)
            case "gap":
                self._take_gap(frame)

    def entered(self, cut: Cut) -> None:
        """I am in the room, at the instant of this cut."""
        joined = cut.joined
        member_id, epoch, offset = text_of(joined, "memberId"), text_of(joined, "epoch"), integer_of(joined, "offset")
        version, count = integer_of(joined, "version"), integer_of(joined, "count")
        is_first, is_same, after = self.epoch is None, member_id == self.member_id, self.offset
        messages = list_of(joined, "messages")
        # As to another epoch, everything is new.
        known = after if epoch == self.epoch else -1
        unseen = [self.to_message(entry, member_id) for entry in messages if integer_of(entry, "offset") > known]
        first = integer_of(messages[0], "offset") if messages else offset + 1

        news = self._enter_members(cut, count, is_first)
        changes = self._enter_state(cut, version)
        self.member_id, self.epoch, self.offset, self.status = member_id, epoch, offset, "joined"
        if is_first:
            self._held = []
        if joined.get("resumed") is False:
            self._tell_of(self.gaps, GapEvent(after, first, str(joined.get("reason"))))
        for message in unseen:
            self._hand_over(message)
        if joined.get("resumed") is True:
            self._tell_of(self.resumes, ResumedEvent(len(unseen), is_same))
        if news is not None:
            self._tell_of(self.members_news, news)
        if changes and not is_first:
            self._state_changed(changes, None)
        self._show()

    def suspend(self) -> None:
        if self.status == "joined":
            self.status = "rejoining"

    def pass_own(self, offset: int | None) -> None:
        """A message of mine that I do not get: its offset counts as seen."""
        if self.status == "joined" and offset is not None:
            if offset > self.offset + 1:
                self._lose_thread()
            else:
                self.offset = max(self.offset, offset)

    def to_message(self, frame: Frame, member_id: str | None = None) -> Message:
        from_ = optional_text_of(frame, "from")
        return Message(
            data=frame.get("data"),
            at=integer_of(frame, "at"),
            mine=from_ is not None and from_ == (member_id or self.member_id),
            offset=optional_integer_of(frame, "offset"),
            from_=from_,
            user=optional_text_of(frame, "user"),
            event=optional_text_of(frame, "event"),
            to=optional_text_of(frame, "to"),
        )

    def _take_message(self, frame: Frame) -> None:
        message = self.to_message(frame)
        if message.offset is not None:
            if message.offset <= self.offset:
                return
            if message.offset > self.offset + 1:
                self._lose_thread()
                return
            self.offset = message.offset
        self._hand_over(message)

    def _hand_over(self, message: Message) -> None:
        def tell() -> None:
            self.messages.tell(message)
            for stream in list(self.streams):
                stream.push(message)

        self._tell(tell)

    def _take_gap(self, frame: Frame) -> None:
        after, before = integer_of(frame, "after"), integer_of(frame, "before")
        self.offset = max(self.offset, before - 1)
        self._tell_of(self.gaps, GapEvent(after, before, "slow_consumer"))

    def _lose_thread(self) -> None:
        """The server has to say anew where the room stands; what comes before that is dropped."""
        self.status = "rejoining"
        self._resync()

    def _take_news(self, frame: Frame) -> None:
        count = integer_of(frame, "count")
        if self.list is not None and count != len(self.list) and not frame.keys() & {"joined", "left", "changed"}:
            self.list = None  # the room has become too large for lists
        event = MembersEvent((), (), (), count) if self.list is None else self.list.apply(frame)
        self.count = count
        self._tell_of(self.members_news, event)

    def _take_state(self, frame: Frame) -> None:
        if not self._takes_state:
            return
        version = integer_of(frame, "version")
        since = optional_integer_of(frame, "since")
        if (version - 1 if since is None else since) != self.state.version:
            self._lose_thread()
            return
        self._state_changed(self.state.apply([frame], version, is_whole=False), optional_text_of(frame, "from"))
        self._show()

    def _enter_members(self, cut: Cut, count: int, is_first: bool) -> MembersEvent | None:
        """Takes the list, and returns what has become of it where that is to be told."""
        before, before_count = self.list, self.count
        self.list = None if cut.members is None else MemberList(cut.members)
        self.count = count
        news = difference(before, self.list, count)
        has_changed = bool(news.joined or news.left or news.changed) or count != before_count
        return news if has_changed and not is_first else None

    def _enter_state(self, cut: Cut, version: int) -> tuple[StateChange, ...]:
        self._takes_state = cut.state is not None
        if cut.state is None:
            return self.state.apply([], 0, is_whole=True)
        is_whole = not cut.state or "since" not in cut.state[0]
        return self.state.apply(cut.state, version, is_whole)

    def _state_changed(self, changes: tuple[StateChange, ...], from_: str | None) -> None:
        event = StateEvent(changes, self.state.version, from_)

        def tell() -> None:
            self.states.tell(event)
            self.state.tell(changes)

        self._tell(tell)

    # ---- Telling

    def release_soon(self) -> None:
        """Whoever awaited the first join goes on now, a few turns of the event loop from here at the latest."""
        loop = asyncio.get_running_loop()

        def turn(left: int) -> None:
            if left > 0:
                loop.call_soon(turn, left - 1)
            else:
                self.release()

        turn(TURNS_TO_LISTEN)

    def release(self) -> None:
        held, self._held = self._held, None
        for tell in held or ():
            tell()

    def leave(self, event: LeftEvent, was_in: bool) -> None:
        self.release()
        self.status = "left"
        self._show()
        for stream in list(self.streams):
            stream.end(event.error)
        if was_in:
            self.lefts.tell(event)

    async def shown(self, version: int, timeout_s: float) -> None:
        """Returns when the state shows this version, or will not."""
        loop, epoch = asyncio.get_running_loop(), self.epoch
        deadline = loop.time() + timeout_s
        while self._takes_state and self.status != "left" and self.epoch == epoch and self.state.version < version:
            if loop.time() >= deadline:
                return
            seen: asyncio.Future[None] = loop.create_future()
            timer = loop.call_at(deadline, _set, seen)
            self._unseen.add(seen)
            try:
                await seen
            finally:
                timer.cancel()
                self._unseen.discard(seen)

    def _show(self) -> None:
        for seen in self._unseen:
            _set(seen)

    def _tell(self, tell: Callable[[], None]) -> None:
        """Nothing of the room is told once it is left."""
        if self._held is not None:
            self._held.append(tell)
        elif self.status != "left":
            tell()

    def _tell_of(self, listeners: Listeners[T], event: T) -> None:
        self._tell(lambda: listeners.tell(event))


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
