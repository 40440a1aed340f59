"""What fails, and how it says so."""

from __future__ import annotations

from typing import Any


class RoomcastError(Exception):
    """Everything that fails in Roomcast: decide by `code`, read `message` to see what to do.

    Codes are those of the server (PROTOCOL.md, Error codes) and the client's own: `timeout`, `disconnected`, `unconfirmed`,
    `queue_full`, `closed`, `left`, `bad_url`, `bad_frame`, `unsupported_protocol`, `token`, `overflow`.
    """

    code: str
    message: str
    #: The room it is about.
    room: str | None
    #: The type of the request that failed.
    request: str | None
    #: With `rate_limited` and `unavailable`: not before this time.
    retry_after_ms: int | None
    #: With `conflict`: what the keys are that did not match, as in PROTOCOL.md.
    current: dict[str, dict[str, Any]] | None
    #: With `closed`, when it was not the user who closed: the code of the close frame.
    close_code: int | None
    #: With `unconfirmed`: what was published.
    data: Any

    def __init__(
        self,
        code: str,
        message: str,
        *,
        room: str | None = None,
        request: str | None = None,
        retry_after_ms: int | None = None,
        current: dict[str, dict[str, Any]] | None = None,
        close_code: int | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.room = room
        self.request = request
        self.retry_after_ms = retry_after_ms
        self.current = current
        self.close_code = close_code
        self.data = data

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def about(self, room: str | None, request: str | None) -> RoomcastError:
        """The same, for another call: an exception that several tasks raise would gather the tracebacks of all."""
        return RoomcastError(
            self.code,
            self.message,
            room=room,
            request=request,
            retry_after_ms=self.retry_after_ms,
            current=self.current,
            close_code=self.close_code,
            data=self.data,
        )
