"""What was told and taken back points to nothing that another site tells by the same id: ids come from forms."""

from __future__ import annotations

import re
import uuid

from tests.homes import ON_SQLITE
from tests.web.house import house  # noqa: F401
from tests.web.network.four_sites import at, four, put, text_of  # noqa: F401
from tests.web.network.three_sites import asks, paper, tells, told_paper
from tests.web.writing import one_house, settled  # noqa: F401


@ON_SQLITE
def test_another_site_puts_nothing_in_the_place_of_a_paper_that_was_taken_back(four):  # noqa: F811
    rosa, dave = four["rosa"], four["dave"]
    tells(rosa, paper(rosa, four["bill"]))
    there = told_paper(rosa)
    told = uuid.UUID(there.rpartition("/")[2])
    task = put(four, "rosa", paper=told.hex)
    assert there in dave.opens(at(dave, task)).text
    assert rosa.sends(f"{rosa.site}/told/{told}/withdrawal").status_code == 303
    assert there not in dave.opens(at(dave, task)).text
    assert asks(dave, "A leaflet of ours", form_id=told.hex).status_code == 303
    assert "A leaflet of ours" in text_of(dave)
    assert dave.opens(there).status_code == 404
    assert not re.search(f"{there}|leaflet", four["ada"].opens(at(four["ada"], task)).text)
