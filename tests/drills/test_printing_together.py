"""Thirty people print different texts at once: somebody else's first page is there all the same."""

from __future__ import annotations

import collections
import concurrent.futures
import pathlib
import threading
import time
import urllib.parse

import pytest

from tests import served

pytestmark = [pytest.mark.attack, pytest.mark.usefixtures("can_print")]

PEOPLE = 30
FOR_S = 20  # they go on printing
AGAIN_S = 5  # after a refusal; again.js is as patient
PAGE_S = 4  # until somebody else's page is there, at most, on a machine that has other things to do
HEAD = "---\nkind: regular\nheadline: Nobody drives alone {number}\nlanguage: en\n---\n"
TEXT = HEAD + "Three drivers were sent home on Monday. The shift went with them, and {number} wrote it down.\n\n" * 25


def test_thirty_who_print_keep_nobodys_page_waiting(tmp_path: pathlib.Path) -> None:
    with served.serving(tmp_path) as server:
        page = server.get("/protection", "Connection: close\r\n")

        def prints(number: int) -> bytes:
            body = urllib.parse.urlencode({"manuscript": TEXT.format(number=number), "paper": "a4"})
            head = f"Connection: close\r\nContent-Length: {len(body)}"
            return server.answer(server.post(head, body, "/sheets"), timeout_s=60)

        for sent in (prints(1), server.answer(page)):  # so that press and templates are warm
            assert sent.startswith(b"HTTP/1.1 200")
        over, stop = time.monotonic() + FOR_S, threading.Event()
        took: list[float] = []
        statuses: collections.Counter[str] = collections.Counter()

        def keeps_printing(number: int) -> None:
            turn = 0
            while time.monotonic() < over:
                turn += 1
                answer = prints(number * 1000 + turn)
                statuses[answer[9:12].decode()] += 1
                if answer[9:12] == b"503":
                    assert b"\r\nRetry-After: 10\r\n" in answer
                    assert b"wrote it down" in answer, "what was typed is still there"
                    stop.wait(AGAIN_S)

        with concurrent.futures.ThreadPoolExecutor(PEOPLE) as hands:
            done = [hands.submit(keeps_printing, number) for number in range(PEOPLE)]
            while time.monotonic() < over:
                begun = time.monotonic()
                assert server.answer(page).startswith(b"HTTP/1.1 200")
                took.append(time.monotonic() - begun)
                stop.wait(0.1)
            for one in done:
                one.result()
    print(f"{len(took)} pages, the first in {took[0]:.2f} s, the slowest in {max(took):.2f} s; printing: {statuses}")
    assert set(statuses) == {"200", "503"}
    assert max(took) < PAGE_S
