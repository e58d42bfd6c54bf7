"""One reading of a head: however it arrives, and whatever it is."""

from __future__ import annotations

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.unreader import IterUnreader
from hypothesis import example, given, settings, strategies as st

from bulletin.config import BODY_MAX
from bulletin.request_heads import DIGITS_MAX, HEAD_MAX, NotAllHere, OneReading, Parser

WHO = ("127.0.0.1", 1)
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: here\r\n"
LINES = (
    b"Content-Length: 7",
    b"Content-Length: 07",
    b"Transfer-Encoding: chunked",
    b" folded",
    b"X: 1\nY: 2",
    b"Expect: x",
)


class Nothing(IterUnreader):
    """Nothing more has come."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        raise NotAllHere


def read(*pieces: bytes) -> OneReading | None:
    """What a parser makes of a request that comes in these pieces."""
    parser, data = Parser(Config(), iter(()), WHO), bytearray()
    parser.unreader = Nothing(iter(()))
    for piece in pieces:
        data += piece
        if piece and (request := parser.read_head(data, len(piece))) is not None:
            return request
    return None


def outcome(*pieces: bytes) -> object:
    try:
        request = read(*pieces)
    except ParseException as error:
        return type(error)
    return request and (request.method, request.uri, request.length, request.headers)


heads = st.one_of(
    st.binary(max_size=60),
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=12)), max_size=4).map(
        lambda lines: HEAD + b"\r\n".join(lines) + b"\r\n\r\nhandle="
    ),
)


@settings(max_examples=150)
@given(heads, st.integers(1, 12))
@example(b"\r\n\r\n", 1)
@example(HEAD + b"Content-Length: \xb2\r\n\r\n", 5)
def test_a_head_is_read_alike_in_one_piece_and_in_many_or_refused(sent: bytes, size: int) -> None:
    whole = outcome(sent)
    in_pieces = outcome(*(sent[at : at + size] for at in range(0, len(sent), size)))
    refused = isinstance(whole, type), isinstance(in_pieces, type)
    assert whole == in_pieces or all(refused)  # whatever is wrong with it first


@given(st.integers(0, 10**DIGITS_MAX - 1))
def test_a_length_is_what_it_says(length: int) -> None:
    request = read(HEAD + b"Content-Length: %d\r\n\r\n" % length)
    assert request is not None
    assert request.length == length
    assert request.is_long is (length > BODY_MAX)


@settings(max_examples=50)
@given(st.text("0123456789", min_size=1, max_size=25))
def test_a_length_that_is_written_otherwise_is_refused(written: str) -> None:
    plain = written == str(int(written)) and len(written) <= DIGITS_MAX
    assert isinstance(outcome(HEAD + b"Content-Length: " + written.encode() + b"\r\n\r\n"), type) is not plain


def test_a_head_that_does_not_end_is_refused_when_it_is_too_long() -> None:
    assert isinstance(outcome(HEAD + b"X: " + b"a" * HEAD_MAX), type)
    assert isinstance(outcome(HEAD, b"X: " + b"a" * 8000, b"a" * HEAD_MAX), type)


@pytest.mark.parametrize(
    "line", [b"GET http://elsewhere/ HTTP/1.1", b"GET here:80 HTTP/1.1", b"CONNECT here:80 HTTP/1.1"]
)
def test_an_address_that_names_another_host_than_the_header_is_refused(line: bytes) -> None:
    assert isinstance(outcome(line + b"\r\nHost: here\r\n\r\n"), type)


def test_who_waits_to_be_told_to_go_on_is_one_of_the_slow() -> None:
    request = read(HEAD + b"Expect: 100-continue\r\nContent-Length: 7\r\n\r\n")
    assert request is not None
    assert request.is_long
