"""What a user gets: the README's examples, and a wheel in a project of its own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import roomcast
from test_end import respond
from world import scripted

HOME = Path(__file__).resolve().parents[1]
EXAMPLES = re.findall(r"```python\n(.*?)```", (HOME / "README.md").read_text(), re.DOTALL)

PROJECT = """
import asyncio, sys, roomcast
from roomcast import Message, Room, connect

async def main(url: str) -> list[int]:
    async with connect(url, proxy=False) as client:
        room: Room = await client.join("lobby")
        stream = room.messages()
        await room.publish(5)
        message: Message = await anext(stream)
        return [message.data, message.offset or 0]

assert roomcast.__file__ and "site-packages" in roomcast.__file__, roomcast.__file__
print(asyncio.run(main(sys.argv[1])))
"""


async def output_of(*command: str | Path, cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.mark.parametrize("example", EXAMPLES, ids=["asyncio", "sync"])
async def test_example_of_the_readme_runs(example: str, tmp_path: Path) -> None:
    # The example ends with the first message that it reads: somebody has to say one.
    talk = "        await asyncio.sleep(0)\n        talking = asyncio.ensure_future(room.publish({'text': 'Hi'}, keep=False))\n"
    example = example.replace("        async for", talk + "        async for")
    async with scripted() as server:
        responding = asyncio.create_task(respond(server))
        script = tmp_path / "example.py"
        script.write_text(example.replace("ws://localhost:8080/ws", server.url))
        output = await output_of(sys.executable, "-W", "error", script)
        assert output in ("Tea 1\nNone {'text': 'Hi'}\n", "{'text': 'Hello'}\n")
        responding.cancel()
        await asyncio.gather(responding, return_exceptions=True)


async def test_wheel_works_in_a_project_of_its_own(tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    await output_of(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, HOME)
    wheel = tmp_path / f"roomcast-{roomcast.__version__}-py3-none-any.whl"
    await output_of(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    await output_of(*pip, "--python", python, "install", "--quiet", wheel)
    project = tmp_path / "project"
    project.mkdir()
    (project / "main.py").write_text(PROJECT)
    async with scripted() as server:
        responding = asyncio.create_task(respond(server))
        assert await output_of(python, "-W", "error", "main.py", server.url, cwd=project) == "[5, 1]\n"
        responding.cancel()
        await asyncio.gather(responding, return_exceptions=True)
    # `py.typed` is in it: a checker sees its types.
    checked = await output_of(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, project / "main.py")
    assert "Success" in checked
