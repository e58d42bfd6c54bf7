"""Every code has its sentence, every sentence gets what it names, and no other English stands in the domain."""

from __future__ import annotations

import ast
import enum
import importlib
import pathlib
import pkgutil
import re
from collections.abc import Container, Iterator
from types import ModuleType

import pytest

from bulletin import sentences
from bulletin.domain.people.contact_fields import fields
from bulletin.domain.people.refusals import Field
from bulletin.sentences import say_code, sentence_of
from bulletin.sentences.marks import Plural, Sentence
from tests.sources import parsed

ROOT = pathlib.Path(__file__).parents[2]
PACKAGES = ("site", "people", "papers", "actions", "portability")
NAMED = re.compile(r"%(?:\((\w+)\)s|%)")

CALLS = ("NotAllowed", "NoAddressBook", "say_code", "self.say")  # what is given a code and its values


def refusals_of(package: str) -> ModuleType:
    return importlib.import_module(f"bulletin.domain.{package}.refusals")


def codes() -> list[enum.Enum]:
    kinds = [
        kind
        for package in PACKAGES
        for kind in vars(refusals_of(package)).values()
        if isinstance(kind, type) and issubclass(kind, enum.Enum)
    ]
    return [code for kind in kinds for code in kind]


def tables() -> Iterator[tuple[str, dict[enum.Enum, Sentence]]]:
    for module in pkgutil.iter_modules(sentences.__path__):
        table = getattr(importlib.import_module(f"bulletin.sentences.{module.name}"), "SENTENCES", None)
        if table is not None:
            yield module.name, table


def texts(sentence: Sentence) -> tuple[str, ...]:
    return (sentence.one, sentence.more) if isinstance(sentence, Plural) else (sentence,)


def named(sentence: Sentence) -> set[str]:
    """What a sentence must be given."""
    more = {sentence.by} if isinstance(sentence, Plural) else set()
    return more | {name for text in texts(sentence) for name in NAMED.findall(text) if name}


@pytest.mark.parametrize("code", codes(), ids=str)
def test_every_code_has_a_sentence(code):
    assert all(texts(sentence_of(code)))


def test_there_are_codes_in_every_package():
    assert {type(code).__module__.split(".")[2] for code in codes()} == set(PACKAGES)


def test_a_sentence_stands_where_its_code_is_looked_up():
    for _name, table in tables():
        for code, sentence in table.items():
            assert sentence_of(code) is sentence


def test_a_percent_sign_is_a_name_or_doubled():
    for _name, table in tables():
        for sentence in table.values():
            for text in texts(sentence):
                assert "%" not in NAMED.sub("", text)


# What each is raised with.


def given(source: str) -> Iterator[tuple[int, str, set[str | None]]]:
    """Line, code and names of values wherever something is refused, or a code is said."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            values = {keyword.arg for keyword in node.keywords}
            yield node.lineno, ", ".join(map(ast.unparse, node.args)), values


def codes_in(path: str, source: str) -> dict[str, type[enum.Enum]]:
    """The enums of codes that a module imports, by their names there."""
    return {
        alias.asname or alias.name: vars(refusals_of(path.split("/")[2] if node.level else node.module.split(".")[2]))[
            alias.name
        ]
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith("refusals")
        for alias in node.names
    }


def sources() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for room in ("domain", "web")
        for path in sorted((ROOT / "bulletin" / room).rglob("*.py"))
    }


# What is said here is given no values, whichever it is.
WITHOUT_VALUES = {
    ("bulletin/domain/people/imports/files.py", "code"),  # of what begins like a spreadsheet, or a picture
    ("bulletin/domain/portability/tables.py", "word"),  # at the head of a column
    ("bulletin/web/papers/headers.py", "card.rule"),
    ("bulletin/web/papers/headers.py", "card.source"),
}


def wrongly_given(sources: dict[str, str]) -> list[str]:
    wrong = []
    for path, source in sources.items():
        known = codes_in(path, source)
        for line, code, values in given(source):
            if (path, code) in WITHOUT_VALUES and not values:
                continue
            kind, _, member = code.partition(".")
            if kind not in known or values != named(sentence_of(known[kind][member])):
                wrong.append(f"{path}:{line}: {code}: {values}")
    return wrong


def test_a_sentence_is_given_what_it_names_and_no_more():
    assert wrongly_given(sources()) == []


def test_words_for_tables_name_nothing_but_where_they_are_given_it():
    word = refusals_of("portability").Word
    naming = {code for code in word if named(sentence_of(code))}
    assert naming == {word.OUTCOME, word.LESSON, word.README, word.MISSING}


@pytest.mark.parametrize(
    "raised",
    [
        "NotAllowed(Why.NAME_NEEDED)",
        "NotAllowed(Why.NAME_NEEDED, least=1)",
        "NotAllowed(Why.NAME_NEEDED, most=1, field=2)",
        "NotAllowed(Why.NOT_THERE, most=1)",
        "NotAllowed(Why.NAME_NEEDED, **values)",
        "NotAllowed('Give a name.')",
        "NotAllowed(sentence)",
        "NotAllowed()",
    ],
)
def test_a_sentence_that_is_given_something_else_is_seen(raised):
    source = f"from .refusals import Why\nraise {raised}"
    assert len(wrongly_given({"bulletin/domain/people/contacts.py": source})) == 1


def test_a_sentence_that_is_given_what_it_names_is_let_through():
    source = "from .refusals import Why\nraise NotAllowed(Why.NAME_NEEDED, most=NAME_MAX)"
    assert wrongly_given({"bulletin/domain/people/contacts.py": source}) == []


def test_every_field_of_a_contact_has_a_name():
    assert {field.value for field in Field} == fields().keys()


# English in the domain.

WORDS = re.compile(r"[A-Za-z’']+[,;:]? [a-z(]|[A-Za-z]{2,}[.!?]$")  # two words, or the end of a sentence

# Modules whose words are looked for in what people wrote or brought along, and never shown.
LOOKED_FOR = {
    "bulletin/domain/papers/advice/vocabulary.py",
    "bulletin/domain/papers/advice/people_named.py",
    "bulletin/domain/papers/advice/rules.py",
    "bulletin/domain/people/imports/csv_heads.py",
}
# What is no sentence: names of fields, and what keys are bound to.
NO_SENTENCES = {
    ("bulletin/domain/site/accounts/devices.py", "last use"),  # what a wrapped key is bound to
    ("bulletin/domain/papers/headers.py", "published by"),
    ("bulletin/domain/papers/headers.py", "printed by"),
    ("bulletin/domain/papers/headers.py", "taken from"),
    ("bulletin/domain/papers/print_tickets.py", "print ticket"),
    ("bulletin/domain/site/accounts/devices.py", "last use"),
    ("bulletin/domain/site/accounts/members.py", "site key"),
    ("bulletin/domain/site/site_keys.py", "former key"),
}
OUR_MISTAKES = {"ValueError", "TypeError", "LookupError"}  # that nobody is shown: what is caught, or ends in a log


def english(
    path: str,
    source: str,
    *,
    ours: Container[str] = OUR_MISTAKES,
    no_sentences: Container[tuple[str, str]] = NO_SENTENCES,
) -> Iterator[str]:
    """Words for people in a module: not docstrings, members of an enum, lists of names, our mistakes, and not what a
    field is called, which is said where it is kept, and marked.
    """
    tree, passed = parsed(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        elif isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith(("Enum",)) for base in node.bases):
            passed |= {line.value for line in node.body if isinstance(line, ast.Assign)}
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ours or called == "N_" or called.endswith(".split"):
                passed |= set(ast.walk(node))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in passed
            and WORDS.search(node.value)
            and (path, node.value) not in no_sentences
        ):
            yield f"{path}:{node.lineno}: {node.value[:60]}"


def test_no_english_stands_in_the_domain():
    domain = {path: source for path, source in sources().items() if path.startswith("bulletin/domain/")}
    assert domain.keys() >= LOOKED_FOR
    assert {path for path, _text in NO_SENTENCES} <= domain.keys()
    assert [wrong for path in domain.keys() - LOOKED_FOR for wrong in english(path, domain[path])] == []


@pytest.mark.parametrize(
    "line",
    [
        'raise NotAllowed("Give a name.")',
        'raise NotAllowed(f"There are {most:,} people in the list already.")',
        'NOT_THERE = "They are not in the list any more."',
        'yield "where they stand", "department"',
        'why = "Stop!"',
    ],
)
def test_english_in_the_domain_is_seen(line):
    assert [*english("bulletin/domain/people/contacts.py", line)] != []


@pytest.mark.parametrize(
    "line",
    [
        'def f():\n    """What it is. And more."""',
        'class Why(enum.Enum):\n    NO_NAME = "no name"',
        'raise ValueError("no row is so long")',
        'name: str = plain_text(N_("What they do"))',
        'name = "stood_on"',
    ],
)
def test_what_nobody_is_shown_is_let_through(line):
    assert [*english("bulletin/domain/people/contacts.py", line)] == []


# As people see some of them.

SEEN = {
    ("people", "NAME_NEEDED", 80): "Give a name, or what people call them, of at most 80 letters.",
    ("people", "LIST_FULL", 20_000): "There are 20,000 people in the list already.",
    ("people", "TEXT_TOO_LONG", 2_000): "Keep it to 2,000 letters.",
    ("papers", "ARTICLE_TOO_LONG", 50_000): "This is too long for any sheet: it may have 50,000 characters.",
    ("papers", "COPIES_NEEDED", 100_000): "Give the number of copies, at most 100,000.",
    ("portability", "TOO_MANY_ROWS", 50_000): (
        "There are more than 50,000 rows in this file, and none of ours takes in so many."
    ),
}


@pytest.mark.parametrize(("package", "code", "most"), SEEN)
def test_a_large_number_is_grouped_as_english_does(package, code, most):
    assert say_code(refusals_of(package).Why[code], most=most) == SEEN[package, code, most]


def test_a_sentence_names_a_field_and_a_page_in_words():
    why, page = refusals_of("portability").Why, refusals_of("portability").Page
    assert say_code(refusals_of("people").Why.TOO_LONG_FOR, field=Field.KNOWN_BY, most=120) == (
        "What you wrote for “Who knows them” is too long: at most 120 letters."
    )
    assert say_code(why.WOULD_NOT_ARRIVE, page=page.SHIFT) == (
        "This would arrive nowhere, so no file was made."
        " Put right what is unusual there: a shift on the map (its times)."
    )
    assert say_code(why.TOO_BIG, mb=30) == (
        "This would be more than the 30 MB that are taken in elsewhere, so no file was made."
    )
