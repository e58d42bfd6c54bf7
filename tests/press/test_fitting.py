"""Real text on one sheet, level and full; and where it does not fit, the figure that is given is true."""

from __future__ import annotations

import re

import pytest

from bulletin.press import fitting, makeup
from bulletin.press.fitting import FittedSheet
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import read
from bulletin.press.mistake import Named, NoSheet, Phrase, TooLong
from bulletin.press.paper import PAPERS
from bulletin.press.typesetting import Setting
from bulletin.sentences import say
from tests.refusals import refused

from .conftest import CASES

pytestmark = pytest.mark.usefixtures("can_print")


def test_short_text_is_set_larger_and_long_text_smaller(written):
    def size(words: int) -> float:
        text = "\n\n".join(
            ["We counted the boxes again, and again there were more of them than of us."] * (words // 15)
        )
        return fitting.proof(written(f"{text}\n\n::: side\n\n{text}"), PAPERS["a4"]).setting.size_pt

    sizes = [size(words) for words in (150, 600, 700)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 12.0
    assert sizes[2] < 11.0


def test_a_short_back_gets_lines_to_write_on(written):
    text = "We counted the boxes again, and again there were more of them than of us.\n\n" * 20
    manuscript = written(f"{text}\n\n::: side\n\n::: echo Bay 4\nNo news.\n:::", reply="https://r.example.org/k7")
    assert fitting.proof(manuscript, PAPERS["a4"]).setting.slip_lines >= 3


def test_a_slip_to_tear_off_gets_the_lines_that_there_is_room_for():
    sample = KINDS["solidarity"].sample
    front, back = sample.split("::: side\n:::\n")
    shorter = front + "::: side\n:::\n" + back[back.index("::: article Who minds") :]
    lines = [fitting.proof(read(text), PAPERS["a4"]).setting.slip_lines for text in (sample, shorter)]
    assert 0 < lines[0] < lines[1]


def test_what_goes_across_the_front_and_is_too_long_is_named():
    sample = KINDS["strike"].sample
    demand = "4. No letter, no lost shift, for anybody, over this strike.\n"
    those, ends = Phrase(Named.HEADLINE_AND_FOOT), Phrase(Named.TITLED, title="What ends it")
    side, them = Phrase(Named.SIDE, number=1), Phrase(Named.OR, these=those, last=ends)
    with refused(TooLong, NoSheet.NO_ROOM, side=side, them=them) as told:
        fitting.press(read(sample.replace(demand, demand * 16)), "a4")
    assert say(told.value) == (
        "Side 1 has no room left under its headline and above its foot: shorten those or ‘What ends it’."
    )


def test_a_few_words_stay_on_one_side(written):
    assert len(fitting.press(written("A few words.", kind="regular"), "a4").fullness) == 1


def test_without_fit_the_size_is_ten_points(northfield):
    assert fitting.press(northfield, "a4", fit=False).setting.size_pt == 10.0


PARAGRAPH = (
    "On Tuesday every driver on earlies found the same letter in the pigeonhole, and by the second break the question "
    "had reached loading, where somebody asked out loud who had been consulted about it and nobody knew of anyone.\n\n"
)


def too_long(manuscript, paper="a4") -> tuple[str, int, int]:
    with pytest.raises(TooLong) as caught:
        fitting.press(manuscript, paper)
    assert str(caught.value) == f"LINES, line {caught.value.line}"
    sentence = say(caught.value)
    found = re.search(r"is (\d+) lines? too long: shorten (.+), or cut about ([\d,]+) words\.$", sentence)
    assert found, sentence
    return sentence, int(found[1]), int(found[3].replace(",", ""))


# Paragraphs, from just too many to far too many. The rest in `make attack`.
LONG = [
    pytest.param(
        count, paper, marks=[] if (count, paper) in ((19, "a4"), (26, "letter"), (40, "a4")) else pytest.mark.attack
    )
    for count in (19, 20, 22, 26, 40)
    for paper in PAPERS
]


def cut_words(text: str, count: int) -> str:
    """The text without its last words, so many."""
    words = list(re.finditer(r"\S+", text))
    return text[: words[-count - 1].end()]


@pytest.mark.parametrize(("paragraphs", "paper"), LONG)
def test_cutting_as_much_as_is_said_makes_it_fit(written, paragraphs, paper):
    def front(text: str):
        return written(f"::: article The rota\n{text}\n:::\n\n::: echo Bay 4\n{PARAGRAPH}\n:::\n\n::: side\n\nBack.")

    text = (PARAGRAPH * paragraphs).strip()
    sentence, _, words = too_long(front(text), paper)
    assert sentence.startswith("Side 1 is ")
    assert "‘The rota’" in sentence
    fitting.press(front(cut_words(text, words)), paper)
    with pytest.raises(TooLong):
        fitting.press(front(cut_words(text, words // 3)), paper)


def test_the_northfield_back_with_a_long_story_is_said_to_be_too_long_on_side_2():
    text = (CASES / "regular-northfield.md").read_text()
    story = "::: echo The whole story\n" + PARAGRAPH * 12 + ":::\n\n::: box"
    sentence, _, _ = too_long(read(text.replace("::: box", story)))
    assert sentence.startswith("Side 2 is ")
    assert "‘The whole story’" in sentence


def test_a_text_of_five_thousand_words_is_told_by_how_much(written):
    sentence, lines, words = too_long(written(PARAGRAPH * 130))
    assert sentence.startswith("The text is ")
    assert 400 < lines < 1000
    assert 2500 < words < 4800


def test_a_table_taller_than_a_column_is_named(written):
    table = (
        "::: article Wages\n| a | b |\n|---|---|\n"
        + "| one line of text that is long enough to turn | b |\n" * 59
        + ":::"
    )
    with refused(TooLong, NoSheet.TITLED_TALL, title="Wages"):
        fitting.press(written(table), "a4")


def test_levelling_makes_a_difference(monkeypatch, northfield):
    """The check above would see columns filled one after the other."""
    monkeypatch.setattr(makeup, "level", lambda strips, rooms, _line: makeup.fill(strips, rooms))
    galley = FittedSheet(northfield, PAPERS["a4"], Setting(10.0, 2)).galley
    front = galley.plan()[0]
    strips = galley.runs[0].strips
    heights = [makeup.natural(strips, column.start, column.end) for column in front]
    assert max(heights) - min(heights) > 10 * galley.line


def rights_with(words: int) -> str:
    advice = " ".join(["Write it down on paper, at home, and not in the locker."] * (words // 11))
    panels = "\n\n".join(f"::: article Panel {number}\n{advice}\n:::" for number in range(1, 5))
    return f"---\nkind: rights\nheadline: Your day off is yours\n---\nIt rings.\n\n{panels}\n"


@pytest.mark.parametrize("words", [209, pytest.param(231, marks=pytest.mark.attack), 330])
def test_the_lines_of_panels_are_counted_though_no_panel_is_cut(words):
    sentence, _, over = too_long(read(rights_with(words)))
    assert "‘Panel " in sentence
    fitting.press(read(rights_with(words - over // 4 - 11)), "a4")
    assert over < 4 * words * 0.7, "not all of it has to go"


def test_a_column_of_panels_is_a_grid_that_reaches_its_foot():
    proof = FittedSheet(read(rights_with(66)), PAPERS["a4"], Setting(10.0, 1))
    plan = proof.galley.plan()
    pages = proof.galley.make_up(plan)
    panels = [box for box in boxes_of(pages[0]) if "article" in classes(box)]
    assert len(panels) == 4
    feet = sorted(box.border_box_y() + box.border_height() for box in panels)
    assert feet[-1] == pytest.approx(feet[-2], abs=1)


def boxes_of(page):
    return page._page_box.descendants()


def classes(box) -> str:
    return (box.element.get("class") or "") if box.element is not None and box.element_tag == "article" else ""


@pytest.mark.parametrize("paper", PAPERS)
def test_a_poster_of_twenty_five_words_is_read_at_ten_metres(written, paper):
    headline, text = (
        "Nobody sails alone on the night boats",
        "Sign the letter in the mess room, or ask at the ramp.\n\n",
    )
    manuscript = written(text + "::: notice By\nBy Friday 7 May, at noon\n:::", kind="poster", headline=headline)
    assert len(f"{headline} {text}".split()) + 6 == 25
    setting = fitting.proof(manuscript, PAPERS[paper]).setting
    assert setting.size_pt >= 60, "capitals of 15 mm"
    assert setting.size_pt % 1 == 0
    with pytest.raises(TooLong) as told:
        fitting.press(written(text * 4, kind="poster", headline=headline), paper)
    assert re.match(r"The side is \d+ lines? too long", say(told.value))


def test_a_headline_in_capitals_is_as_wide_as_its_capitals(written):
    from bulletin.press.copyfitting import Copyfit, step_pt

    fit = Copyfit("en", KINDS["poster"], PAPERS["a4"])
    for line in fit.headline("The tide tables are illicit", 140.0, 4):
        assert step_pt(line.step) * fit.width(line.text) <= fit.measure_pt
        assert fit.width(line.text) == fit.width(line.text.upper())
