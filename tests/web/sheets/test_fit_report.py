"""What is shown is what is printed: how full each side is, how large the letters are."""

from __future__ import annotations

import threading

import pytest

from bulletin.press.jobs import Busy, Sheet
from bulletin.press.kinds import KINDS
from bulletin.press.mistake import NoSheet, TooLong
from bulletin.press.typesetting import Setting
from bulletin.web.sheets import fit_report
from tests.refusals import too_long
from tests.web.conftest import TEXT, WRONG, Page


@pytest.mark.parametrize(
    ("fullness", "sentence"),
    [
        ((0.971, 0.847), "Fits: side 1 is 97 % full, side 2 85 %. Letters of 10.75 pt."),
        ((0.5,), "Fits on one side: 50 % full. Letters of 10.75 pt."),
        ((1.002,), "Fits on one side: 100 % full. Letters of 10.75 pt."),
    ],
)
def test_how_it_fits_is_one_sentence(app, fullness, sentence):
    with app.test_request_context():
        assert fit_report.sentence(Sheet(b"", Setting(10.75, 1), fullness, True)).replace("\xa0", " ") == sentence


def test_rosa_sees_the_sheet_as_it_is_printed_and_how_full_it_is(rosa, press):
    page = Page(rosa.sends("/proofs", paper="letter").text)
    assert page.words["fit"] == "Fits on one side: 97 % full. Letters of 10.75 pt."
    assert "fit-43" in page.all("iframe")[0]["srcdoc"]
    assert press.printed == ["letter"]


def test_a_look_says_that_it_is_not_measured_and_asks_no_press(rosa, press):
    assert Page(rosa.sends("/previews").text).words["fit"] == "Not yet measured."
    assert Page(rosa.opens("/sheets/new?kind=regular").text).words["fit"] == "Not yet measured."
    assert not press.printed


def test_a_look_keeps_what_the_press_chose_last(rosa):
    setting = rosa.sends("/proofs", script=True).json["setting"]
    assert "fit-43" in rosa.sends("/previews", script=True, setting=setting).json["sheet"]


@pytest.mark.parametrize("setting", [Setting(9.5, 2), Setting(10.75, 2, 93.126, 40.5, 5), Setting(12, 1, None, 0, 9)])
def test_a_setting_comes_back_from_its_field(setting):
    found = fit_report.read(fit_report.written(setting), KINDS["regular"])
    again = fit_report.written(found)
    assert again == fit_report.written(setting)
    assert (found.size_pt, found.sides, found.slip_lines) == (setting.size_pt, setting.sides, setting.slip_lines)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "10.80 1 - 0.00 0",  # no quarter
        "9.25 1 - 0.00 0",
        "24.25 1 - 0.00 0",
        "24.00 2 - 0.00 0",  # two sides of a meeting call
        "99.00 1 - 0.00 0",
        "nan 1 - 0.00 0",
        "10.75 3 - 0.00 0",
        "10.75 1 - 0.00 10",
        "10.75 1 - 0.00 0\n",
        "١٠.٧٥ 1 - 0.00 0",
        "10.75 1 <b> 0.00 0",
    ],
)
def test_a_setting_that_no_press_chose_is_not_believed(rosa, field):
    assert fit_report.read(field, KINDS["meeting"]) is None
    assert "fit-40" in rosa.sends("/previews", script=True, setting=field).json["sheet"]


def test_a_text_too_long_is_told_so_as_when_it_is_printed(rosa, press):
    press.failure = too_long(11, 70)
    response = rosa.sends("/proofs")
    page = Page(response.text)
    assert response.status_code == 422
    assert "Side 2 is 11 lines too long" in page.words["manuscript-error"]
    assert page.words["fit"] == "It does not fit yet."
    assert {"href": "#manuscript", "data-line": ""} in page.all("a")


def test_a_text_too_long_leads_to_the_line_that_its_error_names(rosa, press):
    press.failure = TooLong(NoSheet.ON_LINE_TALL, line=9, number="9")
    assert {"href": "#manuscript", "data-line": "9"} in Page(rosa.sends("/proofs").text).all("a")


def test_a_script_knows_whether_the_press_has_spoken(rosa, press):
    assert rosa.sends("/proofs", script=True).json["measured"] is True
    assert rosa.sends("/previews", script=True).json["measured"] is False
    assert rosa.sends("/proofs", WRONG, script=True).json["measured"] is False
    press.failure = too_long(11, 70)
    assert rosa.sends("/proofs", script=True).json["measured"] is True
    press.failure = Busy()
    response = rosa.sends("/proofs", script=True)
    assert response.status_code == 503
    assert response.json["measured"] is False


def test_pages_that_measure_by_themselves_take_one_press_at_most(app, rosa, press):
    printing, go_on = threading.Event(), threading.Event()
    sheet = press.print

    def slowly(*args, **kwargs):
        printing.set()
        assert go_on.wait(10)
        return sheet(*args, **kwargs)

    press.print = slowly
    answers = []
    first = threading.Thread(
        target=lambda: answers.append(type(rosa)(app.test_client()).sends("/proofs", script=True, patience="none"))
    )
    first.start()
    assert printing.wait(10)
    assert rosa.sends("/proofs", script=True, patience="none").status_code == 503
    go_on.set()
    assert rosa.sends("/proofs", script=True).status_code == 200  # who asks by hand is not kept waiting
    first.join()
    assert answers[0].status_code == 200
    assert rosa.sends("/proofs", script=True, patience="none").status_code == 200


def test_the_copier_is_spoken_of_where_there_are_two_sides(rosa):
    def duplex(text):
        [span] = [span for span in Page(rosa.sends("/proofs", text).text).all("span") if span.get("id") == "duplex"]
        return "hidden" not in span

    assert not duplex(TEXT)
    assert duplex(TEXT.replace("::: echo", "::: side\n:::\n\n::: echo"))


@pytest.mark.parametrize(
    ("fullness", "kind", "said"),
    [
        ((0.2,), "regular", True),
        ((0.5,), "regular", False),
        ((1.0, 0.2), "regular", False),  # two sides, and the first is full
        ((0.2,), "poster", False),
        ((0.2,), "meeting", False),
        ((), "regular", False),
    ],
)
def test_few_words_on_a_sheet_of_columns_are_told_of_a_kind_that_fits(app, fullness, kind, said):
    with app.test_request_context():
        assert ("as a poster" in fit_report.mostly_empty(fullness, kind)) is said
