"""Messages for one `async for`."""

from __future__ import annotations

import asyncio
from collections import deque

from .errors import RoomcastError
from .events import Message


class MessageStream:
    """An iterator over the messages of a room, with a buffer between the room and a slower reader.

    It begins when it is made, ends when the room is left, and raises the error if nobody asked for that. One task reads it.
    """

    def __init__(self, room: str, buffer_messages: int) -> None:
        self._room = room
        self._limit = buffer_messages
        self._buffer: deque[Message] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._is_over = False
        #: Told behind what is in the buffer.
        self._error: RoomcastError | None = None

    def __aiter__(self) -> MessageStream:
        return self

    async def __anext__(self) -> Message:
        while not self._buffer:
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            if self._is_over:
                raise StopAsyncIteration
            if self._waiter is not None:
                raise RuntimeError("another task reads these messages: make an iterator for each with room.messages()")
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._buffer.popleft()

    async def aclose(self) -> None:
        self._buffer.clear()
        self.end(None)

    @property
    def has_next(self) -> bool:
        """Whether `anext` has an answer without waiting."""
        return bool(self._buffer) or self._is_over

    @property
    def is_spent(self) -> bool:
        """Nothing more comes from it, not even an error."""
        return self._is_over and not self._buffer and self._error is None

    def push(self, message: Message) -> None:
        if self._is_over:
            return
        if len(self._buffer) >= self._limit:
            message_text = "Messages come faster than they are read: read faster, or raise buffer_messages."
            self.end(RoomcastError("overflow", message_text, room=self._room))
            return
        self._buffer.append(message)
        self._wake()

    def end(self, error: RoomcastError | None) -> None:
        if not self._is_over:
            self._is_over = True
            self._error = error
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
