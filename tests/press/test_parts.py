"""A bulletin in pieces and as one text: from one to the other and back, nothing is lost."""

from __future__ import annotations

import dataclasses

import hypothesis
import pytest
from hypothesis import strategies as st

from bulletin.press import parts, pieces
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, ManuscriptError, read
from bulletin.press.mistake import Wrong
from bulletin.press.parts import IMAGE, TEXT, Part
from tests.refusals import refused

HEAD = {"kind": "regular", "language": "en", "headline": "Nobody drives alone"}
SAID = ("nobody", "drives", "alone", "**at**", "*night*", "7:", "don’t", "—", "-")

words = st.lists(st.sampled_from(SAID), min_size=1, max_size=6)
paragraph = words.map(" ".join).filter(lambda text: text[0] not in "-—")
bullets = st.lists(paragraph.map("- {}".format), min_size=1, max_size=3).map("\n".join)
texts = st.lists(paragraph | bullets, min_size=1, max_size=3).map("\n\n".join)
empty = st.sampled_from(["", " ", "\n", "\n\n  \n"])
title = st.just("") | st.sampled_from(["Bay 4", "What  they said", "7:30, gate B"])
name = st.sampled_from([TEXT, *(block for block in pieces.BLOCKS if block != IMAGE)])


@st.composite
def part(draw: st.DrawFn) -> Part:
    block = draw(name)
    return Part(block, "" if block == TEXT else draw(title), draw(texts | empty), draw(st.sampled_from([1, 2])))


def kept(written: list[Part]) -> list[Part]:
    """What a manuscript keeps of them: those that say something, side by side; texts that meet are one."""
    found: list[Part] = []
    for one in sorted(written, key=lambda one: one.side):
        if one.empty:
            continue
        said = Part(one.name, " ".join(one.title.split()), one.text.strip("\n"), one.side)
        if found and said.name == TEXT == found[-1].name and said.side == found[-1].side:
            said = Part(TEXT, "", f"{found.pop().text}\n\n{said.text}", said.side)
        found.append(said)
    return found


@hypothesis.given(st.lists(part(), max_size=6))
@hypothesis.settings(max_examples=150, deadline=None)
def test_what_was_joined_comes_apart_as_it_was(written):
    source = parts.join(HEAD, written)
    expected = kept(written)
    if not expected:
        with refused(ManuscriptError, Wrong.NO_BODY):
            parts.split(source.text)
        return
    head, found = parts.split(source.text)
    assert (head, found) == (HEAD, expected)
    assert parts.join(head, found).text == source.text


@hypothesis.given(st.lists(part(), max_size=6))
@hypothesis.settings(max_examples=100, deadline=None)
def test_every_line_of_a_piece_is_known_as_its_own(written):
    source = parts.join(HEAD, written)
    lines = source.text.split("\n")
    for index, (one, begins) in enumerate(zip(written, source.lines, strict=True)):
        assert (begins is None) == one.empty
        if begins is None:
            continue
        first = begins if one.name == TEXT else begins + 1
        body = one.text.strip("\n").split("\n")
        assert lines[first - 1 : first - 1 + len(body)] == body
        for line in range(begins, first + len(body)):
            assert source.whose(line) == index
    assert source.whose(1) is None
    assert source.whose(None) is None


@pytest.mark.parametrize("kind", KINDS)
def test_each_sample_comes_apart_and_reads_the_same_again(kind):
    for sample in KINDS[kind].samples.values():
        head, found = parts.split(sample)
        assert without_lines(read(parts.join(head, found).text)) == without_lines(read(sample))


def without_lines(manuscript: Manuscript) -> Manuscript:
    def bare(some: tuple[pieces.Piece, ...]) -> tuple[pieces.Piece, ...]:
        return tuple(dataclasses.replace(piece, line=0) for piece in some)

    box = manuscript.box and dataclasses.replace(manuscript.box, line=0)
    back = manuscript.back and bare(manuscript.back)
    return dataclasses.replace(manuscript, front=bare(manuscript.front), back=back, box=box)


def test_an_empty_side_is_no_side():
    source = parts.join(HEAD, [Part(TEXT, text="Words."), Part("echo", "Bay 4", " \n ", side=2)])
    assert "::: side" not in source.text
    assert source.lines[1] is None


def test_a_header_is_one_line_for_each_field_and_no_empty_ones():
    source = parts.join({**HEAD, "headline": "Two\n\nlines", "masthead": "  "}, [Part(TEXT, text="Words.")])
    assert source.text.split("\n")[:5] == ["---", "kind: regular", "language: en", "headline: Two lines", "---"]


@pytest.mark.parametrize("text", [":::", "::: side", "Words.\n:::\nmore", "::: echo\nInside\n:::", "---\nkind: strike"])
def test_marks_typed_inside_a_piece_do_not_become_another_piece_unseen(text):
    """Whatever is typed, either the press says on which line it is wrong, or all of it is still there."""
    source = parts.join(HEAD, [Part("article", "One", text), Part("article", "Two", "The other.")])
    wrong, found = apart(source.text)
    if wrong is not None:
        assert wrong.line is not None
        return
    together = "\n".join(one.text for one in found)
    assert all(line in together or line.startswith(":::") for line in text.split("\n"))
    assert "The other." in together


def apart(text: str) -> tuple[ManuscriptError | None, list[Part]]:
    try:
        return None, parts.split(text)[1]
    except ManuscriptError as error:
        return error, []


@pytest.mark.parametrize(
    ("typed", "title", "text"),
    [
        ("Thirty of us went up. They hid.", "Thirty of us went up", "They hid."),
        ("Why not **now**? Ask.\n\nMore of it.", "Why not now?", "Ask.\n\nMore of it."),
        ("The lockers\nAre shut since May, all of them.", "The lockers", "Are shut since May, all of them."),
        (
            "They offered two per cent and no more.",
            "They offered two per cent …",
            "They offered two per cent and no more.",
        ),
        ("- more pay\n- less work for us all", "more pay less work for …", "- more pay\n- less work for us all"),
        ("Nothing yet.", "", "Nothing yet."),
        (f"{'long ' * 20}one. More.", "long long long long long …", f"{'long ' * 20}one. More."),
    ],
)
def test_an_answer_gets_its_first_words_as_its_heading_and_loses_none(typed, title, text):
    assert Part("echo", "", typed).headed() == Part("echo", title, text)
    for left in (Part(TEXT, "", typed), Part("demands", "", typed), Part("echo", "Ours", typed)):
        assert left.headed() == left
