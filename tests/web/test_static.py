"""Files of our own: one for the styles of all rooms, and scripts that ask for nothing more."""

from __future__ import annotations

import re

import pytest

from bulletin.config import TEMPLATES

SCRIPTS = sorted(
    set(re.findall(r"static\('(js/[^']+)'\)", "".join(one.read_text() for one in TEMPLATES.rglob("*.html"))))
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_has_what_it_takes_from_others_in_it(anyone, name):
    """On a slow line a page would wait for each, one after the other. That they still run, the browser's tests see."""
    source = anyone.get(f"/static/{name}", buffered=True).text
    assert not re.search(r"^(import|export)\b", source, re.M)
    declared = re.findall(r"^(?:async )?(?:const|let|function|class)\*? (\w+)", source, re.M)
    assert len(declared) == len(set(declared)), "two scripts in one have each a name for themselves"


def test_a_room_asks_for_two_style_sheets(rosa):
    styles = re.findall(r'href="(/static/css/[^"?]+)', rosa.opens("/sign-in").text)
    assert styles == ["/static/css/base.css", "/static/css/rooms.css"]
    joined = rosa.opens("/static/css/rooms.css").text
    assert joined.index(".told-item") > joined.index(".chart"), "a later room changes what an earlier one says"


@pytest.mark.parametrize("name", [*SCRIPTS, "css/base.css", "css/rooms.css"])
def test_comments_are_not_sent(anyone, name):
    sent = anyone.get(f"/static/{name}", buffered=True).text
    assert not re.search(r"^\s*(//|/\*)", sent, re.M)
    assert sent.count("{") == sent.count("}") > 0
    assert sent.count("`") % 2 == 0
