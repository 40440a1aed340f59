"""How long a cut is felt: from the end of the connection to `resumed`, a hundred times, against the real server.

python scripts/measure_resume.py [cuts]
"""

from __future__ import annotations

import asyncio
import math
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from roomcast import ResumedEvent, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from road import program, road


async def measure(port: int, cuts: int, **options: Any) -> list[float]:
    """Milliseconds, sorted."""
    times: list[float] = []
    async with road(port) as way, connect(way.url, proxy=False, stable_ms=0, **options) as client:
        room = await client.join("lobby", members=True)
        resumed: asyncio.Queue[ResumedEvent] = asyncio.Queue()
        room.on_resumed(resumed.put_nowait)
        for _ in range(cuts):
            await room.publish({"text": "Hello"})
            began = time.perf_counter()
            way.cut()
            await resumed.get()
            times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def main() -> None:
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    settings: dict[str, dict[str, Any]] = {"as it comes": {}, "without back-off": {"back_off_ms": 0}}
    with program("--set", "limits.joinsPerSecond=off", "--set", "limits.publishesPerSecond=off") as port:
        for name, options in settings.items():
            times = asyncio.run(measure(port, cuts, **options))
            p50, p99 = statistics.median(times), times[max(0, math.ceil(len(times) * 0.99) - 1)]
            print(f"{name}: {cuts} cuts, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
