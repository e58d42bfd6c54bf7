"""Bodies are read before the database is asked for anything, and in memory alone."""

from __future__ import annotations

import io
import re
import time
import unicodedata
import uuid

import pytest
from flask import request

from bulletin.config import BODY_MAX
from bulletin.db import db
from bulletin.web.guard import bodies
from tests.web.house import SITE, House, Person, house  # noqa: F401

FORM = "application/x-www-form-urlencoded"
WORDS = "abacus abdomen abdominal abide abiding ability"
MARKS = "".join(chr(code) for code in range(0x300, 0x370) if unicodedata.combining(chr(code)))


class Slow(io.BytesIO):
    """A body that is still under way: notes whether the database is kept waiting for it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reads, self.kept_waiting = 0, False

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        self.kept_waiting |= db.session().in_transaction()
        return super().read(size)

    def readinto(self, buffer: object, /) -> int:
        self.reads += 1
        self.kept_waiting |= db.session().in_transaction()
        return super().readinto(buffer)  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [20, BODY_MAX + 20, max(bodies.LONGER.values()) + 20])
def test_no_transaction_is_open_while_a_body_is_read(house: House, length: int) -> None:  # noqa: F811
    rosa = house.rosa()
    sent, read = b"label=" + b"a" * (length - 6), 0
    for rule in house.app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.endpoint in ("devices.end_all", "devices.hide", "signing_in.end"):
            continue
        url = rule.rule.replace("/sites/<uuid:site_id>", rosa.site)
        url = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), url)
        url = re.sub(r"<\w+:?\w*>", "1", url)
        body = Slow(sent)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Length": str(length)}
        kept = rosa.client.get_cookie("device").value
        rosa.client.post(url, input_stream=body, headers=headers, content_type=FORM, base_url=rosa.base)
        rosa.client.set_cookie("device", kept)
        read += body.reads > 0
        assert not body.kept_waiting, rule
    assert read > 20


def test_a_body_of_unknown_length_ends_at_the_limit(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    for length, status in ((20, 303), (BODY_MAX + 20, 413)):
        answer = rosa.client.post(
            "/devices/current/label",
            input_stream=io.BytesIO(b"label=" + b"a" * (length - 6)),
            headers={"Sec-Fetch-Site": "same-origin", "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
            content_type=FORM,
            base_url=rosa.base,
        )
        assert answer.status_code == status


def test_a_picture_may_be_longer_and_is_kept_off_the_disk(house: House) -> None:  # noqa: F811
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        + b"a" * 2_000_000
        + b"\r\n--x--"
    )
    sent = {"data": parts, "content_type": "multipart/form-data; boundary=x"}
    with house.app.test_request_context("/", method="POST", **sent):
        request.max_content_length = bodies.LONGER["pictures.create"]
        assert isinstance(request.files["file"].stream, io.BytesIO)


def test_accents_without_end_are_refused_at_once(house: House) -> None:  # noqa: F811
    endless = "a" + "".join(mark * 600 for mark in reversed(MARKS))

    def refuses(person: Person, path: str, field: str, **others: str) -> None:
        fields = {"handle": "Rosa", "secret": "words", "place": "own", "step": "typed", "locked": "AAAA", **others}
        begun = time.process_time()
        answer = person.sends(path, **{**fields, field: endless})
        assert time.process_time() - begun < 2, (path, field)
        assert answer.status_code in (200, 422), (path, field)

    founder = house.person()
    for field in ("code", "handle", "typed", "network", "site_name"):
        refuses(founder, "/foundings", field, code=house.code, network="Northfield", typed=WORDS, **SITE)
    rosa, stranger = house.rosa(), house.person()
    code = rosa.invites()
    stranger.opens("/sign-in")
    for field in ("handle", "words", "label"):
        refuses(stranger, "/sign-in", field, words=rosa.phrase)
    for field in ("code", "handle", "typed"):
        refuses(stranger, "/invitations/answers", field, code=code, typed=WORDS)
    for path in ("/previews", "/manuscripts"):
        refuses(stranger, path, "manuscript")
    rosa.sends("/devices/current/hiding")
    rosa.opens("/sign-in")
    refuses(rosa, "/devices/current/key", "words")
