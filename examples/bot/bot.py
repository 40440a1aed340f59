"""A bot that answers: !roll 2d6, !time, !who, !say Hello, !help. python bot.py ws://localhost:8080/ws lobby"""

import asyncio
import random
import re
import sys
import time
from collections.abc import Callable

from roomcast import Message, Room, RoomcastError, connect

NAME = "Dice bot"


def roll(room: Room, words: str) -> str:
    dice = re.fullmatch(r"(\d{0,2})d(\d{1,3})", words or "1d6")
    if not dice or dice[2].strip("0") == "":
        return "Say for example !roll 2d6."
    throws = [random.randint(1, int(dice[2])) for _ in range(int(dice[1] or 1))]
    return f"{' + '.join(map(str, throws))} = {sum(throws)}"


def who(room: Room, words: str) -> str:
    if room.members is None:
        return f"{room.count} are here."
    people = [member.member for member in room.members.values()]
    names = [person.get("name", "somebody") if isinstance(person, dict) else "somebody" for person in people]
    return "Here are " + ", ".join(map(str, names))


COMMANDS: dict[str, Callable[[Room, str], str]] = {
    "!roll": roll,
    "!time": lambda room, words: time.strftime("It is %H:%M here."),
    "!who": who,
    "!say": lambda room, words: words,
    "!help": lambda room, words: "I know " + ", ".join(COMMANDS),
}


def answer_to(room: Room, message: Message) -> str | None:
    text = message.data.get("text") if isinstance(message.data, dict) else None
    if message.mine or message.event or not isinstance(text, str):
        return None
    command, _, words = text.strip().partition(" ")
    return COMMANDS[command](room, words.strip()) if command in COMMANDS else None


async def main(url: str, room_id: str) -> None:
    # The client comes back by itself, after a cut and after a restart of the server, and the loop goes on: what was said in
    # between comes too, in order and once.
    async with connect(url) as client:
        client.on_status(lambda event: print(event.status, event.error or "", flush=True))
        room = await client.join(room_id, member={"name": NAME}, members=True)
        print(f"{NAME} is in {room_id}; say !help there. Ctrl-C ends it.", flush=True)
        async for message in room:
            answer = answer_to(room, message)
            if answer is None:
                continue
            try:
                # Waits for a connection if there is none, and is published once even if it has to be sent again.
                await room.publish({"name": NAME, "text": answer, "to": message.offset})
            except RoomcastError as error:  # unconfirmed, say: better no answer than two
                print(f"No answer to message {message.offset}: {error}", flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(main(*(sys.argv[1:] + ["ws://localhost:8080/ws", "lobby"][len(sys.argv) - 1 :])))
    except KeyboardInterrupt:
        print("Goodbye")
