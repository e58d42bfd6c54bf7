"""Crowds at the press and at the door: somebody else's page is there all the same."""

from __future__ import annotations

import collections
import concurrent.futures
import pathlib
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

import pytest

from tests import served

pytestmark = pytest.mark.attack

PEOPLE = 30
FOR_S = 20  # they go on
AGAIN_S = 5  # after a refusal; again.js is as patient
PAGE_S = 4  # until somebody else's page is there, at most, on a machine that has other things to do
HEAD = "---\nkind: regular\nheadline: Nobody drives alone {number}\nlanguage: en\n---\n"
TEXT = HEAD + "Three drivers were sent home on Monday. The shift went with them, and {number} wrote it down.\n\n" * 25
WRONG = "abacus abdomen abdominal abide abiding ability"


class Crowd:
    """Thirty people who do one thing again and again, and one who only wants a page."""

    def __init__(self, server: served.Served) -> None:
        self.server, self.stop = server, threading.Event()
        self.page = server.get("/protection", "Connection: close\r\n")
        self.took: list[float] = []
        self.statuses: collections.Counter[str] = collections.Counter()

    def post(self, path: str, more: str = "", **fields: str) -> bytes:
        body = urllib.parse.urlencode(fields)
        head = f"{more}Connection: close\r\nContent-Length: {len(body)}"
        return self.server.answer(self.server.post(head, body, path), timeout_s=60)

    def goes_on(self, does: Callable[[int], bytes]) -> None:
        """Each of them does it until it is over, and waits a moment where it was refused."""
        over = time.monotonic() + FOR_S
        assert self.server.answer(self.page).startswith(b"HTTP/1.1 200")  # its templates are compiled by now

        def one(number: int) -> None:
            turn = 0
            while time.monotonic() < over:
                turn += 1
                answer = does(number * 1000 + turn)
                self.statuses[answer[9:12].decode()] += 1
                if answer[9:12] == b"503":
                    assert re.search(rb"\r\nRetry-After: \d+\r\n", answer)
                    self.stop.wait(AGAIN_S)

        with concurrent.futures.ThreadPoolExecutor(PEOPLE) as hands:
            done = [hands.submit(one, number) for number in range(PEOPLE)]
            while time.monotonic() < over:
                begun = time.monotonic()
                assert self.server.answer(self.page, timeout_s=60).startswith(b"HTTP/1.1 200")
                self.took.append(time.monotonic() - begun)
                self.stop.wait(0.1)
            for each in done:
                each.result()
        slowest, first = max(self.took), self.took[0]
        print(f"{len(self.took)} pages, the first in {first:.2f} s, the slowest in {slowest:.2f} s; {self.statuses}")


@pytest.fixture
def crowd(tmp_path: pathlib.Path) -> Iterator[Crowd]:
    with served.serving(tmp_path) as server:
        yield Crowd(server)


@pytest.mark.usefixtures("can_print")
def test_thirty_who_print_keep_nobodys_page_waiting(crowd: Crowd) -> None:
    def prints(number: int) -> bytes:
        answer = crowd.post("/sheets", manuscript=TEXT.format(number=number), paper="a4")
        assert answer.startswith(b"HTTP/1.1 200") or b"wrote it down" in answer, "what was typed is still there"
        return answer

    assert prints(1).startswith(b"HTTP/1.1 200")  # the press is warm
    crowd.goes_on(prints)
    assert set(crowd.statuses) == {"200", "503"}
    assert max(crowd.took) < PAGE_S


def test_thirty_strangers_at_the_door_keep_nobodys_page_waiting(crowd: Crowd) -> None:
    def guesses(_: int) -> bytes:
        page = crowd.server.answer(crowd.server.get("/sign-in", "Connection: close\r\n"))
        cookie = re.search(rb"Set-Cookie: (browser=[^;]+)", page)
        assert cookie is not None
        return crowd.post("/sign-in", f"Cookie: {cookie[1].decode()}\r\n", handle="Rosa", words=WRONG, place="own")

    crowd.goes_on(guesses)
    assert set(crowd.statuses) == {"422", "503"}
    assert max(crowd.took) < PAGE_S
