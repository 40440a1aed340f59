"""What may be said in the rooms "*/ \\"\\"\\" \\\\ `${x}` \\u000a# hostile:*".

Made by `./roomcast types`: change the room type, not this file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, overload

_T = TypeVar("_T")


class XHostileEvents:
    """Data of messages by their event; None stands for none."""

    @overload
    @staticmethod
    def from_json(event: Literal["*/ alert(1) /*"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(
        event: Literal["\"\"\"; import os; os.abort(); \"\"\""], data: object
    ) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\\"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\\\"\"\""], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["`${alert(1)}`"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["'; drop"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["</script>"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(
        event: Literal["line\u000abreak\u000d\u000aand\u2028more\u2029end"], data: object
    ) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\u202eright to left\u202c"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\u0000nul\u0007bell"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["😀👨\u200d👩\u200d👧"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["# coding: latin-1"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["{x}%s%n"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["$"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["${"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["*/"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["//"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["/*"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\""], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["'"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["``"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\\u0041"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\\N{DASH}"], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["\u0009tab "], data: object) -> Evil: ...
    @overload
    @staticmethod
    def from_json(event: Literal["__proto__"], data: object) -> _proto__: ...
    @overload
    @staticmethod
    def from_json(event: Literal["constructor"], data: object) -> str: ...
    @overload
    @staticmethod
    def from_json(event: Literal["None"], data: object) -> str: ...
    @overload
    @staticmethod
    def from_json(event: Literal["fields"], data: object) -> Fields: ...
    @overload
    @staticmethod
    def from_json(event: Literal["limits"], data: object) -> Limits: ...
    @overload
    @staticmethod
    def from_json(event: Literal["figure"], data: object) -> Figure: ...
    #: */
    @overload
    @staticmethod
    def from_json(event: None, data: object) -> tuple[Inline, ...]: ...
    @overload
    @staticmethod
    def from_json(
        event: str | None, data: object
    ) -> Evil | _proto__ | str | Fields | Limits | Figure | tuple[Inline, ...]: ...
    @staticmethod
    def from_json(event: str | None, data: object) -> Any:
        """Reads it; a ValueError says what is wrong, and where."""
        read: Callable[[object, str], Any] = _named("event", event, _EVENTS, _EVENT_PATTERNS)
        return read(data, "data")


class XHostileState:
    """Values of the state by key."""

    @overload
    @staticmethod
    def from_json(key: Literal["__proto__"], value: object) -> str: ...
    @overload
    @staticmethod
    def from_json(key: Literal["constructor"], value: object) -> float: ...
    @overload
    @staticmethod
    def from_json(key: Literal["`${x}`"], value: object) -> bool: ...
    @overload
    @staticmethod
    def from_json(key: Literal["n:1"], value: object) -> class_: ...
    @overload
    @staticmethod
    def from_json(key: Literal[""], value: object) -> str: ...
    @overload
    @staticmethod
    def from_json(key: Literal["\u000a"], value: object) -> str: ...
    @overload
    @staticmethod
    def from_json(
        key: str, value: object
    ) -> str | float | bool | class_ | Limits | int | Evil | None: ...
    @staticmethod
    def from_json(key: str, value: object) -> Any:
        """Reads it; a ValueError says what is wrong, and where."""
        read: Callable[[object, str], Any] = _named("key", key, _STATES, _STATE_PATTERNS)
        return read(value, _at("state", key))


class XHostileMember:
    """What members tell about themselves."""

    @staticmethod
    def from_json(data: object) -> Figure | None:
        """Reads it; a ValueError says what is wrong, and where."""
        return _or_none(figure_from_json)(data, "member")


#: */ alert(1) /*
#: """; import os; os.abort(); """
#: \
#: \"""
#: `${alert(1)}`
#: '; drop
#: </script>
#: line
#: break
#: and
#: more
#: end
#: \u{202e}right to left\u{202c}
#: \u{0}nul\u{7}bell
#: 😀👨\u{200d}👩\u{200d}👧
#: # coding: latin-1
#: {x}%s%n
#: $
#: ${
#: */
#: //
#: /*
#: "
#: '
#: ``
#: \u0041
#: \N{DASH}
#:  tab
Evil: TypeAlias = Literal[
    "*/ alert(1) /*",
    "\"\"\"; import os; os.abort(); \"\"\"",
    "\\",
    "\\\"\"\"",
    "`${alert(1)}`",
    "'; drop",
    "</script>",
    "line\u000abreak\u000d\u000aand\u2028more\u2029end",
    "\u202eright to left\u202c",
    "\u0000nul\u0007bell",
    "😀👨\u200d👩\u200d👧",
    "# coding: latin-1",
    "{x}%s%n",
    "$",
    "${",
    "*/",
    "//",
    "/*",
    "\"",
    "'",
    "``",
    "\\u0041",
    "\\N{DASH}",
    "\u0009tab ",
]


def evil_from_json(data: object, place: str = "data") -> Evil:
    value: Evil = _one_of(
        "*/ alert(1) /*",
        "\"\"\"; import os; os.abort(); \"\"\"",
        "\\",
        "\\\"\"\"",
        "`${alert(1)}`",
        "'; drop",
        "</script>",
        "line\u000abreak\u000d\u000aand\u2028more\u2029end",
        "\u202eright to left\u202c",
        "\u0000nul\u0007bell",
        "😀👨\u200d👩\u200d👧",
        "# coding: latin-1",
        "{x}%s%n",
        "$",
        "${",
        "*/",
        "//",
        "/*",
        "\"",
        "'",
        "``",
        "\\u0041",
        "\\N{DASH}",
        "\u0009tab ",
    )(data, place)
    return value


_7: TypeAlias = Literal["*/", "\"\"\"", "`${x}`"]


def _7_from_json(data: object, place: str = "data") -> _7:
    value: _7 = _one_of("*/", "\"\"\"", "`${x}`")(data, place)
    return value


@dataclass(frozen=True, slots=True)
class _proto__:
    """__proto__"""

    text: str
    self_2: _proto__ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _proto__:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _proto__.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class class_:
    """class"""

    text: str
    self_2: class_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> class_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, class_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class constructor:
    """constructor"""

    text: str
    self_2: constructor | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> constructor:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, constructor.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class None_:
    """None"""

    text: str
    self_2: None_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> None_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, None_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class string:
    """string"""

    text: str
    self_2: string | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> string:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, string.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Record:
    """Record"""

    text: str
    self_2: Record | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Record:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Record.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Any_:
    """Any"""

    text: str
    self_2: Any_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Any_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Any_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Mapping_:
    """Mapping"""

    text: str
    self_2: Mapping_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Mapping_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Mapping_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class dataclass_:
    """dataclass"""

    text: str
    self_2: dataclass_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> dataclass_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, dataclass_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class str_:
    """str"""

    text: str
    self_2: str_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> str_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, str_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class int_:
    """int"""

    text: str
    self_2: int_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> int_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, int_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class list_:
    """list"""

    text: str
    self_2: list_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> list_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, list_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class fields_:
    """fields"""

    text: str
    self_2: fields_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> fields_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, fields_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class data_:
    """data"""

    text: str
    self_2: data_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> data_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, data_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class self_:
    """self"""

    text: str
    self_2: self_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> self_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, self_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class cls_:
    """cls"""

    text: str
    self_2: cls_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> cls_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, cls_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _fields_:
    """_fields"""

    text: str
    self_2: _fields_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _fields_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _fields_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _T_:
    """_T"""

    text: str
    self_2: _T_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _T_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _T_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class ValueError_:
    """ValueError"""

    text: str
    self_2: ValueError_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> ValueError_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, ValueError_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class a_b_:
    """a-b"""

    text: str
    self_2: a_b_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> a_b_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, a_b_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class a_b:
    """a_b"""

    text: str
    self_2: a_b | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> a_b:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, a_b.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class a_b_2:
    """a.b"""

    text: str
    self_2: a_b_2 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> a_b_2:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, a_b_2.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class a_b_3:
    """a b"""

    text: str
    self_2: a_b_3 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> a_b_3:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, a_b_3.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _:
    text: str
    self_2: _ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _1st:
    """1st"""

    text: str
    self_2: _1st | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _1st:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _1st.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Größe:
    """Größe"""

    text: str
    self_2: Größe | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Größe:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Größe.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class fine_:
    """ﬁne"""

    text: str
    self_2: fine_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> fine_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, fine_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class fine:
    """fine"""

    text: str
    self_2: fine | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> fine:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, fine.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class 名前:
    """名前"""

    text: str
    self_2: 名前 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> 名前:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, 名前.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _2:
    """😀"""

    text: str
    self_2: _2 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _2:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _2.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _3:
    """*/"""

    text: str
    self_2: _3 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _3:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _3.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _4:
    """\"\"\""""

    text: str
    self_2: _4 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _4:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _4.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _5:
    text: str
    self_2: _5 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _5:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _5.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _6:
    """$"""

    text: str
    self_2: _6 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _6:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _6.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Ünïcode:
    """Ünïcode"""

    text: str
    self_2: Ünïcode | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Ünïcode:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Ünïcode.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:
    """XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"""

    text: str
    self_2: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class keyof:
    """keyof"""

    text: str
    self_2: keyof | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> keyof:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, keyof.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class type_:
    """type"""

    text: str
    self_2: type_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> type_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, type_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class color:
    """color"""

    text: str
    self_2: color | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> color:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, color.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Color2:
    """Color2"""

    text: str
    self_2: Color2 | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Color2:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, Color2.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class print:
    """print"""

    text: str
    self_2: print | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> print:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, print.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class await_:
    """await"""

    text: str
    self_2: await_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> await_:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, await_.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class match:
    """match"""

    text: str
    self_2: match | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> match:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, match.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _init__:
    """__init__"""

    text: str
    self_2: _init__ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _init__:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _init__.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class _slots__:
    """__slots__"""

    text: str
    self_2: _slots__ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> _slots__:
        fields = _fields(data, place, ("text",), ("self",))
        return cls(
            text=_text(fields["text"], _at(place, "text")),
            self_2=_if_there(fields, "self", place, _slots__.from_json),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"text": self.text, "self": self.self_2}
        return _object(fields, "self")


@dataclass(frozen=True, slots=True)
class Fields:
    #: */ alert(1) /*
    _proto__2: str
    #: """; import os; os.abort(); """
    class_2: str
    #: \
    constructor_: str
    #: \"""
    None_2: str
    #: `${alert(1)}`
    from_: str
    #: '; drop
    import_: str
    #: </script>
    self_2: str
    #: line
    #: break
    #: and
    #: more
    #: end
    cls_2: str
    #: \u{202e}right to left\u{202c}
    data_2: str
    #: \u{0}nul\u{7}bell
    place_: str
    #: 😀👨\u{200d}👩\u{200d}👧
    fields_2: str
    #: # coding: latin-1
    str_2: str
    #: {x}%s%n
    int_2: str
    #: $
    float_: str
    #: ${
    bool_: str
    #: */
    tuple_: str
    #: //
    dict_: str
    #: /*
    list_2: str
    #: "
    object_: str
    #: '
    classmethod_: str
    #: ``
    staticmethod_: str
    #: \u0041
    type_2: str
    #: \N{DASH}
    id: str
    #: tab
    Any_2: str
    #: */ alert(1) /*
    Mapping_2: str
    #: """; import os; os.abort(); """
    Literal_: str
    #: \
    from_json_: str
    #: \"""
    to_json_: str
    #: `${alert(1)}`
    _init__2: str
    #: '; drop
    _slots__2: str
    #: </script>
    _dict__: str
    #: line
    #: break
    #: and
    #: more
    #: end
    _class__: str
    #: \u{202e}right to left\u{202c}
    _x: str
    #: \u{0}nul\u{7}bell
    _x_: str
    #: 😀👨\u{200d}👩\u{200d}👧
    _text_: str
    #: # coding: latin-1
    a_b_4: str
    #: {x}%s%n
    a_b_5: str
    #: $
    a_b_6: str
    #: ${
    a_b_7: str
    #: */
    _8: str
    #: //
    _1st_: str
    #: /*
    _9: str
    #: "
    _10: str
    #: '
    _11: str
    #: ``
    _12: str
    #: \u0041
    _x_2: str
    #: \N{DASH}
    _13: str
    #: tab
    _14: str
    #: */ alert(1) /*
    Größe_: str
    #: """; import os; os.abort(); """
    fine_2: str
    #: \
    fine_3: str
    #: \"""
    get: str
    #: `${alert(1)}`
    set: str
    #: '; drop
    new: str
    #: </script>
    readonly: str
    #: line
    #: break
    #: and
    #: more
    #: end
    static: str
    #: \u{202e}right to left\u{202c}
    async_: str
    #: \u{0}nul\u{7}bell
    prototype: str
    #: 😀👨\u{200d}👩\u{200d}👧
    toString: str
    #: # coding: latin-1
    hasOwnProperty: str
    #: {x}%s%n
    then: str
    #: $
    mro_: str
    #: ${
    property: str
    #: */
    lambda_: str
    #: //
    match_: str
    #: /*
    case: str
    #: "
    _15: str
    #: '
    _16: str
    #: ``
    _17: str
    #: \u0041
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: str

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Fields:
        fields = _fields(
            data,
            place,
            ("__proto__", "class", "constructor", "None", "from", "import", "self", "cls", "data", "place", "fields", "str", "int", "float", "bool", "tuple", "dict", "list", "object", "classmethod", "staticmethod", "type", "id", "Any", "Mapping", "Literal", "from_json", "to_json", "__init__", "__slots__", "__dict__", "__class__", "_x", "__x", "_text", "a-b", "a_b", "a.b", "a b", "", "1st", "*/", "\"\"\"", "\\", "\u000a", "${x}", "`", "😀", "Größe", "ﬁne", "fine", "get", "set", "new", "readonly", "static", "async", "prototype", "toString", "hasOwnProperty", "then", "mro", "property", "lambda", "match", "case", "_", "__", "___", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        )
        return cls(
            _proto__2=_text(fields["__proto__"], _at(place, "__proto__")),
            class_2=_text(fields["class"], _at(place, "class")),
            constructor_=_text(fields["constructor"], _at(place, "constructor")),
            None_2=_text(fields["None"], _at(place, "None")),
            from_=_text(fields["from"], _at(place, "from")),
            import_=_text(fields["import"], _at(place, "import")),
            self_2=_text(fields["self"], _at(place, "self")),
            cls_2=_text(fields["cls"], _at(place, "cls")),
            data_2=_text(fields["data"], _at(place, "data")),
            place_=_text(fields["place"], _at(place, "place")),
            fields_2=_text(fields["fields"], _at(place, "fields")),
            str_2=_text(fields["str"], _at(place, "str")),
            int_2=_text(fields["int"], _at(place, "int")),
            float_=_text(fields["float"], _at(place, "float")),
            bool_=_text(fields["bool"], _at(place, "bool")),
            tuple_=_text(fields["tuple"], _at(place, "tuple")),
            dict_=_text(fields["dict"], _at(place, "dict")),
            list_2=_text(fields["list"], _at(place, "list")),
            object_=_text(fields["object"], _at(place, "object")),
            classmethod_=_text(fields["classmethod"], _at(place, "classmethod")),
            staticmethod_=_text(fields["staticmethod"], _at(place, "staticmethod")),
            type_2=_text(fields["type"], _at(place, "type")),
            id=_text(fields["id"], _at(place, "id")),
            Any_2=_text(fields["Any"], _at(place, "Any")),
            Mapping_2=_text(fields["Mapping"], _at(place, "Mapping")),
            Literal_=_text(fields["Literal"], _at(place, "Literal")),
            from_json_=_text(fields["from_json"], _at(place, "from_json")),
            to_json_=_text(fields["to_json"], _at(place, "to_json")),
            _init__2=_text(fields["__init__"], _at(place, "__init__")),
            _slots__2=_text(fields["__slots__"], _at(place, "__slots__")),
            _dict__=_text(fields["__dict__"], _at(place, "__dict__")),
            _class__=_text(fields["__class__"], _at(place, "__class__")),
            _x=_text(fields["_x"], _at(place, "_x")),
            _x_=_text(fields["__x"], _at(place, "__x")),
            _text_=_text(fields["_text"], _at(place, "_text")),
            a_b_4=_text(fields["a-b"], _at(place, "a-b")),
            a_b_5=_text(fields["a_b"], _at(place, "a_b")),
            a_b_6=_text(fields["a.b"], _at(place, "a.b")),
            a_b_7=_text(fields["a b"], _at(place, "a b")),
            _8=_text(fields[""], _at(place, "")),
            _1st_=_text(fields["1st"], _at(place, "1st")),
            _9=_text(fields["*/"], _at(place, "*/")),
            _10=_text(fields["\"\"\""], _at(place, "\"\"\"")),
            _11=_text(fields["\\"], _at(place, "\\")),
            _12=_text(fields["\u000a"], _at(place, "\u000a")),
            _x_2=_text(fields["${x}"], _at(place, "${x}")),
            _13=_text(fields["`"], _at(place, "`")),
            _14=_text(fields["😀"], _at(place, "😀")),
            Größe_=_text(fields["Größe"], _at(place, "Größe")),
            fine_2=_text(fields["ﬁne"], _at(place, "ﬁne")),
            fine_3=_text(fields["fine"], _at(place, "fine")),
            get=_text(fields["get"], _at(place, "get")),
            set=_text(fields["set"], _at(place, "set")),
            new=_text(fields["new"], _at(place, "new")),
            readonly=_text(fields["readonly"], _at(place, "readonly")),
            static=_text(fields["static"], _at(place, "static")),
            async_=_text(fields["async"], _at(place, "async")),
            prototype=_text(fields["prototype"], _at(place, "prototype")),
            toString=_text(fields["toString"], _at(place, "toString")),
            hasOwnProperty=_text(fields["hasOwnProperty"], _at(place, "hasOwnProperty")),
            then=_text(fields["then"], _at(place, "then")),
            mro_=_text(fields["mro"], _at(place, "mro")),
            property=_text(fields["property"], _at(place, "property")),
            lambda_=_text(fields["lambda"], _at(place, "lambda")),
            match_=_text(fields["match"], _at(place, "match")),
            case=_text(fields["case"], _at(place, "case")),
            _15=_text(fields["_"], _at(place, "_")),
            _16=_text(fields["__"], _at(place, "__")),
            _17=_text(fields["___"], _at(place, "___")),
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=_text(fields["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], _at(place, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "__proto__": self._proto__2,
            "class": self.class_2,
            "constructor": self.constructor_,
            "None": self.None_2,
            "from": self.from_,
            "import": self.import_,
            "self": self.self_2,
            "cls": self.cls_2,
            "data": self.data_2,
            "place": self.place_,
            "fields": self.fields_2,
            "str": self.str_2,
            "int": self.int_2,
            "float": self.float_,
            "bool": self.bool_,
            "tuple": self.tuple_,
            "dict": self.dict_,
            "list": self.list_2,
            "object": self.object_,
            "classmethod": self.classmethod_,
            "staticmethod": self.staticmethod_,
            "type": self.type_2,
            "id": self.id,
            "Any": self.Any_2,
            "Mapping": self.Mapping_2,
            "Literal": self.Literal_,
            "from_json": self.from_json_,
            "to_json": self.to_json_,
            "__init__": self._init__2,
            "__slots__": self._slots__2,
            "__dict__": self._dict__,
            "__class__": self._class__,
            "_x": self._x,
            "__x": self._x_,
            "_text": self._text_,
            "a-b": self.a_b_4,
            "a_b": self.a_b_5,
            "a.b": self.a_b_6,
            "a b": self.a_b_7,
            "": self._8,
            "1st": self._1st_,
            "*/": self._9,
            "\"\"\"": self._10,
            "\\": self._11,
            "\u000a": self._12,
            "${x}": self._x_2,
            "`": self._13,
            "😀": self._14,
            "Größe": self.Größe_,
            "ﬁne": self.fine_2,
            "fine": self.fine_3,
            "get": self.get,
            "set": self.set,
            "new": self.new,
            "readonly": self.readonly,
            "static": self.static,
            "async": self.async_,
            "prototype": self.prototype,
            "toString": self.toString,
            "hasOwnProperty": self.hasOwnProperty,
            "then": self.then,
            "mro": self.mro_,
            "property": self.property,
            "lambda": self.lambda_,
            "match": self.match_,
            "case": self.case,
            "_": self._15,
            "__": self._16,
            "___": self._17,
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": self.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
        }
        return _object(fields)


@dataclass(frozen=True, slots=True)
class Optional:
    _proto__2: class_ | None = None
    class_2: class_ | None = None
    constructor_: class_ | None = None
    None_2: class_ | None = None
    from_: class_ | None = None
    import_: class_ | None = None
    self_2: class_ | None = None
    cls_2: class_ | None = None
    data_2: class_ | None = None
    place_: class_ | None = None
    fields_2: class_ | None = None
    str_2: class_ | None = None
    int_2: class_ | None = None
    float_: class_ | None = None
    bool_: class_ | None = None
    tuple_: class_ | None = None
    dict_: class_ | None = None
    list_2: class_ | None = None
    object_: class_ | None = None
    classmethod_: class_ | None = None
    staticmethod_: class_ | None = None
    type_2: class_ | None = None
    id: class_ | None = None
    Any_2: class_ | None = None
    Mapping_2: class_ | None = None
    Literal_: class_ | None = None
    from_json_: class_ | None = None
    to_json_: class_ | None = None
    _init__2: class_ | None = None
    _slots__2: class_ | None = None
    _dict__: class_ | None = None
    _class__: class_ | None = None
    _x: class_ | None = None
    _x_: class_ | None = None
    _text_: class_ | None = None
    a_b_4: class_ | None = None
    a_b_5: class_ | None = None
    a_b_6: class_ | None = None
    a_b_7: class_ | None = None
    _8: class_ | None = None
    _1st_: class_ | None = None
    _9: class_ | None = None
    _10: class_ | None = None
    _11: class_ | None = None
    _12: class_ | None = None
    _x_2: class_ | None = None
    _13: class_ | None = None
    _14: class_ | None = None
    Größe_: class_ | None = None
    fine_2: class_ | None = None
    fine_3: class_ | None = None
    get: class_ | None = None
    set: class_ | None = None
    new: class_ | None = None
    readonly: class_ | None = None
    static: class_ | None = None
    async_: class_ | None = None
    prototype: class_ | None = None
    toString: class_ | None = None
    hasOwnProperty: class_ | None = None
    then: class_ | None = None
    mro_: class_ | None = None
    property: class_ | None = None
    lambda_: class_ | None = None
    match_: class_ | None = None
    case: class_ | None = None
    _15: class_ | None = None
    _16: class_ | None = None
    _17: class_ | None = None
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: class_ | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Optional:
        fields = _fields(
            data,
            place,
            (),
            ("__proto__", "class", "constructor", "None", "from", "import", "self", "cls", "data", "place", "fields", "str", "int", "float", "bool", "tuple", "dict", "list", "object", "classmethod", "staticmethod", "type", "id", "Any", "Mapping", "Literal", "from_json", "to_json", "__init__", "__slots__", "__dict__", "__class__", "_x", "__x", "_text", "a-b", "a_b", "a.b", "a b", "", "1st", "*/", "\"\"\"", "\\", "\u000a", "${x}", "`", "😀", "Größe", "ﬁne", "fine", "get", "set", "new", "readonly", "static", "async", "prototype", "toString", "hasOwnProperty", "then", "mro", "property", "lambda", "match", "case", "_", "__", "___", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        )
        return cls(
            _proto__2=_or_none(class_.from_json)(fields.get("__proto__"), _at(place, "__proto__")),
            class_2=_or_none(class_.from_json)(fields.get("class"), _at(place, "class")),
            constructor_=_or_none(class_.from_json)(fields.get("constructor"), _at(place, "constructor")),
            None_2=_or_none(class_.from_json)(fields.get("None"), _at(place, "None")),
            from_=_or_none(class_.from_json)(fields.get("from"), _at(place, "from")),
            import_=_or_none(class_.from_json)(fields.get("import"), _at(place, "import")),
            self_2=_or_none(class_.from_json)(fields.get("self"), _at(place, "self")),
            cls_2=_or_none(class_.from_json)(fields.get("cls"), _at(place, "cls")),
            data_2=_or_none(class_.from_json)(fields.get("data"), _at(place, "data")),
            place_=_or_none(class_.from_json)(fields.get("place"), _at(place, "place")),
            fields_2=_or_none(class_.from_json)(fields.get("fields"), _at(place, "fields")),
            str_2=_or_none(class_.from_json)(fields.get("str"), _at(place, "str")),
            int_2=_or_none(class_.from_json)(fields.get("int"), _at(place, "int")),
            float_=_or_none(class_.from_json)(fields.get("float"), _at(place, "float")),
            bool_=_or_none(class_.from_json)(fields.get("bool"), _at(place, "bool")),
            tuple_=_or_none(class_.from_json)(fields.get("tuple"), _at(place, "tuple")),
            dict_=_or_none(class_.from_json)(fields.get("dict"), _at(place, "dict")),
            list_2=_or_none(class_.from_json)(fields.get("list"), _at(place, "list")),
            object_=_or_none(class_.from_json)(fields.get("object"), _at(place, "object")),
            classmethod_=_or_none(class_.from_json)(fields.get("classmethod"), _at(place, "classmethod")),
            staticmethod_=_or_none(class_.from_json)(fields.get("staticmethod"), _at(place, "staticmethod")),
            type_2=_or_none(class_.from_json)(fields.get("type"), _at(place, "type")),
            id=_or_none(class_.from_json)(fields.get("id"), _at(place, "id")),
            Any_2=_or_none(class_.from_json)(fields.get("Any"), _at(place, "Any")),
            Mapping_2=_or_none(class_.from_json)(fields.get("Mapping"), _at(place, "Mapping")),
            Literal_=_or_none(class_.from_json)(fields.get("Literal"), _at(place, "Literal")),
            from_json_=_or_none(class_.from_json)(fields.get("from_json"), _at(place, "from_json")),
            to_json_=_or_none(class_.from_json)(fields.get("to_json"), _at(place, "to_json")),
            _init__2=_or_none(class_.from_json)(fields.get("__init__"), _at(place, "__init__")),
            _slots__2=_or_none(class_.from_json)(fields.get("__slots__"), _at(place, "__slots__")),
            _dict__=_or_none(class_.from_json)(fields.get("__dict__"), _at(place, "__dict__")),
            _class__=_or_none(class_.from_json)(fields.get("__class__"), _at(place, "__class__")),
            _x=_or_none(class_.from_json)(fields.get("_x"), _at(place, "_x")),
            _x_=_or_none(class_.from_json)(fields.get("__x"), _at(place, "__x")),
            _text_=_or_none(class_.from_json)(fields.get("_text"), _at(place, "_text")),
            a_b_4=_or_none(class_.from_json)(fields.get("a-b"), _at(place, "a-b")),
            a_b_5=_or_none(class_.from_json)(fields.get("a_b"), _at(place, "a_b")),
            a_b_6=_or_none(class_.from_json)(fields.get("a.b"), _at(place, "a.b")),
            a_b_7=_or_none(class_.from_json)(fields.get("a b"), _at(place, "a b")),
            _8=_or_none(class_.from_json)(fields.get(""), _at(place, "")),
            _1st_=_or_none(class_.from_json)(fields.get("1st"), _at(place, "1st")),
            _9=_or_none(class_.from_json)(fields.get("*/"), _at(place, "*/")),
            _10=_or_none(class_.from_json)(fields.get("\"\"\""), _at(place, "\"\"\"")),
            _11=_or_none(class_.from_json)(fields.get("\\"), _at(place, "\\")),
            _12=_or_none(class_.from_json)(fields.get("\u000a"), _at(place, "\u000a")),
            _x_2=_or_none(class_.from_json)(fields.get("${x}"), _at(place, "${x}")),
            _13=_or_none(class_.from_json)(fields.get("`"), _at(place, "`")),
            _14=_or_none(class_.from_json)(fields.get("😀"), _at(place, "😀")),
            Größe_=_or_none(class_.from_json)(fields.get("Größe"), _at(place, "Größe")),
            fine_2=_or_none(class_.from_json)(fields.get("ﬁne"), _at(place, "ﬁne")),
            fine_3=_or_none(class_.from_json)(fields.get("fine"), _at(place, "fine")),
            get=_or_none(class_.from_json)(fields.get("get"), _at(place, "get")),
            set=_or_none(class_.from_json)(fields.get("set"), _at(place, "set")),
            new=_or_none(class_.from_json)(fields.get("new"), _at(place, "new")),
            readonly=_or_none(class_.from_json)(fields.get("readonly"), _at(place, "readonly")),
            static=_or_none(class_.from_json)(fields.get("static"), _at(place, "static")),
            async_=_or_none(class_.from_json)(fields.get("async"), _at(place, "async")),
            prototype=_or_none(class_.from_json)(fields.get("prototype"), _at(place, "prototype")),
            toString=_or_none(class_.from_json)(fields.get("toString"), _at(place, "toString")),
            hasOwnProperty=_or_none(class_.from_json)(fields.get("hasOwnProperty"), _at(place, "hasOwnProperty")),
            then=_or_none(class_.from_json)(fields.get("then"), _at(place, "then")),
            mro_=_or_none(class_.from_json)(fields.get("mro"), _at(place, "mro")),
            property=_or_none(class_.from_json)(fields.get("property"), _at(place, "property")),
            lambda_=_or_none(class_.from_json)(fields.get("lambda"), _at(place, "lambda")),
            match_=_or_none(class_.from_json)(fields.get("match"), _at(place, "match")),
            case=_or_none(class_.from_json)(fields.get("case"), _at(place, "case")),
            _15=_or_none(class_.from_json)(fields.get("_"), _at(place, "_")),
            _16=_or_none(class_.from_json)(fields.get("__"), _at(place, "__")),
            _17=_or_none(class_.from_json)(fields.get("___"), _at(place, "___")),
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=_or_none(class_.from_json)(fields.get("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), _at(place, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "__proto__": self._proto__2,
            "class": self.class_2,
            "constructor": self.constructor_,
            "None": self.None_2,
            "from": self.from_,
            "import": self.import_,
            "self": self.self_2,
            "cls": self.cls_2,
            "data": self.data_2,
            "place": self.place_,
            "fields": self.fields_2,
            "str": self.str_2,
            "int": self.int_2,
            "float": self.float_,
            "bool": self.bool_,
            "tuple": self.tuple_,
            "dict": self.dict_,
            "list": self.list_2,
            "object": self.object_,
            "classmethod": self.classmethod_,
            "staticmethod": self.staticmethod_,
            "type": self.type_2,
            "id": self.id,
            "Any": self.Any_2,
            "Mapping": self.Mapping_2,
            "Literal": self.Literal_,
            "from_json": self.from_json_,
            "to_json": self.to_json_,
            "__init__": self._init__2,
            "__slots__": self._slots__2,
            "__dict__": self._dict__,
            "__class__": self._class__,
            "_x": self._x,
            "__x": self._x_,
            "_text": self._text_,
            "a-b": self.a_b_4,
            "a_b": self.a_b_5,
            "a.b": self.a_b_6,
            "a b": self.a_b_7,
            "": self._8,
            "1st": self._1st_,
            "*/": self._9,
            "\"\"\"": self._10,
            "\\": self._11,
            "\u000a": self._12,
            "${x}": self._x_2,
            "`": self._13,
            "😀": self._14,
            "Größe": self.Größe_,
            "ﬁne": self.fine_2,
            "fine": self.fine_3,
            "get": self.get,
            "set": self.set,
            "new": self.new,
            "readonly": self.readonly,
            "static": self.static,
            "async": self.async_,
            "prototype": self.prototype,
            "toString": self.toString,
            "hasOwnProperty": self.hasOwnProperty,
            "then": self.then,
            "mro": self.mro_,
            "property": self.property,
            "lambda": self.lambda_,
            "match": self.match_,
            "case": self.case,
            "_": self._15,
            "__": self._16,
            "___": self._17,
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": self.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
        }
        return _object(
            fields,
            "__proto__",
            "class",
            "constructor",
            "None",
            "from",
            "import",
            "self",
            "cls",
            "data",
            "place",
            "fields",
            "str",
            "int",
            "float",
            "bool",
            "tuple",
            "dict",
            "list",
            "object",
            "classmethod",
            "staticmethod",
            "type",
            "id",
            "Any",
            "Mapping",
            "Literal",
            "from_json",
            "to_json",
            "__init__",
            "__slots__",
            "__dict__",
            "__class__",
            "_x",
            "__x",
            "_text",
            "a-b",
            "a_b",
            "a.b",
            "a b",
            "",
            "1st",
            "*/",
            "\"\"\"",
            "\\",
            "\u000a",
            "${x}",
            "`",
            "😀",
            "Größe",
            "ﬁne",
            "fine",
            "get",
            "set",
            "new",
            "readonly",
            "static",
            "async",
            "prototype",
            "toString",
            "hasOwnProperty",
            "then",
            "mro",
            "property",
            "lambda",
            "match",
            "case",
            "_",
            "__",
            "___",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        )


@dataclass(frozen=True, slots=True)
class Inline:
    one: Evil
    many: tuple[_7, ...]
    null: _7 | None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Inline:
        fields = _fields(data, place, ("one", "many", "null"))
        return cls(
            one=evil_from_json(fields["one"], _at(place, "one")),
            many=_items(_7_from_json)(fields["many"], _at(place, "many")),
            null=_or_none(_7_from_json)(fields["null"], _at(place, "null")),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"one": self.one, "many": self.many, "null": self.null}
        return _object(fields)


@dataclass(frozen=True, slots=True)
class F0:
    """*/ alert(1) /*"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F0:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("*/ alert(1) /*")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "*/ alert(1) /*", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F1:
    """\"\""; import os; os.abort(); \"\"\""""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F1:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\"\"\"; import os; os.abort(); \"\"\"")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "type": "\"\"\"; import os; os.abort(); \"\"\"",
            "inside": self.inside,
        }
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F2:
    """\\"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F2:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\\")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\\", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F3:
    """\\\"\"\""""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F3:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\\\"\"\"")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\\\"\"\"", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F4:
    """`${alert(1)}`"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F4:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("`${alert(1)}`")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "`${alert(1)}`", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F5:
    """'; drop"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F5:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("'; drop")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "'; drop", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F6:
    """</script>"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F6:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("</script>")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "</script>", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F7:
    """line
    break
    and
    more
    end
    """

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F7:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("line\u000abreak\u000d\u000aand\u2028more\u2029end")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "type": "line\u000abreak\u000d\u000aand\u2028more\u2029end",
            "inside": self.inside,
        }
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F8:
    """\\u{202e}right to left\\u{202c}"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F8:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\u202eright to left\u202c")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\u202eright to left\u202c", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F9:
    """\\u{0}nul\\u{7}bell"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F9:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\u0000nul\u0007bell")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\u0000nul\u0007bell", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F10:
    """😀👨\\u{200d}👩\\u{200d}👧"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F10:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("😀👨\u200d👩\u200d👧")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "😀👨\u200d👩\u200d👧", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F11:
    """# coding: latin-1"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F11:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("# coding: latin-1")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "# coding: latin-1", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F12:
    """{x}%s%n"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F12:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("{x}%s%n")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "{x}%s%n", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F13:
    """$"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F13:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("$")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "$", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F14:
    """${"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F14:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("${")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "${", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F15:
    """*/"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F15:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("*/")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "*/", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F16:
    """//"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F16:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("//")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "//", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F17:
    """/*"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F17:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("/*")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "/*", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F18:
    """\""""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F18:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\"")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\"", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F19:
    """'"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F19:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("'")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "'", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F20:
    """``"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F20:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("``")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "``", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F21:
    """\\u0041"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F21:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\\u0041")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\\u0041", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F22:
    """\\N{DASH}"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F22:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\\N{DASH}")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\\N{DASH}", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class F23:
    """tab"""

    inside: Figure | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> F23:
        fields = _fields(data, place, ("type",), ("inside",))
        _one_of("\u0009tab ")(fields["type"], _at(place, "type"))
        return cls(inside=_or_none(figure_from_json)(fields.get("inside"), _at(place, "inside")))

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": "\u0009tab ", "inside": self.inside}
        return _object(fields, "inside")


@dataclass(frozen=True, slots=True)
class Limits:
    #: Shown to others.
    #: From 1 to 20 characters.
    name: str
    #: Items: Items: Values: Items: a whole number.
    deep: tuple[tuple[Mapping[str, tuple[int | None, ...]] | None, ...], ...]
    #: At most 9 names.
    map_: Mapping[str, Any]
    #: At most 1 character.
    short: str | None = None
    #: At least 3 characters.
    #: Matches ^[a-z*/]+$
    #: Format: email
    long: str | None = None
    #: A number above 0 below 1.5.
    above: float | None = None
    #: A whole number up to -1.
    up: int | None = None
    #: A whole number from 1.
    from_: int | None = None
    #: # type: ignore
    #: # mypy: ignore-errors
    #: @deprecated
    #: A whole number.
    whole: int | None = None
    #: A whole number from 0, a multiple of 2.
    even: int | None = None
    #: From 1 to 5 items.
    #: No two items are equal.
    #: Items: at most 3 characters.
    few: tuple[str, ...] | None = None
    #: Whatever there is.
    anything: Any = None
    #: Deprecated.
    old: bool | None = None
    #: @ts-expect-error
    directive: bool | None = None
    #: First.
    #: @ts-expect-error
    directives: bool | None = None

    @classmethod
    def from_json(cls, data: object, place: str = "data") -> Limits:
        fields = _fields(
            data,
            place,
            ("name", "deep", "map"),
            ("short", "long", "above", "up", "from", "whole", "even", "few", "anything", "old", "directive", "directives"),
        )
        return cls(
            name=_text(fields["name"], _at(place, "name")),
            short=_if_there(fields, "short", place, _text),
            long=_if_there(fields, "long", place, _text),
            above=_if_there(fields, "above", place, _number),
            up=_if_there(fields, "up", place, _whole),
            from_=_if_there(fields, "from", place, _whole),
            whole=_if_there(fields, "whole", place, _whole),
            even=_if_there(fields, "even", place, _whole),
            few=_if_there(fields, "few", place, _items(_text)),
            deep=_items(_items(_or_none(_values(_items(_or_none(_whole))))))(fields["deep"], _at(place, "deep")),
            anything=_anything(fields.get("anything"), _at(place, "anything")),
            old=_if_there(fields, "old", place, _flag),
            map_=_values(_anything)(fields["map"], _at(place, "map")),
            directive=_if_there(fields, "directive", place, _flag),
            directives=_if_there(fields, "directives", place, _flag),
        )

    def to_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "name": self.name,
            "short": self.short,
            "long": self.long,
            "above": self.above,
            "up": self.up,
            "from": self.from_,
            "whole": self.whole,
            "even": self.even,
            "few": self.few,
            "deep": self.deep,
            "anything": self.anything,
            "old": self.old,
            "map": self.map_,
            "directive": self.directive,
            "directives": self.directives,
        }
        return _object(
            fields,
            "short",
            "long",
            "above",
            "up",
            "from",
            "whole",
            "even",
            "few",
            "anything",
            "old",
            "directive",
            "directives",
        )


#: \
Figure: TypeAlias = (
    F0
    | F1
    | F2
    | F3
    | F4
    | F5
    | F6
    | F7
    | F8
    | F9
    | F10
    | F11
    | F12
    | F13
    | F14
    | F15
    | F16
    | F17
    | F18
    | F19
    | F20
    | F21
    | F22
    | F23
)


def figure_from_json(data: object, place: str = "data") -> Figure:
    kinds: Mapping[str, Callable[[object, str], Figure]] = {
        "*/ alert(1) /*": F0.from_json,
        "\"\"\"; import os; os.abort(); \"\"\"": F1.from_json,
        "\\": F2.from_json,
        "\\\"\"\"": F3.from_json,
        "`${alert(1)}`": F4.from_json,
        "'; drop": F5.from_json,
        "</script>": F6.from_json,
        "line\u000abreak\u000d\u000aand\u2028more\u2029end": F7.from_json,
        "\u202eright to left\u202c": F8.from_json,
        "\u0000nul\u0007bell": F9.from_json,
        "😀👨\u200d👩\u200d👧": F10.from_json,
        "# coding: latin-1": F11.from_json,
        "{x}%s%n": F12.from_json,
        "$": F13.from_json,
        "${": F14.from_json,
        "*/": F15.from_json,
        "//": F16.from_json,
        "/*": F17.from_json,
        "\"": F18.from_json,
        "'": F19.from_json,
        "``": F20.from_json,
        "\\u0041": F21.from_json,
        "\\N{DASH}": F22.from_json,
        "\u0009tab ": F23.from_json,
    }
    return _tagged(data, place, kinds)


figure: TypeAlias = F1


def figure_from_json_(data: object, place: str = "data") -> figure:
    kinds: Mapping[str, Callable[[object, str], figure]] = {
        "\"\"\"; import os; os.abort(); \"\"\"": F1.from_json,
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


def _if_there(
    fields: dict[str, Any], name: str, place: str, read: Callable[[object, str], _T]
) -> _T | None:
    return read(fields[name], _at(place, name)) if name in fields else None


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
    "*/ alert(1) /*": evil_from_json,
    "\"\"\"; import os; os.abort(); \"\"\"": evil_from_json,
    "\\": evil_from_json,
    "\\\"\"\"": evil_from_json,
    "`${alert(1)}`": evil_from_json,
    "'; drop": evil_from_json,
    "</script>": evil_from_json,
    "line\u000abreak\u000d\u000aand\u2028more\u2029end": evil_from_json,
    "\u202eright to left\u202c": evil_from_json,
    "\u0000nul\u0007bell": evil_from_json,
    "😀👨\u200d👩\u200d👧": evil_from_json,
    "# coding: latin-1": evil_from_json,
    "{x}%s%n": evil_from_json,
    "$": evil_from_json,
    "${": evil_from_json,
    "*/": evil_from_json,
    "//": evil_from_json,
    "/*": evil_from_json,
    "\"": evil_from_json,
    "'": evil_from_json,
    "``": evil_from_json,
    "\\u0041": evil_from_json,
    "\\N{DASH}": evil_from_json,
    "\u0009tab ": evil_from_json,
    "__proto__": _proto__.from_json,
    "constructor": _text,
    "None": _text,
    "fields": Fields.from_json,
    "limits": Limits.from_json,
    "figure": figure_from_json,
    None: _items(Inline.from_json),
}
_EVENT_PATTERNS: tuple[tuple[str, Callable[[object, str], Any]], ...] = ()
_STATES: Mapping[str | None, Callable[[object, str], Any]] = {
    "__proto__": _text,
    "constructor": _number,
    "`${x}`": _flag,
    "n:1": class_.from_json,
    "": _text,
    "\u000a": _text,
}
_STATE_PATTERNS: tuple[tuple[str, Callable[[object, str], Any]], ...] = (
    ("n:*:b", _number),
    ("`${*}", _text),
    ("n:*", Limits.from_json),
    ("*\u000a*", _whole),
    ("$*", _or_none(_text)),
    ("*\"*\\*", evil_from_json),
    ("*", _flag),
)
