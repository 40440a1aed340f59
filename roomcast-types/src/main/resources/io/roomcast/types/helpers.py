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
