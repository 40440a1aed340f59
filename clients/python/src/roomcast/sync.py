"""The client for scripts and notebooks, without asyncio: `with connect(url) as client`.

Calls block until they are done and may come from any thread. The connection lives in a thread of its own.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, ParamSpec, TypeVar, cast

from . import client as asynchronous
from .client import ABSENT
from .errors import RoomcastError
from .events import ClientStatus, History, Member, MembersPage, Message, RoomStatus, Updated
from .room import Room as AsyncRoom
from .stream import MessageStream

P = ParamSpec("P")
T = TypeVar("T")
#: How long calls of other threads may take to notice that the client is closed, before they are cancelled.
STOP_TIMEOUT_S = 1.0


class Loop:
    """An event loop in a thread, for one client."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        #: Guards `_is_over`: a call that finds it unset is carried out, or waits for an answer that never comes.
        self._gate = threading.Lock()
        #: No further call is taken; set by the loop's thread.
        self._is_over = False
        # A daemon, so that a script that forgets to close ends all the same; `stop` comes at its exit at the latest.
        self._thread = threading.Thread(target=self._run, name="roomcast", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        with self._gate:
            if self._is_over or threading.current_thread() is self._thread:
                coroutine.close()
                raise RoomcastError("closed", "The client is closed: connect anew, from a thread of your own.")
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C: nobody waits for it any more
            raise

    def stop(self, client: asynchronous.Client) -> None:
        """Also called by the garbage collector, in whatever thread that runs."""
        try:
            self._loop.call_soon_threadsafe(self._begin_end, client)
        except RuntimeError:
            return  # it has ended
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _begin_end(self, client: asynchronous.Client) -> None:
        self._ending = self._loop.create_task(self._end(client))

    async def _end(self, client: asynchronous.Client) -> None:
        await client.close()
        with self._gate:
            self._is_over = True
        await asyncio.sleep(0)  # what was handed in before that is a task now
        others = asyncio.all_tasks() - {self._ending}
        if others:  # calls of other threads: they have failed with `closed`, and have yet to say so
            _, late = await asyncio.wait(others, timeout=STOP_TIMEOUT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.sleep(0)  # and the other threads have been told
        self._loop.stop()


def _like(_: Callable[P, asynchronous.Client]) -> Callable[[Callable[..., Client]], Callable[P, Client]]:
    return lambda function: cast("Callable[P, Client]", function)


class Client:
    """One session with a server. Made by `connect`."""

    def __init__(self, client: asynchronous.Client) -> None:
        self._loop = Loop()
        self._client = client
        self._loop.call(client.__aenter__())
        self._finalizer = weakref.finalize(self, self._loop.stop, client)

    def __repr__(self) -> str:
        return f"<Client {self._client!r}>"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def status(self) -> ClientStatus:
        return self._client.status

    @property
    def limits(self) -> dict[str, Any]:
        return self._client.limits

    def join(
        self,
        room: str,
        *,
        members: bool | Literal["count"] | None = None,
        member: Any = ABSENT,
        history: int | None = None,
        state: bool | None = None,
        timeout_ms: float | None = None,
    ) -> Room:
        """Joins a room and stays in it over all connections, until `room.leave()`. Its messages gather from here on."""

        async def join() -> Room:
            joined = await self._client.join(
                room,
                members=members,
                member=member,
                history=history,
                state=state,
                timeout_ms=timeout_ms,
            )
            return Room(self, self._loop, joined, joined.messages())

        return self._loop.call(join())

    def close(self) -> None:
        """Leaves all rooms and ends the connection and its thread. Closing twice is closing once."""
        self._finalizer()


@_like(asynchronous.connect)
def connect(url: str, **options: Any) -> Client:
    """A client of the server at `url`, with the options of `roomcast.connect`."""
    return Client(asynchronous.connect(url, **options))


class Room:
    """A room that I am in. `for message in room` waits for its messages, and ends when the room is left."""

    def __init__(self, client: Client, loop: Loop, room: AsyncRoom, stream: MessageStream) -> None:
        self._client = client  # a room keeps its client from being finalized
        self._loop = loop
        self._room = room
        self._stream = stream

    def __repr__(self) -> str:
        return repr(self._room)

    @property
    def id(self) -> str:
        return self._room.id

    @property
    def status(self) -> RoomStatus:
        return self._room.status

    @property
    def member_id(self) -> str | None:
        return self._room.member_id

    @property
    def offset(self) -> int:
        return self._room.offset

    @property
    def count(self) -> int:
        return self._room.count

    @property
    def members(self) -> Mapping[str, Member] | None:
        """By id, in the order of joining, as of now; None unless joined with `members=True`, or in too large a room."""

        async def members() -> Mapping[str, Member] | None:
            return self._room.members

        return self._loop.call(members())

    @property
    def state(self) -> dict[str, Any]:
        """A copy, as of now."""

        async def state() -> dict[str, Any]:
            return dict(self._room.state.items())

        return self._loop.call(state())

    def version_of(self, key: str) -> int:
        """The room's version that wrote this key, 0 if it is not there: for `if_` of an update."""
        return self._room.state.version_of(key)

    # ---- Messages

    def __iter__(self) -> Room:
        return self

    def __next__(self) -> Message:
        message = self.receive()
        if message is None:
            raise StopIteration
        return message

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message; None when the room is left. After `timeout` seconds without one: `timeout`."""

        async def receive() -> Message | None:
            if self._stream.is_spent and self._room.status != "left":
                self._stream = self._room.messages()  # goes on behind an overflow
            if self._stream.has_next:  # with no time to wait there is none to begin with
                return await anext(self._stream, None)
            return await asyncio.wait_for(anext(self._stream, None), timeout)

        try:
            return self._loop.call(receive())
        except (TimeoutError, asyncio.TimeoutError):
            message = f"No message within {timeout} s: call again to go on waiting."
            raise RoomcastError("timeout", message, room=self.id) from None

    # ---- Calls

    def publish(
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
        """Publishes any JSON. Returns the message's offset, or None if it is not kept."""
        return self._loop.call(
            self._room.publish(
                data,
                event=event,
                echo=echo,
                keep=keep,
                to=to,
                key=key,
                confirm=confirm,
                timeout_ms=timeout_ms,
            )
        )

    def update(
        self,
        *,
        set: Mapping[str, Any] | None = None,
        delete: Sequence[str] | None = None,
        add: Mapping[str, float] | None = None,
        own: bool = False,
        if_: Mapping[str, int] | None = None,
        timeout_ms: float | None = None,
    ) -> Updated:
        """Changes the state, all of it or nothing."""
        return self._loop.call(self._room.update(set=set, delete=delete, add=add, own=own, if_=if_, timeout_ms=timeout_ms))

    def set_member(self, member: Any, *, timeout_ms: float | None = None) -> None:
        """Changes what I tell the others about myself."""
        self._loop.call(self._room.set_member(member, timeout_ms=timeout_ms))

    def history(
        self,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int | None = None,
        timeout_ms: float | None = None,
    ) -> History:
        """Past messages, ascending. Both bounds are exclusive."""
        return self._loop.call(self._room.history(after=after, before=before, limit=limit, timeout_ms=timeout_ms))

    def fetch_members(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        timeout_ms: float | None = None,
    ) -> MembersPage:
        """Who is there, once."""
        return self._loop.call(self._room.fetch_members(after=after, limit=limit, timeout_ms=timeout_ms))

    def leave(self, *, timeout_ms: float | None = None) -> None:
        """Leaves for good."""
        self._loop.call(self._room.leave(timeout_ms=timeout_ms))
