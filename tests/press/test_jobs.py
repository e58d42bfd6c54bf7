"""Print jobs: warm, bounded, two at a time, and none harms another."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from bulletin.press import job, jobs
from bulletin.press.jobs import Busy, Press, Unprintable
from bulletin.press.manuscript import Manuscript
from bulletin.press.mistake import NoSheet, Unfit
from bulletin.sentences import say
from tests.refusals import refused

from . import works

pytestmark = pytest.mark.usefixtures("can_print")

PATIENT_S = 120  # for a job that is to come back, however busy the machine


@pytest.fixture(scope="module")
def press() -> Press:
    press = Press()
    press.start()
    assert press.works()
    return press


@pytest.fixture
def few_words(written) -> Manuscript:
    """For what becomes of a job: how long its text is makes no difference to that."""
    return written("Nobody drives alone.")


def test_a_sheet_comes_back_from_a_warm_press(press, northfield):
    sheet = press.print(northfield)
    assert sheet.pdf.startswith(b"%PDF")
    assert len(sheet.fullness) == 2
    assert sheet.warm, "the job had to import WeasyPrint itself: the preload failed"


def test_a_text_that_is_too_long_gets_its_sentence(press, written):
    with pytest.raises(Unprintable) as told:
        press.print(written(("We counted the boxes again. " * 3 + "\n\n") * 500))
    assert (told.value.code, told.value.line) == (NoSheet.LINES, 5)
    assert re.search(
        r"^The text is \d+ lines too long: shorten the text at the beginning, or cut about [\d,]+ words\.$",
        say(told.value),
    )


def test_this_process_never_imports_weasyprint():
    script = (
        "import sys; from bulletin.press import jobs, manuscript, kinds\n"
        "if __name__ == '__main__':\n"
        "    press = jobs.Press(); press.start()\n"
        "    assert press.print(manuscript.read(kinds.KINDS['meeting'].sample)).warm\n"
        "    assert 'weasyprint' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("work", [works.asleep, works.looping, works.crashing, works.over_its_time])
def test_a_job_that_does_not_end_or_dies_is_ended_and_the_press_goes_on(press, few_words, monkeypatch, work):
    monkeypatch.setattr(press, "_wall_s", 1.0)
    with monkeypatch.context() as broken:
        broken.setattr(job, "sheet", work)
        started = time.monotonic()
        with refused(Unprintable, NoSheet.TOO_MUCH):
            press.print(few_words)
        assert time.monotonic() - started < 5
    monkeypatch.setattr(press, "_wall_s", PATIENT_S)
    assert press.print(few_words).pdf


def test_a_job_that_the_system_ended_is_not_the_texts_fault(press, few_words, monkeypatch, caplog):
    """And it is tried once more, but not for ever."""
    monkeypatch.setattr(job, "sheet", works.ended_by_the_system)
    started, answer = [], press._answer
    monkeypatch.setattr(press, "_answer", lambda *work: started.append(work) or answer(*work))
    with refused(Busy, NoSheet.ENDED):
        press.print(few_words)
    assert len(started) == 2
    monkeypatch.setattr(job, "picture", works.ended_by_the_system)
    with refused(Busy, Unfit.ENDED):
        press.prepare(b"")
    assert "memory" in caplog.text


def test_what_took_the_memory_may_be_gone_the_second_time(press, few_words, monkeypatch):
    answer = press._answer
    ended = iter([jobs.Answer("ended")])
    monkeypatch.setattr(press, "_answer", lambda *work: next(ended, None) or answer(*work))
    assert press.print(few_words).pdf


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_mistake_of_the_press_is_owned_up_to_and_logged_without_the_words(
    press, few_words, monkeypatch, caplog, capfd
):
    monkeypatch.setattr(job, "_printed", works.stumbling)
    monkeypatch.setattr(press, "_context", multiprocessing.get_context("fork"))  # which takes the patch along
    with refused(Unprintable, NoSheet.STUMBLED):
        press.print(few_words)
    told = caplog.text + "".join(capfd.readouterr())
    assert "KeyError" in told
    assert "works.py" in told
    assert "Bill" not in told


def test_a_third_job_waits_and_then_is_told_that_the_press_is_taken(few_words, monkeypatch):
    press = Press(at_once=2, wait_s=0.3, wall_s=2.0)
    monkeypatch.setattr(job, "sheet", works.asleep)

    def sleeper() -> None:
        with pytest.raises(Unprintable):
            press.print(few_words)

    sleepers = [threading.Thread(target=sleeper) for _ in range(2)]
    for thread in sleepers:
        thread.start()
    time.sleep(0.5)
    with refused(Busy, NoSheet.BUSY):
        press.print(few_words)
    for thread in sleepers:
        thread.join()


def test_eight_at_once_all_get_their_own_sheet(press, written):
    texts = [written(f"Bay {number} is mended. " * 10 * number, headline=f"Bay {number}") for number in range(1, 9)]
    alone = [press.print(text, fit=False).pdf for text in texts]
    assert len(set(alone)) == 8
    sheets: dict[int, bytes] = {}

    def printing(number: int) -> None:
        sheets[number] = press.print(texts[number], fit=False).pdf

    threads = [threading.Thread(target=printing, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sheets[number] for number in range(8)] == alone


def test_no_job_is_left_behind(press, few_words):
    press.print(few_words)
    children = subprocess.run(["ps", "-eo", "ppid,stat,args"], capture_output=True, text=True, check=True).stdout
    assert not [row for row in children.splitlines() if row.split()[1].startswith("Z") and "forkserver" in row]


def test_the_press_mends_itself_when_its_server_dies(press, few_words):
    from multiprocessing import forkserver

    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    time.sleep(0.2)
    assert press.print(few_words).pdf
