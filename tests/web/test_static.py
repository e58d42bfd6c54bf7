"""Files of our own: one style sheet and one script for a page, which ask for nothing more."""

from __future__ import annotations

import re

import pytest

from bulletin.config import ROOT, TEMPLATES
from bulletin.web.shared.static import STYLES, put_together

SCRIPTS = sorted(
    set(re.findall(r"static\('(js/[^']+)'\)", "".join(one.read_text() for one in TEMPLATES.rglob("*.html"))))
)
STYLE_SHEETS = [f"css/{name}.css" for name in STYLES]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_has_what_it_takes_from_others_in_it(anyone, name):
    """On a slow line a page would wait for each, one after the other. That they still run, the browser's tests see."""
    assert not re.search(r"^(import|export)\b", anyone.get(f"/static/{name}", buffered=True).text, re.M)
    source = put_together(ROOT / "bulletin/static")[name].decode()
    scripts = re.split(r"^\{\n|\n\}$", source, flags=re.M)
    for script in scripts:
        declared = re.findall(r"^(?:async )?(?:const|let|function|class)\*? (\w+)", script, re.M)
        assert len(declared) == len(set(declared)), "two scripts in one have each a name for themselves"


def test_a_room_asks_for_one_style_sheet_and_one_script(rosa):
    page = rosa.opens("/sign-in").text
    assert re.findall(r'href="/static/([^"?]+\.css)', page) == ["css/site.css"]
    assert re.findall(r'src="/static/([^"?]+\.js)', page) == ["js/room.js"]
    joined = rosa.opens("/static/css/network.css").text
    assert joined.index(".told-item") > joined.index(".chart"), "a later part changes what an earlier one says"


@pytest.mark.parametrize("name", [*SCRIPTS, *STYLE_SHEETS])
def test_comments_are_not_sent(anyone, name):
    sent = anyone.get(f"/static/{name}", buffered=True).text
    assert not re.search(r"^\s*(//|/\*)", sent, re.M)
    assert sent.count("{") == sent.count("}") > 0
    assert sent.count("`") % 2 == 0
