"""A paper exists from the first key of its questions: what is typed is kept as it is typed."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask_babel import gettext as _

from bulletin.db import db
from bulletin.domain.papers import articles, next_number
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.written import Written
from bulletin.domain.site.accounts.members import Membership
from bulletin.press.header import HEADER as LONGEST, KEEP
from bulletin.press.kinds import KINDS, Question
from bulletin.press.parts import Part
from bulletin.web.guard import identity
from bulletin.web.shared import sent_forms
from bulletin.web.shared.forms import one_line, unix_lines
from bulletin.web.shared.refused import refusals

pages = Blueprint("drafts", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/drafts")

BEGUN = {"lines": KEEP}  # what is begun here ends its lines where they were typed to end, as phones do


@pages.post("")
def keep(site_id: uuid.UUID) -> Response:
    """For a script of ours: begin the paper of this form, or bring it to what the form says by now.

    `version`: how often it was saved when the script last heard of it; where that is another number, somebody writes at
    it elsewhere.
    """
    me = identity.open_site(site_id)
    sent, kind = sent_forms.form_id(), request.form.get("kind", "")
    if kind not in KINDS:
        abort(404)
    fields, written, questions = from_questions(me, kind)
    by, bulletin = me.member.handle, Bulletin.of(me.site, sent, to_change=True)
    with refusals(lambda why: _answer(saved=False, sentence=why)):
        if bulletin is None:
            bulletin = Bulletin.begin(me.site, form_id=sent)
            articles.begin(bulletin, fields, written, by=by, questions=questions)
        else:
            there = Written(bulletin)
            if request.form.get("version") != str(there.times_saved) or not there.say_again(
                fields["headline"], written, by=by
            ):
                return _answer(saved=False, sentence="")
    sent_forms.made(site_id)
    db.session.commit()
    return _answer(saved=True, version=Written(bulletin).times_saved)


def from_questions(me: Membership, name: str) -> tuple[dict[str, str], list[Part], list[str]]:
    """The header, the pieces and their questions, of what a kind's questions were answered with in this form."""
    fields = next_number.carried(me.site)
    fields.update(BEGUN, kind=name, headline=one_line(request.form.get("headline"))[: LONGEST["headline"]])
    asked = [question for question in KINDS[name].questions if question.printed]
    written = [_answered(index, question) for index, question in enumerate(asked)]
    return fields, written, [question.text for question in asked]


def _answered(index: int, question: Question) -> Part:
    text = unix_lines(request.form.get(f"answer-{index}"))
    heading = str(_(question.heading)) if question.heading else ""
    return Part(question.piece, heading, text, question.side).headed()


def _answer(*, saved: bool, **about: object) -> Response:
    return make_response(jsonify(saved=saved, **about), 200 if saved else 409)
