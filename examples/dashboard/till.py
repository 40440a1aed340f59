"""Sells things, and counts them for the dashboard. python till.py ws://localhost:8080/ws NAME [HOW_MANY]"""

import random
import sys
import time
from contextlib import suppress

from roomcast import RoomcastError
from roomcast import sync as roomcast


def sell(room: roomcast.Room, till: str, number: int, cents: int) -> None:
    """All tills add to the same two numbers, and nobody's sale gets lost.

    Nor does it count twice when the connection ends before the reply, and nobody knows whether it counted: my own key changes
    together with the sums, and the second try holds only if the first one did not.
    """
    version = room.version_of(till)
    while True:
        try:
            room.update(add={"sales": 1, "cents": cents}, set={till: number}, if_={till: version})
            return
        except RoomcastError as error:
            if error.code == "conflict":
                return  # it did count
            if error.code not in ("unconfirmed", "timeout"):
                raise


def main(url: str, name: str, how_many: float) -> None:
    with roomcast.connect(url) as client:
        room = client.join("shop")
        number = room.state.get(f"till.{name}", 0)
        while how_many > 0:
            number, how_many = number + 1, how_many - 1
            sell(room, f"till.{name}", number, random.randint(199, 4999))
            time.sleep(random.uniform(0, 0.4))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else float("inf"))
