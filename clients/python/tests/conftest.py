from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from world import ManualLoop

#: A test that hangs ends with a traceback of where.
TEST_TIMEOUT_S = 60


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    config.addinivalue_line("markers", "real: against the real server")


@pytest.fixture(autouse=True)
def deadline() -> Iterator[None]:
    def too_late(number: int, frame: Any) -> None:
        raise AssertionError(f"the test took longer than {TEST_TIMEOUT_S} s")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(TEST_TIMEOUT_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is logged as an error, unless the test looks at it and clears it."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR and r.name != "websockets.server"]
    assert [r.getMessage() for r in errors] == []


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a test that is `async` on a loop of its own, which has to be left without tasks and without complaints."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    run(lambda: pyfuncitem.obj(**arguments), is_checked=pyfuncitem.get_closest_marker("real") is None)
    return True


def run(test: Callable[[], Any], is_checked: bool) -> None:
    complaints: list[dict[str, Any]] = []
    loop = ManualLoop()
    loop.set_debug(is_checked)  # not where ten thousand messages would have to wait for it
    loop.slow_callback_duration = 10
    loop.set_exception_handler(lambda _, context: complaints.append(context))

    async def whole() -> set[asyncio.Task[Any]]:
        await test()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for _ in range(50):  # those of the test's own server may need a few turns to end
            if not left:
                break
            await asyncio.sleep(0.002)
            left = asyncio.all_tasks() - {asyncio.current_task()}
        return {task for task in left if task is not None}

    try:
        left = loop.run_until_complete(whole())
        assert not left, f"tasks are left: {left}"
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
    gc.collect()
    assert not complaints, complaints
