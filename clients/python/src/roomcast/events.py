"""What a client hands to its user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .errors import RoomcastError

ClientStatus = Literal["connecting", "connected", "reconnecting", "closed"]
RoomStatus = Literal["joining", "joined", "rejoining", "left"]


@dataclass(frozen=True, slots=True)
class Message:
    data: Any
    #: The server's clock when it took the message, in milliseconds since 1970.
    at: int
    #: This membership sent it.
    mine: bool
    #: Its place in the room's order; None if it is not kept.
    offset: int | None = None
    #: The member that published; None if the server did.
    from_: str | None = None
    user: str | None = None
    #: The name it was published under.
    event: str | None = None
    #: There if it is for one member only.
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    user: str | None = None
    #: What it tells about itself: any JSON.
    member: Any = None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    status: ClientStatus
    #: Why it is closed, if nobody asked for that.
    error: RoomcastError | None = None


@dataclass(frozen=True, slots=True)
class MembersEvent:
    joined: tuple[Member, ...]
    left: tuple[str, ...]
    changed: tuple[Member, ...]
    #: Members in the room now, me included.
    count: int


@dataclass(frozen=True, slots=True)
class StateChange:
    key: str
    #: None if deleted.
    value: Any
    deleted: bool
    version: int


@dataclass(frozen=True, slots=True)
class StateEvent:
    changes: tuple[StateChange, ...]
    version: int
    #: The member whose change it is, if it is one change of one member.
    from_: str | None = None


@dataclass(frozen=True, slots=True)
class ResumedEvent:
    #: How many messages were missed; they have been handed over.
    messages: int
    #: The others have seen nothing: my member id is the same.
    restored: bool


@dataclass(frozen=True, slots=True)
class GapEvent:
    """Messages behind `after` and before `before` are missing."""

    after: int
    before: int
    #: `slow_consumer`, or why the server could not resume: `epoch`, `future`, `too_many`, `trimmed`.
    reason: str


@dataclass(frozen=True, slots=True)
class LeftEvent:
    reason: Literal["left", "removed", "refused", "closed"]
    #: The server's word where it was removed, the code of the error where it was refused.
    detail: str | None = None
    error: RoomcastError | None = None


@dataclass(frozen=True, slots=True)
class History:
    #: Ascending.
    messages: tuple[Message, ...]
    #: There are further ones at that end from which was asked.
    more: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    members: tuple[Member, ...]
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Updated:
    #: The room's version that the update made.
    version: int
    #: What the numbers have come to that were added to.
    values: dict[str, Any]
