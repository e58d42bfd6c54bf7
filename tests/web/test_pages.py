"""What holds of every page, whichever it is."""

from __future__ import annotations

import collections
import re
from typing import Any

import pytest

from bulletin.config import ROOT
from bulletin.press.jobs import Busy
from bulletin.press.kinds import KINDS
from bulletin.web.shared.static import STYLES
from tests.homes import ON_SQLITE
from tests.sentences.test_plain_words import hard_words
from tests.web import notebook, workmates, writing
from tests.web.house import Person
from tests.web.network import four_sites, three_sites
from tests.web.network.four_sites import four  # noqa: F401
from tests.web.network.three_sites import three  # noqa: F401
from tests.web.writing import cast, one_house, settled  # noqa: F401

from .conftest import TEXT, WRONG, Page
from .untranslated import Untranslated

pytestmark = ON_SQLITE
KEPT_BY_BROWSERS = ("text", "search", "email", "tel", "url", "password", "number", "date", "time")


@pytest.fixture
def open_pages(rosa, press):
    """The pages for which nobody has to be known."""
    pages = {
        "kinds": rosa.opens("/"),
        "blank": rosa.opens("/sheets/new"),
        "sample": rosa.opens("/sheets/new?kind=regular"),
        "seen": rosa.sends("/proofs"),
        "wrong": rosa.sends("/proofs", WRONG),
        "headless": rosa.sends("/proofs", "Only words."),
        "begun": rosa.sends("/beginnings", "Only words.", begin="meeting"),
        "wrong paper": rosa.sends("/previews", paper="a5"),
        "wrong file": rosa.sends("/previews", file=b"\0"),
        "big file": rosa.sends("/previews", file=b"x" * 600_000),
        "replaced": rosa.sends("/previews", "Mine", file=TEXT.encode()),
        "plain text": rosa.sends("/texts"),
        "absent": rosa.opens("/nowhere"),
        "strange": rosa.client.post("/sheets"),
        "too long": rosa.sends("/sheets", "x" * 600_000),
    }
    press.failure = Busy()
    pages["busy"] = rosa.sends("/sheets")
    press.failure = RuntimeError()
    pages["broken"] = rosa.sends("/sheets")
    return pages


@pytest.fixture
def members_pages(cast, press):  # noqa: F811
    """Those of a site and of its papers; a wrong form, and two who save at once, too."""
    rosa, bill, site = cast["rosa"], cast["bill"], cast["rosa"].site
    pages = {
        path: rosa.opens(path) for path in ("/sites", "/devices", "/devices/words", "/protection", "/kinds", "/p/")
    }
    pages |= {room: rosa.opens(f"{site}/{room}") for room in ("members", "invitations", "events", "departures/new")}
    pages |= {"no papers": rosa.opens(f"{site}/bulletins"), "new": rosa.opens(f"{site}/bulletins/new")}
    pages |= {kind: rosa.opens(f"{site}/bulletins/new?kind={kind}") for kind in KINDS}
    pages["wrong manuscript"] = rosa.sends(f"{site}/bulletins", manuscript="Words.")

    paper = writing.begin(rosa, "The lead.", headline="Far more words than the seven a headline may have")
    lead, story = writing.pieces(rosa, paper)[0], writing.add(bill, paper, "We " * 40, title="Bay 4")
    stale, header = rosa.reads(lead), writing.header_of(rosa, paper)
    writing.save(bill, lead, "Bill’s.")
    writing.save_header(bill, paper, number="7", reply="https://example.org")
    writing.put_picture(rosa, paper, agreed="no")
    writing.add(bill, paper, ":::", title="Not to be read")
    pages |= {
        "written": rosa.opens(paper),
        "piece": rosa.opens(story),
        "picture’s piece": rosa.opens(writing.pieces(rosa, paper)[-1]),
        "versions": rosa.opens(f"{lead}/versions"),
        "no versions": rosa.opens(f"{writing.pieces(rosa, paper)[-1]}/versions"),
        "stale piece": writing.save(rosa, lead, "Rosa’s.", page=stale),
        "too long": writing.save(rosa, story, "x", title="x" * 300),
        "header": rosa.opens(f"{paper}/header"),
        "stale header": rosa.sends(f"{paper}/header", **header),
        "wrong header": writing.save_header(rosa, paper, date="x", language="x", reply="x", kind="x"),
        "a picture": rosa.opens(f"{paper}/pictures/new"),
        "wrong picture": writing.put_picture(rosa, paper, b"", alt="", agreed=""),
        "not to be taken": rosa.opens(f"{paper}/away"),
        "unfit": rosa.sends(f"{paper}/proposal"),
    }
    for piece in writing.pieces(rosa, paper):
        if "Not to be read" in rosa.opens(piece).text:
            rosa.sends(f"{piece}/deletion")
    writing.propose(rosa, paper)
    pages |= {
        "taken out": rosa.opens(paper),
        "proposed": bill.opens(paper),
        "no reason": writing.speak(bill, paper, "no"),
        "objected": writing.speak(bill, paper, "no", reason="No.") and rosa.opens(paper),
    }
    writing.speak(bill, paper)
    writing.put_right(bill, rosa, lead, "Bill’s!")
    writing.save(bill, lead, "Bill’s, then.", change="correction")
    pages |= {
        "a correction waits": rosa.opens(paper),
        "my correction waits": bill.opens(paper),
        "papers to agree to": rosa.opens(f"{rosa.site}/bulletins"),
        "agreed": rosa.opens(paper),
        "agreed piece": rosa.opens(lead),
        "which change": writing.save(rosa, lead, "Other words."),
        "agreed header": rosa.opens(f"{paper}/header"),
        "which change of the header": writing.save_header(rosa, paper, number="8"),
        "away": rosa.opens(f"{paper}/away"),
        "wrong copies": rosa.sends(f"{paper}/printings", copies="x"),
        "no hand-outs": rosa.opens(f"{paper}/hand-outs"),
        "wrong hand-out": rosa.sends(f"{paper}/hand-outs"),
    }
    writing.printed(rosa, paper)
    for when in ("2026-01-02", ""):
        handed_out = writing.hand_out(rosa, paper, **({"day": when} if when else {}))
    went = writing.hand_out(rosa, paper, day="2026-01-03")
    rosa.sends(f"{went}/outcome", went="Well.", copies="9")
    for _ in range(2):
        writing.ticket(rosa, handed_out)
    pages |= {
        "printed": rosa.opens(paper),
        "printed away": rosa.opens(f"{paper}/away"),
        "hand-outs": rosa.opens(f"{paper}/hand-outs"),
        "wrong outcome": rosa.sends(f"{went}/outcome", copies="x"),
        "papers": rosa.opens(f"{site}/bulletins"),
        "first screen": rosa.opens(site),
        "no ticket": cast["stranger"].opens("/p/0000"),
    }
    pages |= workmates.every_page(rosa, bill) | what_is_done(rosa)
    other = writing.begin(rosa)
    rosa.sends(f"{other}/away")
    pages["put away"] = rosa.opens(f"{site}/bulletins")
    pages |= digits_of(bill)
    rosa.client.delete_cookie("device")
    pages["signed out meanwhile"] = rosa.sends(lead, text="word " * 30)
    assert [name for name, page in pages.items() if page.status_code not in (200, 403, 404, 409, 422)] == []
    return pages


def digits_of(person: Person) -> dict[str, Any]:
    """The pages about the six digits of a phone, and what it shows while it is hidden."""
    pages = {
        "digits": person.opens("/devices/pin"),
        "wrong digits": person.sends("/devices/pin", pin="123456", pin_again="x"),
        "wrong minutes": person.vouches(f"{person.site}/members/idle-minutes", minutes="61"),
        "sheet": person.opens("/devices/sheet"),
    }
    person.sends("/devices/pin", pin="480215", pin_again="480215", words=person.phrase)
    pages |= {"other digits": person.opens("/devices/pin"), "devices with digits": person.opens("/devices")}
    pages["no digits"] = person.sends("/devices/pin")
    person.sends("/devices/current/hiding")
    pages["hidden"] = person.opens("/devices/current/key")
    pages["hidden, wrong digits"] = person.sends("/devices/current/key", pin="480216")
    pages["hidden, wrong words"] = person.sends("/devices/current/key", words="x")
    pages["hidden, sent"] = person.sends(f"{person.site}/map/departments", department="Packing")
    person.sends("/devices/current/key", pin="480215")
    return pages


def what_is_done(person: Person) -> dict[str, Any]:
    """The pages of the map, of actions and all around them, in each of their states."""
    site = person.site
    none = (
        "map",
        "chart",
        "eddies",
        "actions",
        "actions/new",
        "steps",
        "steps/new",
        "calendar",
        "imports/new",
        "exports",
    )
    pages = {f"none: {path}": person.opens(f"{site}/{path}") for path in (*none, "exports/arrival")}
    with notebook.inside(person) as place:
        ids = notebook.one_of_each(place, "Words")
        notebook.fill(place, 12, asked=5)
    action, step = f"{site}/actions/{ids['action']}", f"{site}/steps/{ids['step']}"
    some = (
        *(*none, "chart?names=yes", "calendar?month=2026-11", "calendar?week=2026-W47", f"imports/{ids['import']}"),
        *(f"map/departments/{ids['department']}", f"map/shifts/{ids['shift']}", f"follow-ups/{ids['follow_up']}"),
    )
    pages |= {path: person.opens(f"{site}/{path}") for path in some}
    about = ("", "/plan", "/outcome", "/lesson", *(f"/turnout{tick}" for tick in ("", "?tick=committed", "?tick=out")))
    pages |= {f"action{path}": person.opens(action + path) for path in (*about, "/turnout/people")}
    pages |= {f"wrong {path}": person.sends(f"{site}/{path}") for path in ("actions", "steps", "imports/readings")}
    pages |= {f"wrong {path}": person.sends(f"{site}/map/{path}") for path in ("departments", "shifts")}
    pages |= {
        "step": person.opens(step),
        "wrong step": person.sends(step, on="x"),
        "wrong plan": person.sends(f"{action}/plan", day="x"),
        "wrong outcome of an action": person.sends(f"{action}/outcome", others="x", collected="x"),
        "wrong lesson": person.sends(f"{action}/lesson", tried="x" * 3_000),
        "wrong others": person.sends(f"{action}/turnout/others", others="x"),
        "nobody to add": person.sends(f"{action}/turnout/additions"),
        "wrong arrival": person.sends(f"{site}/exports/arrival"),
        "asked too much": person.vouches(f"{site}/agreeing", needed="99"),
    }
    return pages


@pytest.fixture
def network_pages(three):  # noqa: F811
    """What sites tell each other, before and after; and what anyone reads of it."""
    return three_sites.every_page(three)


@pytest.fixture
def asking_pages(four):  # noqa: F811
    """What sites ask each other and answer."""
    return four_sites.every_page(four)


_read: dict[str, dict[str, Page]] = {}
_handed_out: dict[str, dict[str, list[str]]] = {}


@pytest.fixture(params=["open", "members", "network", "asking"])
def pages(request, home):
    """Every page there is, in each of its states; opened once for all tests."""
    which = request.param
    if which not in _read:
        opened = request.getfixturevalue(f"{which}_pages")
        _read[which] = {name: Page(response.text) for name, response in opened.items()}
        _handed_out[which] = {name: Untranslated(response.text).handed_out for name, response in opened.items()}
    return _read[which]


def test_every_page_has_one_heading_a_title_and_a_language(pages):
    for name, page in pages.items():
        assert len(page.all("h1")) == 1, name
        assert page.words["h1"].strip(), name
        title = page.words["title"].strip()
        named = "Notebook" if name.startswith("hidden") else "· Notebook"  # a hidden one says nothing
        assert title if name.startswith("anyone") else title.endswith(named), name
        assert page.all("html") == [{"lang": "en"}], name


# Members and people of the pages above; what stands in their words (“Rosa’s.”) is nobody's name there.
NAMED = re.compile(r"\b(?:Rosa|Bill|Anna|Anna Berg|Person \d\d)\b(?!’s)")


@pytest.mark.usefixtures("pages")
def test_no_name_and_no_secret_is_handed_to_a_service_that_translates(request):
    pages = _handed_out[request.node.callspec.params["pages"]]
    assert [(name, text) for name, texts in pages.items() for text in texts if NAMED.search(text)] == []


@pytest.mark.usefixtures("pages")
def test_no_page_shows_a_word_that_puzzles(request):
    pages = _handed_out[request.node.callspec.params["pages"]]
    assert [(name, text) for name, texts in pages.items() for text in texts if hard_words(text)] == []


def test_nothing_typed_of_people_goes_to_a_service_that_checks_spelling(pages):
    """A paper's own text is printed and handed out: there it is worth being checked."""
    printed = re.compile(r"manuscript|text|answer-\d+|headline")
    for name, page in pages.items():
        for field in page.all("input", "textarea"):
            typed = field.get("type", "text") == "text" and "readonly" not in field and "inputmode" not in field
            if typed and not printed.fullmatch(field["id"]):
                assert field.get("spellcheck") == "false", f"{name}: {field['id']}"


def test_no_two_things_on_a_page_share_an_id(pages):
    for name, page in pages.items():
        ids = collections.Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
        assert not [one for one, count in ids.items() if count > 1], name


def test_hide_stands_first_on_every_page(pages):
    """But on those for anyone, which have no script, and which nobody signs in to read."""
    without = [name for name, page in pages.items() if not [1 for _, attrs in page.tags if attrs.get("id") == "hide"]]
    assert [name for name in without if not name.startswith("anyone")] == []


def test_every_field_has_its_label_and_what_describes_it_is_there(pages):
    for name, page in pages.items():
        labelled = {label["for"] for label in page.all("label")}
        ids = {attrs.get("id") for _, attrs in page.tags}
        for field in page.all("input", "textarea", "select"):
            assert field.get("type") == "hidden" or field.get("id") in labelled, f"{name}: {field}"
        for _, attrs in page.tags:
            for described in (attrs.get("aria-describedby") or "").split():
                assert described in ids, f"{name}: {described}"


def rules() -> dict[str, set[str]]:
    """The classes that each file of styles has a rule for."""
    sheets = {path.stem: path.read_text() for path in (ROOT / "bulletin/static/css").glob("*.css")}
    bare = {name: re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet, flags=re.DOTALL) for name, sheet in sheets.items()}
    return {name: set(re.findall(r"\.([a-zA-Z][\w-]*)", sheet)) for name, sheet in bare.items()}


def test_a_page_asks_for_the_styles_of_all_that_stands_on_it(pages):
    ruled = rules()
    every = set().union(*ruled.values())
    lacking = {}
    for name, page in pages.items():
        (asked,) = (link["href"] for link in page.all("link") if link["rel"] == "stylesheet")
        known = set().union(*(ruled[part] for part in STYLES[re.findall(r"css/(\w+)\.css", asked)[0]]))
        here = {one for _, attrs in page.tags for one in (attrs.get("class") or "").split()}
        if less := (here & every) - known:
            lacking[name] = (asked, less)
    assert lacking == {}


def test_links_within_a_page_lead_somewhere(pages):
    for name, page in pages.items():
        ids = {attrs.get("id") for _, attrs in page.tags}
        for link in page.all("a"):
            if link["href"].startswith("#"):
                assert link["href"][1:] in ids, name


def test_a_page_has_one_primary_button_at_most(pages):
    for name, page in pages.items():
        primary = [attrs for _, attrs in page.tags if "primary" in (attrs.get("class") or "")]
        assert len(primary) <= 1, name


def test_no_form_leaves_its_words_in_the_browser(pages):
    for name, page in pages.items():
        off = True
        for tag, attrs in page.tags:
            if tag == "form":
                off = attrs.get("autocomplete") == "off"
            elif tag == "textarea" or (tag == "input" and attrs.get("type", "text") in KEPT_BY_BROWSERS):
                assert off or "readonly" in attrs or attrs.get("autocomplete") == "off", f"{name}: {attrs}"
