"""A paper exists from the first key of its questions, once, and is never set back to what was typed before."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.press.kinds import KINDS
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import Person
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


class Form:
    """The form of a kind's questions, as our script sends it."""

    def __init__(self, person: Person, kind: str = "regular") -> None:
        self.person, self.kind, self.id, self.version = person, kind, uuid.uuid4(), 0
        self.paper = f"{person.site}/bulletins/{self.id}"

    def types(self, *answers: str, headline: str = "") -> int:
        said = {"form_id": self.id.hex, "kind": self.kind, "headline": headline, "version": str(self.version)}
        said |= {f"answer-{index}": answer for index, answer in enumerate(answers)}
        answer = writing.by_script(self.person, f"{self.person.site}/bulletins/drafts", **said)
        self.version = answer.json.get("version", self.version)
        return answer.status_code


@pytest.mark.parametrize("kind", ["regular", "strike", "poster"])
def test_what_is_typed_is_kept_from_the_first_key_as_begin_would(rosa, kind):
    form = Form(rosa, kind)
    for typed, headline in (("W", ""), ("We walked", "Out"), ("We walked out.", "Out")):
        assert form.types(typed, headline=headline) == 200
    begun = writing.begin(rosa, "We walked out.", kind=kind, headline="Out")
    kept, other = (re.sub("number: .*", "", writing.manuscript(rosa, one)) for one in (form.paper, begun))
    assert kept == other
    printed = [question for question in KINDS[kind].questions if question.printed]
    assert len(writing.pieces(rosa, form.paper)) == len(printed)


def test_what_somebody_wrote_there_meanwhile_is_not_set_back(rosa, cast):  # noqa: F811
    form = Form(rosa)
    form.types("The first.")
    lead = writing.pieces(rosa, form.paper)[0]
    writing.save(cast["bill"], lead, "Bill’s.")
    assert form.types("The first, and more.") == 409
    assert "Bill’s." in writing.manuscript(rosa, form.paper)
    late = Form(rosa)
    late.types("Late.", headline="Late")
    assert (setattr(late, "version", 0), late.types("La", headline="Late")) == (None, 409), "an answer that came late"
    assert "Late." in writing.manuscript(rosa, late.paper)


def test_of_another_group_or_kind_there_is_no_draft(rosa, cast):  # noqa: F811
    form = Form(rosa, "gossip")
    assert form.types("x") == 404
    assert "Late" not in rosa.opens(f"{rosa.site}/bulletins").text


def test_begin_leads_to_the_paper_also_where_the_answer_to_the_first_key_was_still_on_its_way(rosa):
    form = Form(rosa)
    form.types("We walked out.", headline="Out")
    said = {"form_id": form.id.hex, "kind": form.kind, "headline": "Out", "answer-0": "We walked out."}
    answer = rosa.sends(f"{rosa.site}/bulletins", **said)
    assert (answer.status_code, answer.location) == (303, form.paper)
    assert rosa.sends(f"{rosa.site}/bulletins", **{**said, "answer-0": "We walked out again."}).status_code == 409
