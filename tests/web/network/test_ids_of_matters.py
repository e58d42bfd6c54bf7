"""What sites say to one matter counts for no other of the same id: ids come from forms, and anybody may choose one."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa

from bulletin.db import db
from bulletin.domain.network.answering.matters import Matter
from tests.homes import ON_SQLITE
from tests.web.house import house  # noqa: F401
from tests.web.network.four_sites import (
    agrees,
    answered,
    comes_in,
    four,  # noqa: F401
    hex_of,
    put,
    puts,
    says,
    text_of,
)
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
A_DAY = datetime.timedelta(days=1)


def is_in(person):
    with person.inside() as place:
        return place.site.in_since is not None


def test_nobody_comes_in_by_what_was_said_to_another_question(four):  # noqa: F811
    task = put(four, "rosa")
    for who in ("dave", "ada"):
        answered(four, who, task)
    with four["rosa"].inside():
        db.session.scalars(sa.select(Matter)).one().put_on -= A_DAY
        db.session.commit()
    pia, quin = four["pia"], four["quin"]
    pia.sends(f"{pia.site}/coming-in", who="The laundry.", form_id=hex_of(task))
    quin.sends(f"{quin.site}/coming-in/agreement", agrees="yes")
    says(four["dave"], task, "no")  # whatever anybody says next
    says(four["nora"], task, "no")
    assert not is_in(pia)


def test_a_site_that_drafted_first_gets_nobodys_yes_to_another_question(four):  # noqa: F811
    comes_in(four)
    form_id = uuid.uuid4().hex
    ward = four["ada"].site.rpartition("/")[2].replace("-", "")
    draft = puts(four["dave"], "out", about=ward, form_id=form_id).location
    task = put(four, "rosa", form_id=form_id)
    answered(four, "pia", task)
    agrees(four["nora"], draft)
    assert is_in(four["ada"])


def test_what_was_said_to_a_question_that_is_gone_counts_for_no_other(four):  # noqa: F811
    comes_in(four)
    task = put(four, "rosa")
    answered(four, "pia", task)
    answered(four, "ada", task)
    for who in ("rosa", "bill"):
        says(four[who], task, "nothing")
    sent = puts(four["dave"], "asked", member="", name="Mole", form_id=hex_of(task)).location
    agrees(four["nora"], sent)
    assert "Mole" not in text_of(four["ada"])
