"""Who sends slowly, or takes slowly, keeps nobody else waiting: the server as it runs, and bare sockets."""

from __future__ import annotations

import base64
import contextlib
import secrets
import socket
import time
import uuid
from collections.abc import Iterator

import pytest

from bulletin import arrivals, request_heads
from bulletin.config import BODY_MAX

from .served import AMBIGUOUS, GRACE_S, SOON_S, Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as one:
        yield one


def test_who_sends_nothing_or_half_takes_nobodys_place(served: Served) -> None:
    halves = {
        "nothing": b"",
        "half a header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "half a body": served.post("Content-Length: 100", "handle="),
        "half a long body": served.post(f"Content-Length: {BODY_MAX * 2}", "handle="),
        "half a body in chunks": served.post("Transfer-Encoding: chunked", "5\r\nhan"),
    }
    for name, half in halves.items():
        with served.waiting(half):
            assert served.answers_soon(), name


def test_who_does_not_take_the_answer_or_hang_up_takes_nobodys_place(served: Served) -> None:
    for name, sent in {
        "takes nothing": served.get("/static/kinds.webp") * 3,
        "does not hang up": served.get("/protection", "Connection: close\r\n"),
    }.items():
        with served.waiting(sent):
            assert served.answers_soon(), name


def test_where_the_hall_is_full_who_has_waited_longest_is_sent_away(served: Served) -> None:
    with served.waiting(b"GET / HTTP/1.1\r\n", arrivals.HALL_MAX + 10) as sockets:
        assert served.answers_soon()
        assert sockets[0].recv(1) == b""
        sockets[-1].sendall(b"Host: 127.0.0.1\r\n\r\n")
        assert sockets[-1].recv(12) == b"HTTP/1.1 200"


def test_bodies_that_wait_take_a_bounded_room(served: Served) -> None:
    half = served.post(f"Content-Length: {BODY_MAX}", "a" * (BODY_MAX - 1))
    with served.waiting(half, arrivals.HELD_MAX // BODY_MAX + 5) as sockets:
        assert served.answers_soon()
        with contextlib.suppress(ConnectionError):  # with what it sent unread
            assert sockets[0].recv(1) == b""


def test_who_is_late_is_sent_away(served: Served) -> None:
    begun = time.monotonic()
    for half in (b"GET / HTTP/1.1\r\n", served.post("Content-Length: 100", "handle=")):
        assert served.answer(half) == b""
    assert served.answer(served.post("Transfer-Encoding: chunked", "5\r\nhan")).startswith(b"HTTP/1.1 400")
    assert time.monotonic() - begun < 3 * (GRACE_S + SOON_S)


def test_who_sends_slowly_but_steadily_is_answered(served: Served) -> None:
    body = "handle=Rosa&words=a"
    with served.waiting(served.post(f"Content-Length: {len(body)}"), 1) as [one]:
        for letter in body:
            one.sendall(letter.encode())
            time.sleep(0.02)
        assert one.recv(12) == b"HTTP/1.1 422"


def test_a_malformed_body_is_the_senders_mistake(served: Served) -> None:
    for body in ("ZZ\r\n", "2\r\nabcd\r\n0\r\n\r\n"):
        assert served.answer(served.post("Transfer-Encoding: chunked", body)).startswith(b"HTTP/1.1 400")
    assert served.answer(served.post("Content-Length: x")).startswith(b"HTTP/1.1 400")
    assert "Traceback" not in served.log.read_text()


@pytest.mark.parametrize("who", ["", "Cookie: device=AAAA\r\n"], ids=["a stranger", "with a device"])
def test_what_two_readers_could_read_differently_is_refused_and_nothing_after_it_is_read(
    served: Served, who: str
) -> None:
    hidden = served.get("/kinds").decode()
    for name, sent in AMBIGUOUS.items():
        answer = served.answer(served.post(who + sent[0], sent[1] + hidden))
        assert answer.startswith(b"HTTP/1.1 400"), (name, answer[:200])
        assert answer.count(b"HTTP/1.1") == 1, name
    assert "Traceback" not in served.log.read_text()
    end = time.monotonic() + 10
    while served.refused("unreadable") < len(AMBIGUOUS) - 1:  # with the next sweep; a chunk is read with the body
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_whole_body_is_a_body_however_much_of_it_looks_like_a_request(served: Served) -> None:
    """The attack as it was: the hall read no length of thirteen digits, and what was sent after it stood alone."""
    for length in ("Content-Length: {:013}", "Content-Length: {:020}", "Content-Length: {}"):
        hidden = served.get("/kinds").decode()
        sent = served.post(length.format(len(hidden)), hidden) + served.get("/protection", "Connection: close\r\n")
        answer = served.answer(sent)
        assert b"Which kind" not in answer
        assert answer.count(b"HTTP/1.1") == (1 if "{}" not in length else 2), answer


PICTURES = f"/sites/{uuid.uuid4()}/bulletins/{uuid.uuid4()}/pictures"
LONG = f"Content-Length: {BODY_MAX * 2}"


def test_strangers_take_no_place_for_uploads_however_many_devices_they_invent(served: Served) -> None:
    """The attack as it was: six of them had all places, as long as they sent a byte now and then."""

    def invented() -> str:
        secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        return f"Cookie: device={secret}; browser={secret}; __Host-browser={secret}.{secret}\r\n"

    with contextlib.ExitStack() as all_of_them:
        for _ in range(arrivals.SLOW_MAX + 2):
            one = all_of_them.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
            one.sendall(served.post(f"{invented()}Transfer-Encoding: chunked", "5\r\nhan"))
        known = f"Cookie: {served.known_cookie()}\r\nConnection: close\r\n{LONG}"
        assert served.answer(served.post(known, "a" * BODY_MAX * 2, PICTURES)).startswith(b"HTTP/1.1 403")


def test_a_stranger_is_asked_who_they_are_before_an_upload_is_read(served: Served) -> None:
    for who in ("", "Cookie: device=AAAA\r\n"):
        answer = b""
        while not answer:  # the one place for strangers may be taken still: who was there before is on their way out
            answer = served.answer(served.post(f"{who}{LONG}", "handle=", PICTURES))
        assert answer.startswith(b"HTTP/1.1 403")
        assert b"You are not signed in here" in answer


def test_one_browser_takes_not_all_places_for_uploads(served: Served) -> None:
    one = f"Cookie: {served.known_cookie()}\r\n{LONG}"
    with served.waiting(served.post(one, "handle=", PICTURES), 2 * arrivals.SLOW_MAX):
        known = f"Cookie: {served.known_cookie()}\r\nConnection: close\r\n{LONG}"
        assert served.answer(served.post(known, "a" * BODY_MAX * 2, PICTURES)).startswith(b"HTTP/1.1 403")


def test_what_is_sound_but_unusual_is_answered(served: Served) -> None:
    last = served.get("/protection", "Connection: close\r\n")
    assert served.answer(served.get("/protection") * 3 + last).count(b"HTTP/1.1 200") == 4
    chunked = served.post("Transfer-Encoding: chunked\r\nConnection: close", "8\r\nhandle=R\r\n0\r\n\r\n")
    assert served.answer(chunked).startswith(b"HTTP/1.1 422")
    asks_first = served.post("Expect: 100-continue\r\nConnection: close\r\nContent-Length: 8", "handle=R")
    assert b"HTTP/1.1 422" in served.answer(asks_first)
    too_long = served.post(f"Content-Length: {BODY_MAX + 1}\r\nConnection: close", "a" * (BODY_MAX + 1))
    assert served.answer(too_long).startswith(b"HTTP/1.1 413")
    endless = b"GET / HTTP/1.1\r\nX: " + b"a" * request_heads.HEAD_MAX + b"\r\n\r\n"
    assert served.answer(endless).startswith(b"HTTP/1.1 431")


def test_where_nobody_comes_the_log_is_emptied_all_the_same(served: Served) -> None:
    end = time.monotonic() + 10
    while served.wal.stat().st_size:
        assert time.monotonic() < end, "what was overwritten is still there"
        time.sleep(0.1)
