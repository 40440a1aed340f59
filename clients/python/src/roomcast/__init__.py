"""A client for Roomcast: rooms over WebSocket, with history, members and state that stay in sync.

`async with connect("ws://localhost:8080/ws") as client` is where it begins; `roomcast.sync` is the same without asyncio.
"""

from .client import Client, connect
from .errors import RoomcastError
from .events import (
    ClientStatus,
    GapEvent,
    History,
    LeftEvent,
    Member,
    MembersEvent,
    MembersPage,
    Message,
    ResumedEvent,
    RoomStatus,
    StateChange,
    StateEvent,
    StatusEvent,
    Updated,
)
from .options import Options
from .room import Room
from .state import RoomState
from .stream import MessageStream

__all__ = [
    "Client",
    "ClientStatus",
    "GapEvent",
    "History",
    "LeftEvent",
    "Member",
    "MembersEvent",
    "MembersPage",
    "Message",
    "MessageStream",
    "Options",
    "ResumedEvent",
    "Room",
    "RoomState",
    "RoomStatus",
    "RoomcastError",
    "StateChange",
    "StateEvent",
    "StatusEvent",
    "Updated",
    "connect",
]
__version__ = "0.1.0"
