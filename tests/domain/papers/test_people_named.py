"""Rosa writes about people who are in the notebook: before print she is asked whether they agreed."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.domain.papers.advice.people_named import People
from bulletin.domain.papers.advice.rules import Rule, advise
from bulletin.domain.people.contacts import Brief, Gone
from bulletin.press.parts import Part

HEAD = {"headline": "Nobody drives alone", "reply": "https://example.org/r/k7", "imprint": "Published by drivers"}


def person(name: str, nickname: str = "", title: str = "", gone: Gone | None = None) -> Brief:
    return Brief(name=name, nickname=nickname, title=title, gone=gone)


PEOPLE = People(
    [
        person("Rosa Álvarez", "Ro, Big Red", "Forklift trainer"),
        person("Bill O'Connor", "Mill", "Driver"),
        person("Siobhán", title="Night driver"),
        person("Dr. Maria del Carmen López"),
        person("Hope", title="Cook"),
        person("Mei-Ling Chan", title="Electrician"),
        person("Depot", title="Union rep"),
        person("Manager"),
        person("王芳", title="Union rep"),
        person("Gone Girl", "Smudge", "Crane operator", gone=Gone.LEFT),
        person("Ж"),
        person("A"),
        person(""),
    ],
    beside="Depot North The Depot Lamp",
)


def said(text: str, people: People | None = PEOPLE, language: str = "en", **head: str) -> dict[Rule, str]:
    given = advise(HEAD | head, [Part("article", "", text)], language=language, country="GB", people=people)
    return {one.rule: one.words for one in given if one.rule in (Rule.NAMED, Rule.ONLY_ONE)}


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "Yesterday Rosa Álvarez said no.": "Rosa Álvarez",
        "Yesterday rosa alvarez said no.": "rosa alvarez",
        "ROSA ALVAREZ SAID NO.": "ROSA ALVAREZ",
        "Rosa A\u0301lvarez’s bag was searched.": "Rosa A\u0301lvarez",
        "Ask **Rosa\n_Álvarez_** for the key.": "Rosa Álvarez",
        "Everybody calls her big red.": "big red",
        "It was Bill O’Connor who asked.": "Bill O’Connor",
        "We went to see Mill about it.": "Mill",
        "Siobhan knows why.": "Siobhan",
        "So does Siobhán.": "Siobhán",
        "Maria del Carmen López asked.": "Maria del Carmen López",
        "Maria López asked.": "Maria López",
        "Mei Ling Chan was there.": "Mei Ling Chan",
        "Then Hope spoke.": "Hope",
        "We miss Smudge.": "Smudge",
        "Gone Girl has left us.": "Gone Girl",
        "昨天 王芳 说不.": "王芳",
        "| Who | When |\n|---|---|\n| Rosa Álvarez | Monday |": "Rosa Álvarez",
    }.items(),
)
def test_somebody_in_the_notebook_is_named(text, words):
    assert said(text) == {Rule.NAMED: words}


@pytest.mark.parametrize(
    "text",
    [
        "Rosa said no.",  # a given name is many people's
        "The mill is shut.",
        "Hope is what we have.",
        "WE HAVE HOPE AND BREAD",
        "Nothing Left But Hope",
        "We have hope.",
        "Smudge on the window again.",
        "The Depot stood still.",
        "Ask the Manager about it.",
        "Roses and Alvarez.",
        "Álvarez, Rosa said.".replace(", ", " and "),
        "A driver said no.",
        "",
    ],
)
def test_what_is_only_a_word_is_nobody(text):
    assert said(text) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "The forklift trainer said no.": "forklift trainer",
        "Our Electrician said no.": "Electrician",
        "A night driver said no.": "night driver",
    }.items(),
)
def test_what_only_one_person_does_tells_who_it_is(text, words):
    assert said(text) == {Rule.ONLY_ONE: words}


@pytest.mark.parametrize(
    "text",
    [
        "A driver said no.",  # a night driver is one too
        "The cook said no.",  # too short to be looked for
        "The union rep said no.",  # there are two
        "The crane operator said no.",  # nobody here does that any more
        "Electricians said no.",
    ],
)
def test_what_several_do_tells_nobody(text):
    assert said(text) == {}


def test_it_stands_beside_what_it_concerns_and_once():
    parts = [Part("article", "On Rosa Álvarez", "Nothing."), Part("echo", "", "Siobhán. Mill. The forklift trainer.")]
    given = advise(HEAD | {"headline": "Thanks to Mei-Ling Chan"}, parts, language="en", country="GB", people=PEOPLE)
    found = [(one.about, one.rule, one.words) for one in given if one.rule in (Rule.NAMED, Rule.ONLY_ONE)]
    assert found == [
        (None, Rule.NAMED, "Mei-Ling Chan"),
        (0, Rule.NAMED, "Rosa Álvarez"),
        (1, Rule.NAMED, "Siobhán, Mill"),
        (1, Rule.ONLY_ONE, "forklift trainer"),
    ]


def test_without_a_notebook_nobody_is_asked_after():
    assert said("Rosa Álvarez said no.", None) == {}
    assert said("Rosa Álvarez said no.", People([])) == {}


@pytest.mark.parametrize("language", ["es", "de", "ar", ""])
def test_in_any_language(language):
    assert said("Ayer Rosa Álvarez dijo que no.", language=language) == {Rule.NAMED: "Rosa Álvarez"}


def calls(work: Callable[[], object]) -> int:
    """How many calls it takes, of Python's own functions and of ours: the same on a busy machine."""
    count = 0

    def seen(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_two_thousand_people_take_no_time():
    """In seconds, `make bench` says."""
    chance = random.Random(7)  # noqa: S311
    letters = "abcdefghijklmnoprstuvwz"
    word = lambda: "".join(chance.choices(letters, k=6)).title()  # noqa: E731
    briefs = [person(f"{word()} {word()}", chance.choice(["", word()]), f"{word()} driver") for _ in range(2_000)]
    text = " ".join(chance.choice(["the", "Driver", "said", word(), "waited."]) for _ in range(1_500))
    parts = [Part("article", "", text[at : at + 800]) for at in range(0, len(text), 800)]

    def spent(count: int) -> tuple[int, int]:
        made = calls(lambda: People(briefs[:count], beside="Depot North"))
        people = People(briefs[:count], beside="Depot North")
        return made, calls(lambda: advise(HEAD, parts, language="en", country="GB", people=people))

    spent(2_000)
    (made_few, read_few), (made, read) = spent(200), spent(2_000)
    assert made < 12 * made_few, "each of them is looked at once"
    assert made < 100 * 2_000  # 46 each
    assert read < 1.2 * read_few, "however many there are, the text is read once"
    assert read < 30 * 1_500  # 13 a word


@given(st.lists(st.builds(person, st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))), st.text())
@settings(deadline=None)
def test_any_names_in_any_text(briefs, text):
    people = People(briefs, beside=text)
    for words in said(text, people).values():
        assert words


def test_accents_without_end_take_no_time():
    begun = time.process_time()
    said("a" + "\u0301" * 100_000 + " " + "\u0316\u0301" * 50_000)
    assert time.process_time() - begun < 2
