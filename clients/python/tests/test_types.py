"""What `./roomcast types` makes for Python: that it is typed, reads and writes what the schema says, and fits a server."""

from __future__ import annotations

import ast
import importlib.util
import json
import keyword
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from road import REPOSITORY, board_server, roomcast_types
from test_package import output_of

SCHEMAS = REPOSITORY / "roomcast-types" / "src" / "test" / "resources" / "io" / "roomcast" / "types"
DOCUMENT = (REPOSITORY / "docs" / "room-types.md").read_text()
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    for name in ("everything", "hostile"):
        roomcast_types(str(SCHEMAS / f"{name}.schema.json"), "--python", str(folder / f"{name}.py"))
    return folder


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def everything(made: Path) -> Iterator[ModuleType]:
    yield load(made / "everything.py")
    del sys.modules["everything"]


@pytest.fixture(scope="module")
def hostile(made: Path) -> Iterator[ModuleType]:
    yield load(made / "hostile.py")
    del sys.modules["hostile"]


def is_anything(node: Any) -> bool:
    return node is True or set(node) <= {"description"}


class Schema:
    """Another reading of the schema, to compare with: which values there are, and whether one fits."""

    def __init__(self, schema: Any, rng: random.Random) -> None:
        self.events: dict[str, Any] = schema["properties"]["events"]["properties"]
        self.definitions = schema["$defs"]
        self.rng = rng

    def value(self, node: Any, depth: int = 0) -> Any:
        rng = self.rng
        if is_anything(node):
            return [None, 1, "a", [], {"a": [1.5, None, {"b": False}]}][rng.randrange(5)]
        if "$ref" in node:
            return self.value(self._definition(node), depth)
        if "anyOf" in node or "oneOf" in node:
            choices = node.get("anyOf") or node["oneOf"]
            # The last one is an end, or may be; what goes on for ever has to stop somewhere.
            return self.value(choices[-1] if depth > 6 and "anyOf" in node else rng.choice(choices), depth + 1)
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else rng.choice(node["enum"])
        kind = node["type"]
        if kind == "integer":
            low, high = node.get("minimum", -9), node.get("maximum", 9)
            whole = rng.choice([low, high, 0, rng.randint(low, high)])
            return float(whole) if rng.random() < 0.1 else whole
        if kind == "array":
            items = [self.value(node["items"], depth + 2) for _ in range(0 if depth > 6 else rng.randrange(4))]
            return [each for i, each in enumerate(items) if not node.get("uniqueItems") or each not in items[:i]]
        if kind == "object":
            if "properties" not in node:
                return {
                    rng.choice("ab_😀'\"\\"): self.value(node["additionalProperties"], depth + 2)
                    for _ in range(rng.randrange(4))
                }
            required = node.get("required", [])
            return {
                name: self.value(each, depth + 1)
                for name, each in rng.sample(sorted(node["properties"].items()), len(node["properties"]))
                if name in required or rng.random() < 0.5
            }
        simple: dict[str, list[Any]] = {"string": ["", "a", "😀", '"\\\n', "null"], "boolean": [True, False], "null": [None]}
        return rng.choice(simple.get(kind, [0, -1, 1.5, 1e300, 2**60]))

    def fits(self, node: Any, value: Any) -> bool:
        if is_anything(node):
            return True
        if "$ref" in node:
            return self.fits(self._definition(node), value)
        if "anyOf" in node or "oneOf" in node:
            return any(self.fits(each, value) for each in node.get("anyOf") or node["oneOf"])
        if "const" in node or "enum" in node:
            return isinstance(value, str) and value in (node.get("enum") or [node["const"]])
        kind = node["type"]
        if kind in ("integer", "number"):
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return is_number and (kind == "number" or value == int(value))
        if kind == "array":
            return isinstance(value, list) and all(self.fits(node["items"], each) for each in value)
        if kind == "object":
            if not isinstance(value, dict):
                return False
            known, others = node.get("properties", {}), node["additionalProperties"]
            return all(name in value for name in node.get("required", [])) and all(
                self.fits(known[name], each) if name in known else others is not False and self.fits(others, each)
                for name, each in value.items()
            )
        return isinstance(value, {"string": str, "boolean": bool, "null": type(None)}[kind])

    def without_nulls(self, node: Any, value: Any) -> Any:
        """Null and nothing are the same where a field may be missing."""
        if is_anything(node) or value is None:
            return value
        if "$ref" in node:
            return self.without_nulls(self._definition(node), value)
        if "anyOf" in node or "oneOf" in node:
            return self.without_nulls(
                next(each for each in node.get("anyOf") or node["oneOf"] if self.fits(each, value)), value
            )
        if isinstance(value, list):
            return [self.without_nulls(node["items"], each) for each in value]
        if isinstance(value, dict):
            known, required = node.get("properties", {}), node.get("required", [])
            return {
                name: self.without_nulls(known.get(name, node["additionalProperties"]), each)
                for name, each in value.items()
                if each is not None or name in required or name not in known
            }
        return value

    def _definition(self, node: Any) -> Any:
        return self.definitions[node["$ref"].removeprefix("#/$defs/").replace("~1", "/").replace("~0", "~")]

    def mutated(self, value: Any) -> Any:
        """The same with one thing in it changed, most likely to what does not fit."""
        rng = self.rng
        other = rng.choice(
            [None, True, 0, 1.0, 1.5, "a", "RED", "circle", [], {}, [None], {"type": "hull", "of": []}, {"radius": 1}]
        )
        if isinstance(value, dict) and value and rng.random() < 0.8:
            name = rng.choice(sorted(value))
            rest = {key: each for key, each in value.items() if key != name}
            choice = rng.randrange(4)
            if choice == 0:
                return rest
            return {**rest, name + "x" if choice == 1 else name: value[name] if choice == 1 else self.mutated(value[name])}
        if isinstance(value, list) and value and rng.random() < 0.8:
            index = rng.randrange(len(value))
            return [*value[:index], self.mutated(value[index]), *value[index + 1 :]]
        return other


def plain(value: Any) -> Any:
    """The same JSON, whoever wrote it."""
    return value.to_json() if hasattr(value, "to_json") else value


def schema_of(name: str, seed: int) -> Schema:
    return Schema(json.loads((SCHEMAS / f"{name}.schema.json").read_text()), random.Random(seed))


# ---- Reading and writing


@pytest.mark.parametrize("name", ["everything", "hostile"])
def test_any_value_of_the_schema_comes_back_as_it_was(name: str, everything: ModuleType, hostile: ModuleType) -> None:
    schema = schema_of(name, 7)
    events = everything.AllEvents if name == "everything" else hostile.XHostileEvents
    for event, node in schema.events.items():
        for _ in range(200 if len(schema.events) < 20 else 30):
            value = schema.value(node)
            assert schema.fits(node, value)
            read = events.from_json(event, json.loads(json.dumps(value)))
            expected = schema.without_nulls(node, value)
            assert plain(read) == expected, (event, value)
            # The client writes it alike, and what was written can be read again.
            assert events.from_json(event, json.loads(json.dumps(plain(read)))) == read


def test_mutated_value_is_taken_if_its_kinds_and_names_fit(everything: ModuleType) -> None:
    schema = schema_of("everything", 8)
    taken = refused = 0
    for _ in range(20_000):
        event, node = schema.rng.choice(list(schema.events.items()))
        value = schema.mutated(schema.value(node))
        try:
            read = everything.AllEvents.from_json(event, value)
        except ValueError as wrong:
            assert not schema.fits(node, value), (event, value, wrong)
            assert re.match(r"`data[^`]*` (is|must)", str(wrong)), wrong
            refused += 1
        else:
            assert schema.fits(node, value), (event, value)
            assert plain(read) == schema.without_nulls(node, value)
            taken += 1
    assert taken > 2_000 and refused > 2_000


@pytest.mark.parametrize(
    ("event", "data", "why"),
    [
        ("circle", {"radius": "1"}, "`data.radius` is '1', but must be a number"),
        ("circle", {"radius": float("inf")}, "`data.radius` is inf, but must be a number"),
        ("circle", {"radius": 10**400}, "`data.radius` is 1000"),
        ("circle", {"radius": True}, "`data.radius` is true, but must be a number"),
        ("circle", {}, "`data.radius` is missing"),
        ("circle", {"radius": 1, "a b": 2}, "`data['a b']` is not known here; are these types older than the server's?"),
        ("circle", [], "`data` is an array, but must be an object"),
        ("circle", None, "`data` is null, but must be an object"),
        (
            "tree",
            {"name": "a", "children": [{"name": 1, "children": []}]},
            "`data.children[0].name` is 1, but must be a string",
        ),
        ("many", {"list": [1.5], "set": [], "map": {}, "holes": []}, "`data.list[0]` is 1.5, but must be a whole number"),
        (
            "many",
            {"list": [], "set": [], "map": {"\x1b": "BLUE"}, "holes": []},
            "`data.map['\\x1b']` is 'BLUE', but must be one of",
        ),
        ("figure", {"type": "line"}, "`data.type` is 'line', but must be one of 'circle', 'square', 'hull'"),
        ("figure", {"side": 1}, "`data.type` is null, but must be one of"),
        ("figure", {"type": ["circle"]}, "`data.type` is an array, but must be one of"),
        ("nothing", {}, "`event` is 'nothing', which is not known here"),
        (None, "a", "`data` is 'a', but must be a whole number"),
        ("color", "x" * 10_000, "xxx…, but must be one of 'RED', 'GREEN'"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(everything: ModuleType, event: str, data: Any, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as failed:
        everything.AllEvents.from_json(event, data)
    assert len(str(failed.value)) < 300


def test_key_decides_what_the_value_is_the_first_pattern_counting(everything: ModuleType) -> None:
    state = everything.AllState
    assert state.from_json("title", "a") == "a"
    assert state.from_json("__proto__", "a") == "a"
    assert state.from_json("n:first", {}) == everything.Empty()
    assert state.from_json("n:a:b", 1) == 1.0
    assert state.from_json("n:\n", True) is True
    assert state.from_json("(?x", "RED") == "RED"
    assert everything.AllEvents.from_json("x.1", [None]) == [None]
    for key, value, why in (
        ("n:first", True, "`state['n:first']` is true, but must be an object"),
        ("n:a:b", True, "must be a number"),
        ("n:a", 1, "must be true or false"),
        ("titel", "a", "`key` is 'titel', which is not known here"),
    ):
        with pytest.raises(ValueError, match=re.escape(why)):
            state.from_json(key, value)
    with pytest.raises(ValueError, match="`member` is null, but must be an object"):
        everything.AllMember.from_json(None)


def test_records_are_values(everything: ModuleType) -> None:
    tree = everything.Tree.from_json({"name": "a", "children": [{"name": "b", "children": []}]})
    assert tree == everything.Tree("a", (everything.Tree("b", ()),))
    assert hash(tree) == hash(everything.Tree("a", (everything.Tree("b", ()),), None))
    assert not hasattr(tree, "__dict__")
    with pytest.raises(FrozenInstanceError):
        tree.name = "b"
    assert everything.Range(from_=1, to=2).to_json() == {"from": 1, "to": 2}
    with pytest.raises(ValueError, match=r"`data\.type` is 'square', but must be one of 'circle'"):
        everything.FigureCircle.from_json({"type": "square", "radius": 1})
    assert everything.FigureCircle(1).to_json() == {"type": "circle", "radius": 1}


# ---- Names and texts that would be code


def test_schema_cannot_say_what_runs(hostile: ModuleType, made: Path) -> None:
    tree = ast.parse((made / "hostile.py").read_text())
    kinds = {type(statement) for statement in tree.body[1:]}
    assert kinds == {ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.ClassDef, ast.FunctionDef}
    imported = [statement for statement in ast.walk(tree) if isinstance(statement, ast.Import)]
    assert [alias.name for statement in imported for alias in statement.names] == ["math", "re"]
    assert not {"os", "alert", "abort"} & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names = [field.name for field in fields(hostile.Fields)]
    assert all(name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__") for name in names)
    schema = schema_of("hostile", 1)
    assert len(names) == len(schema.definitions["Fields"]["properties"])
    assert hostile.Evil.__args__ == tuple(schema.definitions["Evil"]["enum"])


def test_any_word_of_the_language_can_be_a_name(tmp_path: Path) -> None:
    words = [*keyword.kwlist, *keyword.softkwlist, *dir(__builtins__), *dir(object), "self", "cls", "dataclass", "mro", "slots"]
    words = sorted(
        {*words, "annotations", "Literal", "TypeAlias", "from_json", "to_json", "fields", "data", "place", "read", "_at"}
    )
    text = {"type": "object", "properties": {word: {"type": "string"} for word in words}, "required": words}
    record = {**text, "additionalProperties": False}
    schema = {
        "type": "object",
        "properties": {"events": {**record, "properties": {word: {"$ref": f"#/$defs/{word}"} for word in words}}},
        "additionalProperties": False,
        "$defs": {word: record for word in words},
    }
    del schema["properties"]["events"]["required"]  # type: ignore[index]
    path = tmp_path / "words.py"
    (tmp_path / "words.json").write_text(json.dumps(schema))
    roomcast_types(str(tmp_path / "words.json"), "--python", str(path))
    module = load(path)
    value = {word: word for word in words}
    for word in words:
        assert module.RoomEvents.from_json(word, value).to_json() == value


# ---- Types


SAMPLE = """
from typing import assert_type

from everything import (
    AllEvents, AllMember, AllState, Circle, Color, Empty, Figure, FigureCircle, FigureHull, FigureSquare, Gaps, Many, Range,
    Tree, figure_from_json,
)

def area(figure: Figure) -> float:
    match figure:
        case FigureCircle(radius):
            return radius * radius * 3
        case FigureSquare(side, inside):
            return side * side - (area(inside) if inside else 0)
        case FigureHull(of):
            return max(map(area, of))

data: object = None
assert_type(AllEvents.from_json("tree", data), Tree)
assert_type(AllEvents.from_json("tree", data).children[0].next, Tree | None)
assert_type(AllEvents.from_json(None, data), int)
assert_type(AllState.from_json("title", data), str)
assert_type(AllState.from_json("n:first", data), Empty)
assert_type(AllState.from_json("n:" + str(data), data), str | int | Empty | float | bool | Color)
assert_type(AllMember.from_json(data), Circle)
assert_type(figure_from_json(data), Figure)
many = Many(list_=(1,), set=("a",), map_={"a": "GREEN"}, holes=(None, "a"))
gaps = Gaps(nullable="RED", any=[1])
Tree("a", ({}), gaps)  # type: ignore[arg-type]
Range(1)  # type: ignore[call-arg]
Gaps(nullable="BLUE")  # type: ignore[arg-type]
Many((1.5,), (), {}, ())  # type: ignore[arg-type]
many.list_ = ()  # type: ignore[misc]
color: Color = "BLUE"  # type: ignore[assignment]
AllState.from_json(1, data)  # type: ignore[call-overload]
"""


async def test_types_are_strict(made: Path) -> None:
    (made / "sample.py").write_text(SAMPLE.replace("from typing", "from typing_extensions"))
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--cache-dir", made / "cache")
    assert "Success" in await output_of(*mypy, "sample.py", "hostile.py", cwd=made)


async def test_files_are_formatted(made: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():  # ./verify says so, and goes on without
        return
    rules = ("--isolated", "--line-length", "100", "--target-version", "py310")
    assert await output_of(ruff, "format", "--check", *rules, "everything.py", cwd=made)
    await output_of(
        ruff, "check", *rules, "--extend-select", "I,UP,B,SIM,RUF,PERF", "--ignore", "E741", "everything.py", cwd=made
    )


# ---- The whole way


async def test_what_docs_room_types_md_shows_works_with_its_server(tmp_path: Path) -> None:
    found = re.search(r"^```python\n(.*?)^```$", DOCUMENT, re.M | re.S)
    assert found is not None
    with board_server() as schema:
        roomcast_types(schema, "--python", str(tmp_path / "board.py"))
        address = schema.removeprefix("http://").split("/")[0]
        (tmp_path / "main.py").write_text(found[1].replace("localhost:8080", address))
        output = await output_of(sys.executable, "-W", "error", "main.py", cwd=tmp_path)
        assert output == "note:2 Note(text='Tea', x=30, y=40, color='GREEN')\nvisits 1\nHello\n"
        mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache")
        assert "Success" in await output_of(*mypy, "main.py", cwd=tmp_path)
        roomcast_types(schema, "--python", str(tmp_path / "board.py"), "--check")
