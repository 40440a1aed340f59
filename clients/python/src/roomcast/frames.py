"""JSON on its way out and in: one object in each text frame."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from typing import Any, NoReturn

from .errors import RoomcastError

Frame = dict[str, Any]


def to_json(value: Any, room: str | None, request: str) -> str:
    """Strict JSON, without white space; `bad_request` for what is none."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_json_of)
        text.encode()  # a lone surrogate is no text
        return text
    except (TypeError, ValueError, RecursionError) as cause:
        message = f"This is no JSON ({cause}): use dict, list, str, int, float, bool and None."
        raise RoomcastError("bad_request", message, room=room, request=request) from cause


def _json_of(value: Any) -> Any:
    """Dataclasses that say how they are JSON, as those of `./roomcast types` do."""
    to_json = getattr(value, "to_json", None)
    if is_dataclass(value) and callable(to_json):
        return to_json()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def byte_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def body_of(fields: dict[str, Any], room: str | None, request: str) -> str:
    """The fields of a frame behind its `type` and `id`, those left out that are None."""
    present = {name: value for name, value in fields.items() if value is not None}
    return to_json(present, room, request)[1:]


def frame_text(type_: str, id_: int | None, body: str) -> str:
    head = f'{{"type":"{type_}"' if id_ is None else f'{{"type":"{type_}","id":{id_}'
    return head + (body if body == "}" else "," + body)


def read_frame(text: str) -> Frame:
    try:
        frame = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as cause:
        raise bad_frame("is no JSON") from cause
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise bad_frame('is no JSON object with a "type"')
    return frame


def bad_frame(why: str) -> RoomcastError:
    return RoomcastError("bad_frame", f"A frame of the server {why}: is this the address of a Roomcast server?")


def text_of(frame: Frame, name: str) -> str:
    value = frame.get(name)
    if not isinstance(value, str):
        raise bad_frame(f'of type {frame.get("type")} has no string "{name}"')
    return value


def optional_text_of(frame: Frame, name: str) -> str | None:
    return text_of(frame, name) if name in frame else None


def integer_of(frame: Frame, name: str) -> int:
    value = frame.get(name)
    if type(value) is not int or value < 0:
        raise bad_frame(f'of type {frame.get("type")} has no integer "{name}"')
    return value


def optional_integer_of(frame: Frame, name: str) -> int | None:
    return integer_of(frame, name) if name in frame else None


def list_of(frame: Frame, name: str) -> list[Any]:
    value = frame.get(name, [])
    if not isinstance(value, list):
        raise bad_frame(f'has no list "{name}"')
    return value


def object_of(frame: Frame, name: str) -> Frame:
    value = frame.get(name, {})
    if not isinstance(value, dict):
        raise bad_frame(f'has no object "{name}"')
    return value


def refusal(frame: Frame) -> RoomcastError:
    """The error that a frame of type `error` tells."""
    retry_after_ms = frame.get("retryAfterMs")
    current = frame.get("current")
    return RoomcastError(
        text_of(frame, "code"),
        str(frame.get("message", "The server gives no reason.")),
        room=optional_text_of(frame, "room"),
        request=optional_text_of(frame, "request"),
        retry_after_ms=retry_after_ms if type(retry_after_ms) is int else None,
        current=current if isinstance(current, dict) else None,
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
