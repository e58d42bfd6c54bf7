"""Requests as they arrive: no thread is given to one before it is here.

gunicorn gives each connection a thread, which waits for what it sends: eight that send nothing stop the house. Here
they wait in a hall, watched by the one thread that listens, and where it is full who has waited longest is sent away.
docs/requests.md shows it step by step.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import selectors
import socket
import struct
import termios
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import ThreadWorker

from .request_heads import NotAllHere, OneReading, Parser

CONNECTIONS = 600
HALL_MAX = 300  # connections that have not sent all yet
HELD_MAX = 12 * 1024 * 1024  # bytes of requests, in the hall or before a thread
SLOW = 3  # threads for what is too long to be held: pictures
SLOW_MAX = 6  # such requests at once, those that wait for a thread too; of these
EACH_MAX, STRANGERS_MAX = 2, 1  # from one browser that the server knows, and from all others together
GRACE_S = 20  # from the first byte to the last; and, for each
RATE = 8 * 1024  # bytes, one second more: a picture of 25 MB may take an hour
TAKEN_S = 30  # until a client has taken what does not go into
SEND_BUFFER = 1024 * 1024  # bytes, into which nearly every answer goes at once
UNTAKEN_MAX = 64 * 1024  # bytes of the last answer that a client has not taken when it asks again; browsers take all
LEAVING_S = 2  # between our end of a connection and the client's
LOOK_S = 1  # how often it is looked who is late


def _late(began: float, received: int) -> float:
    """The moment after which it takes too long."""
    return began + GRACE_S + received / RATE


@contextlib.contextmanager
def _gone_when_late() -> Iterator[None]:
    """Who is late counts as gone, and gunicorn's log says nothing of them."""
    try:
        yield
    except TimeoutError:
        raise ConnectionResetError(errno.ECONNRESET, "late") from None


def _untaken(sock: socket.socket) -> int:
    """How many bytes of its answers a client has not taken yet; 0 where the system does not say."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, struct.pack("i", 0)))[0])
    except OSError:
        return 0


class _Arrival:
    """What one connection has sent so far of its next request."""

    def __init__(self, parser: Parser) -> None:
        self.parser, self.data, self.began = parser, bytearray(), time.monotonic()
        self.held = 0  # bytes, with the head's
        self.request: OneReading | None = None  # once its head is here; then `data` is what came of the body
        self.leaving = False

    @property
    def late(self) -> float:
        return self.began + LEAVING_S if self.leaving else _late(self.began, self.held)

    @property
    def is_long(self) -> bool:
        """Is it to be read in a thread, as one of the slow?"""
        return self.request is not None and self.request.is_long

    def add(self, piece: bytes) -> None:
        """Raises ParseException where the head is not one, or could be read differently by somebody else."""
        self.data += piece
        self.held += len(piece)
        if piece and self.request is None and not self.leaving:
            self.request = self.parser.read_head(self.data, len(piece))
            if self.request is not None:
                self.data = bytearray(self.parser.unreader.take_buffered())

    def is_here(self) -> bool:
        """Can a thread take it, without waiting or as one of the slow?"""
        return self.request is not None and (self.request.is_long or len(self.data) >= (self.request.length or 0))


class _Here(SocketUnreader):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn reads from: what is here already and, for one of the slow, its socket as long as it is not late."""

    began: float | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.began is None:
            raise NotAllHere
        left = _late(self.began, self.received) - time.monotonic()
        with _gone_when_late():
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            piece: bytes = super().chunk(size_hint)
        self.sock.settimeout(TAKEN_S)
        self.received += len(piece)
        return piece

    def begin(self) -> None:
        self.began, self.received = time.monotonic(), 0


class _Body:
    """A body's reader; where the body is malformed it breaks off, as where the client has gone."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def read(self, size: int) -> bytes:
        try:
            piece: bytes = self.reader.read(size)
        except ParseException:
            raise ConnectionAbortedError from None
        return piece


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, behind the hall."""

    @staticmethod
    def known_by(_headers: Iterable[tuple[str, str]]) -> bytes | None:
        """The browser that sends these headers, if the server knows it; the application says, once it is there."""
        return None

    @staticmethod
    def count_unreadable() -> None:
        """A request was refused because two could read it differently; the application counts, once it is there."""

    def init_process(self) -> None:
        self.hall: dict[Any, _Arrival] = {}  # by connection, the oldest first
        self.held = 0
        self.looked_at = 0.0
        self.slow_pool = ThreadPoolExecutor(SLOW)
        self.slow: dict[
            Any, bytes | None
        ] = {}  # connections whose requests are too long to be held: from which browser?
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """A connection from which a request is expected: new, kept, or with the next one sent already."""
        conn.data_ready = True  # by gunicorn's reckoning: nobody waits for it in a thread
        conn.init()
        if not isinstance(conn.parser, Parser):
            conn.parser = Parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = _Here(conn.sock)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        conn.parser.unreader.began = None
        sent_already = conn.parser.unreader.take_buffered()
        self._let_in(conn)
        self._add(conn, sent_already)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """In a thread: answer."""
        req.body.reader = _Body(req.body.reader)
        conn.sock.settimeout(TAKEN_S)
        with _gone_when_late():
            return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:
        """Keep the connection, or see it out: the last words may still be on their way."""
        self.held -= conn.held
        self.slow.pop(conn, None)
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        self._see_out(conn)

    def murder_pending(self) -> None:
        """Send away who is late."""
        now = time.monotonic()
        if now - self.looked_at < LOOK_S and self.alive:
            return
        self.looked_at = now
        for conn, arrival in list(self.hall.items()):
            if arrival.late <= now or not (self.alive or arrival.held):
                self._send_away(conn)

    def _let_in(self, conn: Any) -> _Arrival:
        arrival = self.hall[conn] = _Arrival(conn.parser)
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, functools.partial(self._receive, conn))
        return arrival

    def _see_out(self, conn: Any) -> None:
        """End our side, and wait a moment for the other; gunicorn would wait here, and everybody with it."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            self._let_in(conn).leaving = True

    def _receive(self, conn: Any, _: Any) -> None:
        arrival = self.hall.get(conn)
        if arrival is None:
            return  # sent away a moment ago
        try:
            piece = conn.sock.recv(64 * 1024)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self._send_away(conn)
        elif not arrival.leaving:
            self._add(conn, piece)

    def _add(self, conn: Any, piece: bytes) -> None:
        """What has come; and is it all?"""
        arrival = self.hall[conn]
        self.held += len(piece)
        try:
            arrival.add(piece)
        except ParseException as error:
            self.held -= self._leave_hall(conn).held
            self.count_unreadable()
            self.handle_error(None, conn.sock, conn.client, error)  # which does not wait: the socket does not
            self._see_out(conn)
            return
        if arrival.is_here():
            self._hand_on(conn)
        self._make_room()

    def _hand_on(self, conn: Any) -> None:
        """Give it to a thread as soon as there is one; or send it away: it takes no answers, or it is full here."""
        arrival = self.hall[conn]
        browser = self.known_by(arrival.request.headers) if arrival.request and arrival.is_long else None
        if (arrival.is_long and self._is_crowded_for(browser)) or _untaken(conn.sock) > UNTAKEN_MAX:
            self._send_away(conn)
            return
        if arrival.is_long:
            self.slow[conn] = browser
        self._leave_hall(conn)
        conn.held = arrival.held
        conn.parser.unreader.unread(bytes(arrival.data))
        pool, handle = (self.slow_pool, self._handle_slow) if arrival.is_long else (self.tpool, self.handle)
        done = pool.submit(handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def _is_crowded_for(self, browser: bytes | None) -> bool:
        """Is there no place for one more long request from here? None: a browser the server does not know."""
        alike = sum(one == browser for one in self.slow.values())
        return len(self.slow) >= SLOW_MAX or alike >= (STRANGERS_MAX if browser is None else EACH_MAX)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """In a thread: is the connection good for another request? What was not read of a body is not waited for."""
        conn.parser.unreader.began = None
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except NotAllHere:
            return False

    def _handle_slow(self, conn: Any) -> Any:
        conn.parser.unreader.begin()
        return self.handle(conn)

    def _make_room(self) -> None:
        # Who sends at once is never among them: it is here a moment later.
        while self.hall and (len(self.hall) > HALL_MAX or self.held > HELD_MAX):
            self._send_away(next(iter(self.hall)))

    def _send_away(self, conn: Any) -> None:
        self.held -= self._leave_hall(conn).held
        self._close(conn)

    def _leave_hall(self, conn: Any) -> _Arrival:
        self.poller.unregister(conn.sock)
        return self.hall.pop(conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()
