"""The map that everybody in a room has alike."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from types import MappingProxyType
from typing import Any

from .events import StateChange
from .frames import Frame, bad_frame, list_of, object_of
from .listeners import Listeners, call_safely


class RoomState(Mapping[str, Any]):
    """A room's state as it is now: a read-only mapping from key to JSON, right behind every frame.

    What `keys`, `values`, `items` and iteration give is of one instant, and stays as it is while the state goes on.
    """

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._versions: dict[str, int] = {}
        self._version = 0
        #: Somebody may be iterating over `_values`: the next change is made to a copy.
        self._is_shared = False
        self._listeners: dict[str, Listeners[Any]] = {}

    @property
    def version(self) -> int:
        """How often the room's state has changed."""
        return self._version

    def version_of(self, key: str) -> int:
        """The room's version that wrote this key, 0 if it is not there: for `if_` of an update."""
        return self._versions.get(key, 0)

    def subscribe(self, key: str, listener: Callable[[Any], object]) -> Callable[[], None]:
        """Calls `listener` with the key's value, now and after each change of it; None where there is none."""
        listeners = self._listeners.setdefault(key, Listeners())
        remove = listeners.add(listener)
        call_safely(listener, self._values.get(key))
        return remove

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._view())

    def keys(self) -> KeysView[str]:
        return self._view().keys()

    def values(self) -> ValuesView[Any]:
        return self._view().values()

    def items(self) -> ItemsView[str, Any]:
        return self._view().items()

    def __repr__(self) -> str:
        return f"<RoomState version={self._version} {self._values!r}>"

    def _view(self) -> MappingProxyType[str, Any]:
        self._is_shared = True
        return MappingProxyType(self._values)

    # ---- For the room

    def apply(self, parts: list[Frame], version: int, is_whole: bool) -> tuple[StateChange, ...]:
        """Takes the pages of a change, or of all there is, which then takes the place of what was known."""
        for part in parts:
            _check(part)
        before, before_versions = self._values, self._versions
        if is_whole:
            self._values, self._versions, self._is_shared = {}, {}, False
        elif self._is_shared:
            self._values, self._is_shared = dict(before), False
        changes: dict[str, StateChange] = {}
        for part in parts:
            for key in part.get("delete", ()):
                if key in self._values:
                    del self._values[key], self._versions[key]
                    changes[key] = StateChange(key, None, True, version)
            versions = part.get("versions", {})
            for key, value in part.get("set", {}).items():
                key_version = versions.get(key, version)
                self._values[key], self._versions[key] = value, key_version
                if not is_whole or before_versions.get(key) != key_version or before[key] != value:
                    changes[key] = StateChange(key, value, False, key_version)
        if is_whole:
            for key in before.keys() - self._values.keys():
                changes[key] = StateChange(key, None, True, version)
        self._version = version
        return tuple(changes.values())

    def tell(self, changes: tuple[StateChange, ...]) -> None:
        """Tells those who wait for single keys."""
        for change in changes:
            if change.key in self._listeners:
                self._listeners[change.key].tell(change.value)


def _check(part: Any) -> None:
    if not isinstance(part, dict):
        raise bad_frame("has a state that is no object")
    object_of(part, "set")
    if not all(isinstance(key, str) for key in list_of(part, "delete")):
        raise bad_frame("deletes what is no key")
    if not all(type(version) is int for version in object_of(part, "versions").values()):
        raise bad_frame("has versions that are no integers")
