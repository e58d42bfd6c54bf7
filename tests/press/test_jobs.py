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

from bulletin.press import jobs
from bulletin.press.jobs import Busy, Press, Unprintable
from bulletin.press.mistake import NoSheet
from bulletin.sentences import say
from tests.refusals import refused

from .conftest import case

pytestmark = pytest.mark.usefixtures("can_print")

PATIENT_S = 120  # for a job that is to come back, however busy the machine


def asleep(*_args: object) -> None:
    time.sleep(60)


def looping(*_args: object) -> None:
    while True:
        pass


def dying(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def press() -> Press:
    press = Press()
    press.start()
    assert press.works()
    return press


def test_a_sheet_comes_back_from_a_warm_press(press, northfield):
    sheet = press.print(northfield)
    assert sheet.pdf.startswith(b"%PDF")
    assert len(sheet.fullness) == 2
    assert sheet.warm, "the job had to import WeasyPrint itself: the preload failed"


def test_a_text_that_is_too_long_gets_its_sentence(press, written):
    with pytest.raises(Unprintable) as told:
        press.print(written("We counted the boxes again.\n\n" * 1500))
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


@pytest.mark.parametrize("job", [asleep, looping, dying])
def test_a_job_that_does_not_end_or_dies_is_ended_and_the_press_goes_on(press, northfield, monkeypatch, job):
    monkeypatch.setattr(press, "_wall_s", 1.0)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "_print", job)
        started = time.monotonic()
        with refused(Unprintable, NoSheet.TOO_MUCH):
            press.print(northfield)
        assert time.monotonic() - started < 5
    monkeypatch.setattr(press, "_wall_s", PATIENT_S)
    assert press.print(northfield).pdf


def stumbling(*_args: object) -> None:
    raise KeyError("Bill Turner, 0170 123")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_mistake_of_the_press_is_owned_up_to_and_logged_without_the_words(
    press, northfield, monkeypatch, caplog, capfd
):
    monkeypatch.setattr(jobs, "_printed", stumbling)
    monkeypatch.setattr(press, "_context", multiprocessing.get_context("fork"))  # which takes the patch along
    with refused(Unprintable, NoSheet.STUMBLED):
        press.print(northfield)
    told = caplog.text + "".join(capfd.readouterr())
    assert "KeyError" in told
    assert "test_jobs.py" in told
    assert "Bill" not in told


def test_a_third_job_waits_and_then_is_told_that_the_press_is_taken(northfield, monkeypatch):
    press = Press(at_once=2, wait_s=0.3, wall_s=2.0)
    monkeypatch.setattr(jobs, "_print", asleep)

    def sleeper() -> None:
        with pytest.raises(Unprintable):
            press.print(northfield)

    sleepers = [threading.Thread(target=sleeper) for _ in range(2)]
    for thread in sleepers:
        thread.start()
    time.sleep(0.5)
    with refused(Busy, NoSheet.BUSY):
        press.print(northfield)
    for thread in sleepers:
        thread.join()


def test_eight_at_once_all_get_their_own_sheet(press):
    names = ["regular-northfield", "no-deal-harbour", "udhr-en", "udhr-es"] * 2
    alone = {name: press.print(case(name), fit=False).pdf for name in set(names)}
    sheets: dict[int, bytes] = {}

    def printing(number: int, name: str) -> None:
        sheets[number] = press.print(case(name), fit=False).pdf

    threads = [threading.Thread(target=printing, args=item) for item in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sheets[number] for number in range(8)] == [alone[name] for name in names]


def test_no_job_is_left_behind(press, northfield):
    press.print(northfield)
    children = subprocess.run(["ps", "-eo", "ppid,stat,args"], capture_output=True, text=True, check=True).stdout
    assert not [row for row in children.splitlines() if row.split()[1].startswith("Z") and "forkserver" in row]


def test_the_press_mends_itself_when_its_server_dies(press, northfield):
    from multiprocessing import forkserver

    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    time.sleep(0.2)
    assert press.print(northfield).pdf
