"""GET /up says whether app and press work, and cannot be used to keep the press busy."""

from __future__ import annotations

import resource
import signal
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
    check = status.Check()
    assert check.passes(press.works)
    asked, release = threading.Event(), threading.Event()

    class SlowPress:
        def works(self):
            asked.set()
            return not release.wait(10)

    first = threading.Thread(target=check.passes, args=(SlowPress().works,))
    first.start()
    assert asked.wait(10)
    assert check.passes(SlowPress().works)
    release.set()
    first.join()
    assert not check.answer


def test_it_is_not_up_where_nothing_can_be_written(app, rosa, monkeypatch):
    """On PostgreSQL, whose files lie elsewhere, forgetting somebody answered 500 then."""
    monkeypatch.setattr(status, "FRESH_S", 0.0)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (status.ROOM_BYTES - 1, hard))
    try:
        full = rosa.opens("/up")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert full.status_code == 503
    assert rosa.opens("/up").status_code == 200
    monkeypatch.setattr(app, "instance_path", f"{app.instance_path}/nowhere")
    assert rosa.opens("/up").status_code == 503
