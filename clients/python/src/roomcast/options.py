"""What `connect` can be told, with the defaults of docs/clients.md."""

from __future__ import annotations

import random
import ssl as tls
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .errors import RoomcastError

#: A token, or what gives one whenever a connection is opened and before the last one expires.
TokenProvider = str | Callable[[], str | Awaitable[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """Options of `connect`. Times are milliseconds."""

    #: False: to the others I am gone as soon as my connection is.
    session: bool = True
    #: Sent as `auth`.
    token: TokenProvider | None = field(default=None, repr=False)
    #: Within which a connection has to be greeted by the server.
    connect_timeout_ms: float = 10_000
    #: The first step of the back-off.
    back_off_ms: float = 100
    #: Its cap.
    back_off_max_ms: float = 20_000
    #: A connection that has held for so long starts the back-off anew.
    stable_ms: float = 5_000
    #: Used until the server has said its own.
    heartbeat_ms: float = 25_000
    #: In which a connection has to show that it has lived through a sleep of the machine.
    wake_timeout_ms: float = 2_000
    #: How long a request may take.
    request_timeout_ms: float = 10_000
    #: How long a publish may take, waiting for a connection included.
    publish_timeout_ms: float = 60_000
    #: How many publishes may wait for a connection.
    queue_messages: int = 1_000
    #: How many bytes of JSON they may have.
    queue_bytes: int = 1_048_576
    #: How many messages an iterator may be behind.
    buffer_messages: int = 10_000
    #: The largest frame taken from a server.
    max_frame_bytes: int = 16_777_216
    #: How long `close` waits for the server.
    close_timeout_ms: float = 1_000
    #: Takes the place of `random.random` in the back-off.
    random: Callable[[], float] = random.random
    #: For a `wss:` address: who is trusted.
    ssl: tls.SSLContext | None = None
    #: Headers of the handshake.
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    #: The address of a proxy; True takes what the environment says.
    proxy: str | bool = True

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            is_number = name.endswith(("_ms", "_messages", "_bytes"))
            if is_number and (isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0):
                raise ValueError(f"{name} is {value!r}, but has to be a number from 0")


def check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("ws", "wss") and bool(parts.hostname) and not parts.fragment
        is_usable = is_usable and parts.port != 0
    except (ValueError, TypeError, AttributeError) as cause:
        raise _bad_url(url) from cause
    if not is_usable:
        raise _bad_url(url)


def _bad_url(url: object) -> RoomcastError:
    return RoomcastError("bad_url", f"{url!r} is no address of a server: write ws://host:port/ws, or wss:// with TLS.")
