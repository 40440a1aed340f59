"""How often something may be sent."""

from __future__ import annotations

from collections.abc import Callable

# Of the five seconds' worth that the server takes at once. The fifth is for what arrives closer together than it was sent.
BURST_SECONDS = 4


class Pace:
    """Some seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md, Limits).

    Keeping to it spares refusals, and with them messages that overtake one that has to be repeated.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.begin(None)

    def begin(self, per_second: float | None) -> None:
        """A new connection, or its limits; None for no limit."""
        self._per_second = per_second
        self._left = BURST_SECONDS * (per_second or 0.0)
        self._counted_at = self._now()

    def turn(self) -> float:
        """Takes the next turn, and says in how many seconds it is."""
        if self._per_second is None:
            return 0.0
        now = self._now()
        most = BURST_SECONDS * self._per_second
        self._left = min(most, self._left + (now - self._counted_at) * self._per_second) - 1
        self._counted_at = now
        return max(0.0, -self._left / self._per_second)

    def passing(self) -> None:
        """For what goes out at once or never: a turn if there is one. What the server refuses, it does not count either."""
        if self.turn() > 0:
            self._left += 1
