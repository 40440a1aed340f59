"""How often something may be sent."""

from __future__ import annotations

from collections.abc import Callable

BURST_SECONDS = 5


class Pace:
    """Five seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md, Limits).

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
