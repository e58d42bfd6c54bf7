"""GET /up says whether app and press work, and cannot be used to keep the press busy."""

from __future__ import annotations

import threading

from bulletin.web.portability import status


def test_it_is_up_when_the_press_works(rosa):
    response = rosa.opens("/up")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_it_is_not_up_when_the_press_does_not_work(rosa, press):
    press.working = False
    assert rosa.opens("/up").status_code == 503


def test_the_press_is_asked_once_however_often_somebody_asks(rosa, press):
    for _ in range(20):
        rosa.opens("/up")
    assert press.asked == 1


def test_an_old_answer_is_not_believed(rosa, press, monkeypatch):
    monkeypatch.setattr(status, "FRESH_S", 0.0)
    assert rosa.opens("/up").status_code == 200
    press.working = False
    assert rosa.opens("/up").status_code == 503


def test_while_one_waits_for_the_press_others_get_the_answer_before(press, monkeypatch):
    monkeypatch.setattr(status, "FRESH_S", 0.0)
    check = status.PressCheck()
    assert check.works(press)
    asked, release = threading.Event(), threading.Event()

    class SlowPress:
        def works(self):
            asked.set()
            return not release.wait(10)

    first = threading.Thread(target=check.works, args=(SlowPress(),))
    first.start()
    assert asked.wait(10)
    assert check.works(SlowPress())
    release.set()
    first.join()
    assert not check.answer
