"""What docs/security.md names is there: files, tests, constants of its limits, and a row for each requirement."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[1]
FOLDERS = (ROOT, ROOT / "bulletin", ROOT / "tests")  # the page leaves the last two out

# ASVS 5.0's requirements of levels 1 and 2, by section; chapters that are not about anything here have one row each.
REQUIREMENTS = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4
7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.*
11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5
14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.*
"""


def page() -> str:
    return (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def found(name: str) -> list[pathlib.Path]:
    """The file that the page calls so; it must be one."""
    return [folder / name for folder in FOLDERS if (folder / name).is_file()]


def named_files(text: str) -> list[str]:
    return re.findall(r"`([\w./-]+\.(?:py|js|txt|toml|md))`", text)


def constants(text: str) -> Iterator[tuple[str, str]]:
    """Names and the modules they are said to stand in: `A`, `B` in `module.py`."""
    for names, module in re.findall(r"((?:`[A-Z_]+`, )*`[A-Z_]+`) in `([\w./]+\.py)`", text):
        yield from ((name, module) for name in re.findall(r"[A-Z_]+", names))


def numbers(text: str) -> Iterator[str]:
    """1.2.1-9, or as the page writes it 1.2.1-1.2.9, one by one."""
    for first, last in re.findall(r"(\d+\.[\d*]+(?:\.\d+)?)(?:[-–](?:\d+\.\d+\.)?(\d+))?", text):
        section, _, number = first.rpartition(".")
        yield from ([f"{section}.{one}" for one in range(int(number), int(last) + 1)] if last else [first])


def test_each_file_is_there_once():
    named = named_files(page())
    assert len(named) > 100
    assert {name: len(found(name)) for name in named if len(found(name)) != 1} == {}


def test_each_test_and_each_machine_of_states_is_there():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", page()) if f"def {name}(" not in tests] == []
    assert [name for name in re.findall(r"\(`([A-Z][a-z]\w+)`\)", page()) if f"class {name}(" not in tests] == []


def test_each_limit_has_its_constant():
    named = list(constants(page()))
    assert len(named) > 60
    assert [
        (name, module)
        for name, module in named
        if not re.search(rf"\b{name}\b.* = ", found(module)[0].read_text(encoding="utf-8"))
    ] == []


def test_each_requirement_has_one_row():
    rows = re.findall(r"^\| (\d+\.[^|]+) \|", page(), re.MULTILINE)
    answered = [number for row in rows for number in numbers(row)]
    assert sorted(set(numbers(REQUIREMENTS)) - set(answered)) == []
    assert sorted(number for number in answered if answered.count(number) > 1) == []


def test_each_row_says_whether_it_holds_and_why():
    rows = re.findall(r"^\| \d+\.[^|]+ \|[^|]*\| ([^|]*) \|([^|]*)\|$", page(), re.MULTILINE)
    assert {verdict for verdict, _why in rows} == {"met", "n/a", "deviated", "not met"}
    assert [row for row in rows if row[0] != "n/a" and not row[1].strip()] == []


def test_what_is_not_there_is_seen():
    assert found("vault/nowhere.py") == []
    assert list(constants("`AWAY`, `LONG` in `a.py` and `X`")) == [("AWAY", "a.py"), ("LONG", "a.py")]
    assert list(numbers("1.2.1–1.2.3, 2.1.1")) == ["1.2.1", "1.2.2", "1.2.3", "2.1.1"]
    assert list(numbers("1.1.1-2 10.*")) == ["1.1.1", "1.1.2", "10.*"]
