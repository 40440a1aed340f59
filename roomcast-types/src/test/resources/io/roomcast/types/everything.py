"""What may be said in the rooms "all:*".

Made by `./roomcast types`: change the room type, not this file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, overload

_T = TypeVar("_T")


class AllEvents:
    """Data of messages by their event; None stands for none."""

    @overload
    @staticmethod
    def from_json(event: Literal["numbers"], data: object) -> Numbers: ...
    @overload
    @staticmethod
    def from_json(event: Literal["plain"], data: object) -> Plain: ...
    @overload
    @staticmethod
    def from_json(event: Literal["gaps"], data: object) -> Gaps: ...
    @overload
    @staticmethod
    def from_json(event: Literal["many"], data: object) -> Many: ...
    @overload
    @staticmethod
    def from_json(event: Literal["tree"], data: object) -> Tree: ...
    @overload
    @staticmethod
    def from_json(event: Literal["figure"], data: object) -> Figure: ...
    @overload
    @staticmethod
    def from_json(event: Literal["circle"], data: object) -> Circle: ...
    @overload
    @staticmethod
    def from_json(event: Literal["range"], data: object) -> Range: ...
    @overload
    @staticmethod
    def from_json(event: Literal["empty"], data: object) -> Empty: ...
    @overload
    @staticmethod
    def from_json(event: Literal["color"], data: object) -> Color: ...
    #: A whole number from -2147483648 to 2147483647.
    @overload
    @staticmethod
    def from_json(event: None, data: object) -> int: ...
    @overload
    @staticmethod
    def from_json(event: str | None, data: object) -> Any: ...
    @staticmethod
    def from_json(event: str | None, data: object) -> Any:
        """Reads it; a ValueError says what is wrong, and where."""
        read: Callable[[object, str], Any] = _named("event", event, _EVENTS, _EVENT_PATTERNS)
        return read(data, "data")


class AllState:
    """Values of the state by key."""

    @overload
    @staticmethod
    def from_json(key: Literal["title"], value: object) -> str: ...
    #: A whole number from -2^53 to 2^53.
    @overload
    @staticmethod
    def from_json(key: Literal["score"], value: object) -> int: ...
    #: A whole number from -2147483648 to 2147483647.
    @overload
    @staticmethod
    def from_json(key: Literal["lives"], value: object) -> int: ...
    @overload
    @staticmethod
    def from_json(key: Literal["n:first"], value: object) -> Empty: ...
    @overload
    @staticmethod
    def from_json(key: Literal["__proto__"], value: object) -> str: ...
    @overload
    @staticmethod
    def from_json(key: str, value: object) -> str | int | Empty | float | bool | Color: ...
    @staticmethod
    def from_json(key: str, value: object) -> Any:
        """Reads it; a ValueError says what is wrong, and where."""
        read: Callable[[object, str], Any] = _named("key", key, _STATES, _STATE_PATTERNS)
        return read(value, _at("state", key))


class AllMember:
    """What members tell about themselves; a join without it is refused."""

    @staticmethod
    def from_json(data: object) -> Circle:
        """Reads it; a ValueError says what is wrong, and where."""
        return Circle.from_json(data, "member")


Color: TypeAlias = Literal["RED", "GREEN"]


def color_from_json(data: object, place: str = "data") -> Color:
    value: Color = _one_of("RED", "GREEN")(data, place)
    return value


@dataclass(frozen=True, slots=True)
class Circle:
    radius: float

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Circle:
        fields = _fields(data, place, ("radius",))
        return cls(radius=_number(fields["radius"], _at(place, "radius")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"radius": self.radius}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Empty:
    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Empty:
        _fields(data, place, ())
        return cls()

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class FigureCircle:
    radius: float

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> FigureCircle:
        fields = _fields(data, place, ("type", "radius"))
        _one_of("circle")(fields["type"], _at(place, "type"))
        return cls(radius=_number(fields["radius"], _at(place, "radius")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "circle", "radius": self.radius}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class FigureHull:
    of: tuple[Figure, ...]

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> FigureHull:
        fields = _fields(data, place, ("type", "of"))
        _one_of("hull")(fields["type"], _at(place, "type"))
        return cls(of=_items(figure_from_json)(fields["of"], _at(place, "of")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "hull", "of": self.of}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class FigureSquare:
    side: float
    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> FigureSquare:
        fields = _fields(data, place, ("type", "side"), ("inside",))
        _one_of("square")(fields["type"], _at(place, "type"))
        return cls(
            side=_number(fields["side"], _at(place, "side")),
            inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "square", "side": self.side, "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class Gaps:
    optional: str | None = None
    nullable: Color | None = None
    numbers: Numbers | None = None
    any: Any = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Gaps:
        fields = _fields(data, place, (), ("optional", "nullable", "numbers", "any"))
        return cls(
            optional=_or_none(_text)(fields.get("optional"), _at(place, "optional")),
            nullable=_or_none(color_from_json)(fields.get("nullable"), _at(place, "nullable")),
            numbers=_or_none(Numbers.from_json)(fields.get("numbers"), _at(place, "numbers")),
            any=_anything(fields.get("any"), _at(place, "any")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "optional": self.optional,
            "nullable": self.nullable,
            "numbers": self.numbers,
            "any": self.any,
        }
        return _object(fields, "optional", "nullable", "numbers", "any")


@dataclass(frozen=True, slots=True)
class Many:
    #: Items: a whole number from -2147483648 to 2147483647.
    list_: tuple[int, ...]
    #: No two items are equal.
    set: tuple[str, ...]
    map_: Mapping[str, Color]
    holes: tuple[str | None, ...]

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Many:
        fields = _fields(data, place, ("list", "set", "map", "holes"))
        return cls(
            list_=_items(_whole)(fields["list"], _at(place, "list")),
            set=_items(_text)(fields["set"], _at(place, "set")),
            map_=_values(color_from_json)(fields["map"], _at(place, "map")),
            holes=_items(_or_none(_text))(fields["holes"], _at(place, "holes")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "list": self.list_,
            "set": self.set,
            "map": self.map_,
            "holes": self.holes,
        }
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Numbers:
    #: A whole number from -128 to 127.
    b: int
    #: A whole number from -32768 to 32767.
    s: int
    #: A whole number from -2147483648 to 2147483647.
    i: int
    #: A whole number from -2^53 to 2^53.
    l: int
    f: float
    d: float

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Numbers:
        fields = _fields(data, place, ("b", "s", "i", "l", "f", "d"))
        return cls(
            b=_whole(fields["b"], _at(place, "b")),
            s=_whole(fields["s"], _at(place, "s")),
            i=_whole(fields["i"], _at(place, "i")),
            l=_whole(fields["l"], _at(place, "l")),
            f=_number(fields["f"], _at(place, "f")),
            d=_number(fields["d"], _at(place, "d")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "b": self.b,
            "s": self.s,
            "i": self.i,
            "l": self.l,
            "f": self.f,
            "d": self.d,
        }
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    flag: bool
    box: bool
    color: Color
    any: Any

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Plain:
        fields = _fields(data, place, ("text", "flag", "box", "color", "any"))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            flag=_flag(fields["flag"], _at(place, "flag")),
            box=_flag(fields["box"], _at(place, "box")),
            color=color_from_json(fields["color"], _at(place, "color")),
            any=_anything(fields["any"], _at(place, "any")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "text": self.text,
            "flag": self.flag,
            "box": self.box,
            "color": self.color,
            "any": self.any,
        }
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Range:
    #: A whole number from -2147483648 to 2147483647.
    from_: int
    #: A whole number from -2147483648 to 2147483647.
    to: int

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Range:
        fields = _fields(data, place, ("from", "to"))
        return cls(
            from_=_whole(fields["from"], _at(place, "from")),
            to=_whole(fields["to"], _at(place, "to")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"from": self.from_, "to": self.to}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    children: tuple[Tree, ...]
    next: Tree | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Tree:
        fields = _fields(data, place, ("name", "children"), ("next",))
        return cls(
            name=_text(fields["name"], _at(place, "name")),
            children=_items(Tree.from_json)(fields["children"], _at(place, "children")),
            next=_or_none(Tree.from_json)(fields.get("next"), _at(place, "next")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"name": self.name, "children": self.children, "next": self.next}
        return _object(fields, "next")


Figure: TypeAlias = FigureCircle | FigureSquare | FigureHull


def figure_from_json(data: object, place: str = "data") -> Figure:
    kinds: Mapping[str, Callable[[object, str], Figure]] = {
        "circle": FigureCircle.from_json,
        "square": FigureSquare.from_json,
        "hull": FigureHull.from_json,
    }
    return _tagged(data, place, kinds)


def _fields(
    data: object, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _wrong(data, place, "an object")
    for name in required:
        if name not in data:
            raise ValueError(f"`{_at(place, name)}` is missing")
    for name in data:
        if name not in required and name not in optional:
            raise ValueError(
                f"`{_at(place, name)}` is not known here; are these types older than the server's?"
            )
    return data


def _tagged(data: object, place: str, kinds: Mapping[str, Callable[[object, str], _T]]) -> _T:
    if not isinstance(data, dict):
        raise _wrong(data, place, "an object")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        raise _wrong(kind, _at(place, "type"), _one_of_these(kinds))
    return kinds[kind](data, place)


def _named(
    what: str,
    name: str | None,
    names: Mapping[str | None, Callable[[object, str], Any]],
    patterns: tuple[tuple[str, Callable[[object, str], Any]], ...],
) -> Callable[[object, str], Any]:
    if name in names:
        return names[name]
    for pattern, read in patterns:
        if name is not None and re.fullmatch(
            ".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL
        ):
            return read
    raise ValueError(
        f"`{what}` is {_shown(name)}, which is not known here; are these types older than the server's?"
    )


def _items(item: Callable[[object, str], _T]) -> Callable[[object, str], tuple[_T, ...]]:
    def read(data: object, place: str) -> tuple[_T, ...]:
        if not isinstance(data, (list, tuple)):
            raise _wrong(data, place, "an array")
        return tuple(item(each, f"{place}[{index}]") for index, each in enumerate(data))

    return read


def _values(value: Callable[[object, str], _T]) -> Callable[[object, str], Mapping[str, _T]]:
    def read(data: object, place: str) -> Mapping[str, _T]:
        if not isinstance(data, dict):
            raise _wrong(data, place, "an object")
        return {name: value(each, _at(place, name)) for name, each in data.items()}

    return read


def _or_none(read: Callable[[object, str], _T]) -> Callable[[object, str], _T | None]:
    return lambda data, place: None if data is None else read(data, place)


def _one_of(*texts: str) -> Callable[[object, str], Any]:
    def read(data: object, place: str) -> Any:
        if not isinstance(data, str) or data not in texts:
            raise _wrong(data, place, _one_of_these(texts))
        return data

    return read


def _text(data: object, place: str) -> str:
    if not isinstance(data, str):
        raise _wrong(data, place, "a string")
    return data


def _flag(data: object, place: str) -> bool:
    if not isinstance(data, bool):
        raise _wrong(data, place, "true or false")
    return data


def _whole(data: object, place: str) -> int:
    if isinstance(data, float) and data.is_integer():
        return int(data)
    if not isinstance(data, int) or isinstance(data, bool):
        raise _wrong(data, place, "a whole number")
    return data


def _number(data: object, place: str) -> float:
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        try:
            number = float(data)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise _wrong(data, place, "a number")


def _anything(data: object, place: str) -> Any:
    return data


def _object(fields: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in fields.items()
        if value is not None or name not in optional
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.to_json() if hasattr(value, "to_json") else value


def _wrong(data: object, place: str, must: str) -> ValueError:
    return ValueError(f"`{place}` is {_shown(data)}, but must be {must}")


def _one_of_these(texts: Iterable[str]) -> str:
    return "one of " + ", ".join(map(_shown, texts))


def _at(place: str, name: object) -> str:
    return (
        f"{place}.{name}"
        if isinstance(name, str) and name.isidentifier()
        else f"{place}[{_shown(name)}]"
    )


def _shown(data: object) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, dict):
        return "an object"
    if isinstance(data, (list, tuple)):
        return "an array"
    text = ascii(data) if isinstance(data, (str, int, float)) else f"a {type(data).__name__}"
    return text if len(text) <= 60 else text[:60] + "…"


_EVENTS: Mapping[str | None, Callable[[object, str], Any]] = {
    "numbers": Numbers.from_json,
    "plain": Plain.from_json,
    "gaps": Gaps.from_json,
    "many": Many.from_json,
    "tree": Tree.from_json,
    "figure": figure_from_json,
    "circle": Circle.from_json,
    "range": Range.from_json,
    "empty": Empty.from_json,
    "color": color_from_json,
    None: _whole,
}
_EVENT_PATTERNS: tuple[tuple[str, Callable[[object, str], Any]], ...] = (("x.*", _anything),)
_STATES: Mapping[str | None, Callable[[object, str], Any]] = {
    "title": _text,
    "score": _whole,
    "lives": _whole,
    "n:first": Empty.from_json,
    "__proto__": _text,
}
_STATE_PATTERNS: tuple[tuple[str, Callable[[object, str], Any]], ...] = (
    ("n:*:b", _number),
    ("n:*", _flag),
    ("(?*", color_from_json),
)
