"""Who listens to how long answers are learns of no secret by it: what is compressed, for whom, and what never is."""

from __future__ import annotations

import gzip

import pytest

from bulletin.web.guard import compression
from tests.homes import ON_SQLITE
from tests.web.house import Person, house  # noqa: F401

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
OURS = {**GZIP, "Sec-Fetch-Site": "same-origin"}
FROM = "Sec-Fetch-Site"


def is_compressed(person: Person, path: str, headers: dict[str, str], method: str = "GET", **more) -> bool:
    answer = person.client.open(path, method=method, headers=headers, base_url=person.base, **more)
    if answer.content_encoding != "gzip":
        return False
    assert gzip.decompress(answer.data).startswith(b"<!doctype html>")
    assert answer.content_length == len(answer.data)
    assert "Accept-Encoding" in answer.vary
    return True


@ON_SQLITE
def test_a_strangers_page_cannot_have_a_members_page_compressed_that_repeats_its_guess(house):  # noqa: F811
    """BREACH: whoever leads a member's browser here with a guess, and listens, sees whether the answer is shorter."""
    rosa = house.rosa()
    contacts = f"{rosa.site}/contacts"
    assert is_compressed(rosa, contacts, OURS)
    assert is_compressed(rosa, contacts, {**GZIP, FROM: "none"}), "typed, or opened from a message"
    for origin in ("cross-site", "same-site", "anything", ""):
        assert not is_compressed(rosa, contacts, {**GZIP, FROM: origin})
    assert not is_compressed(rosa, contacts, GZIP), "a browser that does not say"
    assert not is_compressed(rosa, f"{contacts}?standing=Maria", OURS), "an address may be repeated on the page"


@ON_SQLITE
def test_what_a_form_is_answered_is_not_compressed(house):  # noqa: F811
    """The words to sign in with are shown there, once, beside a handle that somebody chose."""
    rosa = house.person()
    about = {"handle": "Rosa", "secret": "words", "place": "own", "step": "about"}
    assert not is_compressed(rosa, "/foundings", OURS, "POST", data={**about, "code": house.code})


@ON_SQLITE
def test_a_page_that_nobody_is_known_on_holds_no_secret_and_is_compressed_for_anyone(house):  # noqa: F811
    stranger = house.person()
    assert is_compressed(stranger, "/", {**GZIP, FROM: "cross-site"})
    assert is_compressed(stranger, "/?kind=strike", GZIP)
    assert not is_compressed(stranger, "/", {"Accept-Encoding": "gzip;q=0, br"})
    assert not is_compressed(stranger, "/", {})
    assert not is_compressed(stranger, "/nowhere", GZIP), "an error is short"


@ON_SQLITE
def test_the_same_page_is_not_always_as_long(house):  # noqa: F811
    """So that one try says little; many still say it."""
    stranger = house.person()
    lengths = {stranger.client.get("/", headers=GZIP, base_url=stranger.base).content_length for _ in range(20)}
    assert len(lengths) > 1
    assert max(lengths) - min(lengths) < 2 * compression.NAME_MAX  # ids of forms, too, are packed now so, now so


@pytest.mark.parametrize("path", ["/", "/static/css/open.css"])
def test_asking_for_the_head_says_the_same_of_a_page_or_a_file(anyone, path):
    whole, head = (anyone.open(path, method=method, headers=GZIP, buffered=True) for method in ("GET", "HEAD"))
    assert whole.content_encoding == head.content_encoding == "gzip"
    assert not head.data
    assert abs(whole.content_length - head.content_length) < compression.NAME_MAX


@pytest.mark.parametrize("path", ["/static/css/open.css", "/static/js/send.js", "/press/sheet.css"])
def test_files_of_our_own_are_compressed_once_and_kept_as_they_were_sent(anyone, path):
    plain, packed = (anyone.get(path, headers=headers, buffered=True) for headers in ({}, GZIP))
    assert gzip.decompress(packed.data) == plain.data
    assert plain.content_encoding is None
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert {"Accept-Encoding"} <= set(plain.vary) & set(packed.vary)
    again = anyone.get(path, headers={**GZIP, "If-None-Match": packed.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data, again.content_encoding) == (304, b"", None)


def test_what_is_compressed_already_is_left_as_it_is(anyone, rosa):
    assert anyone.get("/static/kinds.webp", headers=GZIP, buffered=True).content_encoding is None
    rosa.client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    sheet = rosa.sends("/sheets")
    assert sheet.mimetype == "application/pdf"
    assert sheet.content_encoding is None
