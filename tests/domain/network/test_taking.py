"""Making ours: whatever was told can be taken up, all or any piece of it, and is a sound text of one's own."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.domain.network import taking
from bulletin.domain.network.refusals import Why
from bulletin.domain.network.told import Told
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press import manuscript, parts
from bulletin.press.kinds import KINDS
from bulletin.press.parts import Part
from tests.refusals import refused

WORDS = st.text(st.sampled_from("abc é*_-:.,“’\n"), min_size=1, max_size=40).filter(
    lambda text: text.strip(" *_-:.,\n")
)


def told(text: str) -> Told:
    return Told(site_id=uuid.uuid4(), text=text)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_of_every_kind_all_and_each_piece_is_a_sound_text_without_what_is_their_own(kind):
    theirs = told(kind.sample)
    read = manuscript.read(taking.text_of(theirs))
    assert (read.kind, read.headline) == (kind.name, manuscript.read(kind.sample).headline)
    assert (read.masthead, read.site, read.number, read.date, read.reply, read.imprint) == ("", "", "", None, "", "")
    pieces = taking.pieces_of(theirs)
    assert pieces
    for index in range(len(pieces)):
        assert manuscript.read(parts.join(*taking.words_of(theirs, index)).text).headline
    with refused(NotAllowed, Why.NO_SUCH_PIECE):
        taking.words_of(theirs, len(pieces))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.builds(Part, st.sampled_from(("article", "echo", "text")), st.just(""), WORDS), min_size=1, max_size=4)
)
def test_no_word_of_a_piece_is_lost_on_the_way(written):
    source = parts.join({"kind": "regular", "headline": "Nobody drives alone", "number": "7"}, written).text
    try:
        read = manuscript.read(source)
    except manuscript.ManuscriptError:
        return  # nobody could have printed it
    ours = manuscript.read(taking.text_of(told(source)))
    assert [piece.text for piece in ours.pieces] == [piece.text for piece in read.pieces]
