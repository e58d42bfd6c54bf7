"""What the press said of a paper, said again to whoever opens it."""

from __future__ import annotations

import pytest

from bulletin.domain.papers.printings import Measure
from bulletin.press import mistake
from bulletin.web.papers import editor
from tests.refusals import too_long


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ({"problem": "Side 2 is 1 line too long."}, "Side 2 is 1 line too long."),  # as an older release kept it
        (mistake.kept(too_long(11, 70)), "Side 2 is 11 lines too long: shorten ‘The rota’, or cut about 70 words."),
        ({"problem": "NoSheet.OF_LATER", "values": {}}, "it did not fit."),
    ],
)
def test_what_the_press_said_is_said_whichever_release_kept_it(app, kept, sentence):
    with app.test_request_context():
        assert editor.told(Measure("digest", **kept)) == sentence
