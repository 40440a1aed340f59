"""Functions of the user's that are called as things happen."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

log = logging.getLogger("roomcast")
T = TypeVar("T")


def call_safely(listener: Callable[[T], object], value: T) -> None:
    """A listener that fails harms nobody else: its error is logged."""
    try:
        result: Any = listener(value)
    except Exception:
        log.exception("A listener of Roomcast failed: %r", listener)
        return
    if inspect.iscoroutine(result):
        result.close()
        log.error("A listener of Roomcast is no plain function, so it was not run: %r", listener)


class Listeners(Generic[T]):
    """Those who want to know of one thing, in the order in which they asked."""

    def __init__(self) -> None:
        #: By a token of its own, should the same function be added twice.
        self._listeners: dict[object, Callable[[T], object]] = {}

    def add(self, listener: Callable[[T], object]) -> Callable[[], None]:
        """Returns what takes it off again."""
        if inspect.iscoroutinefunction(listener):
            raise TypeError("a listener is a plain function; to await something for each message, use `async for`")
        token = object()
        self._listeners[token] = listener

        def remove() -> None:
            self._listeners.pop(token, None)

        return remove

    def tell(self, value: T) -> None:
        for listener in tuple(self._listeners.values()):
            call_safely(listener, value)
