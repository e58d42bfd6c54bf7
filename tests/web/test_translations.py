"""Every page, error and file in a language that marks what is translated: see tests.web.pseudo.

Whatever stands there without a mark no translator would ever see. It walks all pages that test_pages knows, in each of
their states, then every address that was not asked yet, the doors, and each error.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import pathlib
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from babel import Locale
from babel.support import Translations
from flask import Flask, Response, abort, request

from bulletin import cli, config, create_app
from bulletin.config import Settings
from bulletin.db import StorageFull, db, now, today
from bulletin.domain.actions.actions import Result
from bulletin.domain.network.answering import matters
from bulletin.domain.network.told import NeedTold, PaperTold, Told
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Matter, Passed
from bulletin.sentences import speak
from bulletin.vault import keys
from bulletin.vault.readers import Audience
from bulletin.web.guard import errors
from bulletin.web.shared.places import zones_by_region
from tests.databases import Database, closing
from tests.homes import ON_SQLITE
from tests.web import notebook, pseudo, writing
from tests.web.conftest import PretendPress
from tests.web.house import CHEAP, SITE, House, Person, founding_code, read
from tests.web.network import three_sites
from tests.web.test_access import ENDINGS, LAST, LATE, SENT, a_paper, path_of
from tests.web.test_pages import members_pages, open_pages  # noqa: F401
from tests.web.writing import depot, settled  # noqa: F401

MARKS, TURNED = "eo", "ar"  # of languages that CLDR knows: from left to right, and from right to left
WORD = "Words"  # stands in nearly all that people wrote here

# People's own words: what the cast types.
PEOPLE = (
    *("Rosa", "Bill", "Clara", "Dora", "Northfield", "Depot North", "Mum", "Amina Dale", "Berg", "Anna Berg", "Anna"),
    *("Amina", "Bruno", f"Amina {WORD} again", "Gone", "Driver", "Gate B", "Gate", "A gate", "box", "Well.", "No."),
    *(f"{first} {last}" for first in notebook.FIRST for last in notebook.LAST),
    *(f"Person {number:02}" for number in range(60)),
    *("Packing", "Returns", "Loading", "Office", "Earlies", "Lates", "Nights", "Polish, English"),
    *("New words", "Other words", "To ask again", "Has she read the sheet?", "Nobody drives alone", "The lead."),
    *("Bay 4", "Bill’s", "Rosa’s", "Not to be read", "We " * 18 + "We", "x", "zzz", "next week"),
    *("Far more words than the seven a headline may have", "https://example.org", "https://words.example"),
)
# What one_of_each() puts behind WORD, thing by thing.
THINGS = (
    *("packing", "nights", "nickname", "title", "languages", "reach", "known_by", "notes", "again", "note", "ask"),
    *("commitment", "corrected", "withdrawn", "reason", "at noon", "demand", "tried", "happened", "outcome", "next"),
    *("step", "test", "threshold", "on paper", "came back", "said", "wrote", "writes", "waves", "objects"),
    *("masthead", "site", "strapline", "published_by", "printed_by"),
)
# What is the same in every language.
SAME = (
    *("English", "العربية"),  # languages call themselves by their own names
    *(
        "kind:",
        "masthead:",
        "site:",
        "number:",
        "date:",
        "language:",
        "lines:",
        "headline:",
        "strapline:",
        "reply:",
        "imprint:",
    ),
    *(f"::: {block} …" for block in ("echo", "demands", "article", "box")),
    *("::: side", "| a | b |"),  # marks that the press reads
    "en",  # a code
)
OWN = frozenset((WORD, "zzz", "site.sealed", *PEOPLE, *(f"{WORD} {thing}" for thing in THINGS)))

# What no person says: addresses, codes, letters of tickets, names of pictures, keys.
NOBODYS = re.compile(
    rf"(https?://)?localhost\S*|picture-[0-9a-f]{{32}}|{writing.ID}|\b[0-9a-f]{{16,}}\b|\b[0-9a-z]{{16}}\b"
    r"|\bsite\.age\b|\b[0-9A-Z]{4}(-[0-9A-Z]{4}){6}\b|\b[0-9a-z]{4}( [0-9a-z]{4}){3}\b"
)
# In what a script is told: values for the script, what somebody wrote, and the sheet, which speaks its own language.
FOR_SCRIPTS = {"sheet", "shape", "field", "language", "setting", "plain", "manuscript", "earlier", "state", "quote"}
FOR_MONITORS = {"status.up"}  # read by a machine that watches this one
FILES = {"static", "assets.asset", "pictures.show", "public.text"}  # the last: what a site wrote


@functools.cache
def known(language: str) -> frozenset[str]:
    """What may stand without a mark within a text: people's words, and names in this language."""
    places = {name for zone in zones_by_region() for name in (zone.label, zone.value.partition("/")[0])}
    return OWN | pseudo.names(language) | places


@dataclasses.dataclass
class Heard:
    """An answer of the app: to what, and all that somebody reads in it."""

    endpoint: str
    method: str
    status: int
    language: str
    texts: list[tuple[str, str]]

    def unmarked(self) -> list[str]:
        """What stands in it without a mark, and where."""
        return [
            f"{self.endpoint} {self.method} {self.status}, {place}: {piece[:100]}"
            for place, text in self.texts
            if text.strip() not in SAME
            for piece in pseudo.unmarked(NOBODYS.sub("", text), known(self.language))
        ]


def listen(app: Flask, language: str = MARKS) -> list[Heard]:
    """All that the app answers from here on, to people whose browsers ask for this language."""
    heard: list[Heard] = []
    answer = app.wsgi_app

    def asked(environ: Any, start_response: Any) -> Any:
        environ["HTTP_ACCEPT_LANGUAGE"] = language
        return answer(environ, start_response)

    app.wsgi_app = asked  # type: ignore[method-assign]

    @app.after_request
    def hear(response: Response) -> Response:
        texts: list[tuple[str, str]] = []
        if 300 <= response.status_code < 400 or request.endpoint in FILES | FOR_MONITORS:
            pass
        elif response.mimetype == "text/html":
            page = response.get_data(as_text=True)
            assert ('dir="rtl"' in page) == (language == TURNED)
            texts = pseudo.Seen(page).texts
        elif response.mimetype == "application/json":
            told = pseudo.in_json(json.loads(response.get_data()))
            texts = [(name, text) for name, text in told if name not in FOR_SCRIPTS]
        elif response.mimetype == "text/calendar":
            lines = response.get_data(as_text=True).replace("\r\n ", "").splitlines()
            texts = [("calendar", line.partition(":")[2]) for line in lines if line.startswith(("SUMMARY", "LOCATION"))]
        elif response.mimetype.startswith("text/") and request.endpoint not in MANUSCRIPTS:
            texts = [(response.mimetype, response.get_data(as_text=True))]
        heard.append(Heard(request.endpoint or "", request.method, response.status_code, language, texts))
        return response

    return heard


MANUSCRIPTS = {"sheets.manuscript_file", "printings.manuscript"}  # the words of a sheet, as they were typed


def unmarked(heard: list[Heard]) -> list[str]:
    letters = {
        found[:4] for one in heard for _place, text in one.texts for found in re.findall(r"/p/([0-9a-z]{16})", text)
    }
    return sorted({wrong for one in heard for wrong in one.unmarked() if wrong.rpartition(": ")[2] not in letters})


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return pseudo.write(tmp_path_factory.mktemp("catalogues"), MARKS, TURNED)


@pytest.fixture
def build(
    catalogues: pathlib.Path, press: PretendPress, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Flask]]:
    """build(url): the app on a database, with catalogues of marks."""
    monkeypatch.setattr(config, "CATALOGUES", catalogues)
    monkeypatch.setattr(keys, "COST", CHEAP)
    built = []

    def build(url: str) -> Flask:
        app = create_app(Settings(database_url=url, instance=str(tmp_path)))
        app.extensions["press"] = press
        built.append(closing(app))
        built[-1].__enter__()
        return app

    yield build
    for standing in built:
        standing.__exit__(None, None, None)


# Pages without an account, and errors.


@pytest.fixture
def app(build: Callable[[str], Flask], home: Database) -> Flask:
    app = build(home.url)
    app.heard = listen(app)  # type: ignore[attr-defined]
    for code in errors.BY_STATUS:
        app.add_url_rule(f"/errors/{code}", f"error {code}", _full if code == 507 else lambda code=code: abort(code))
    return app


def _full() -> None:
    raise StorageFull


@ON_SQLITE
def test_no_page_that_is_open_to_all_and_no_error_says_what_nobody_translates(
    open_pages: dict[str, Any],  # noqa: F811
    app: Flask,
) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/errors/"):
            for accept in ("text/html", "application/json"):
                app.test_client().get(rule.rule, headers={"Accept": accept})
    said = {one.status for one in app.heard}  # type: ignore[attr-defined]
    assert said >= errors.BY_STATUS.keys()
    assert unmarked(app.heard) == []  # type: ignore[attr-defined]


# The doors: founding, inviting, joining, signing in, hiding, leaving.


@ON_SQLITE
def test_no_door_says_what_nobody_translates(build: Callable[[str], Flask], home: Database) -> None:
    """In a language that runs from right to left."""
    house = House(build(home.url), "")
    heard = listen(house.app, TURNED)
    with house.app.app_context():
        house.code = FoundingCode.print_anew() or ""
        db.session.commit()
    stranger, rosa = house.person(), None
    about = {"handle": "Rosa", "secret": "words", "place": "own", "network": "Northfield", **SITE}
    for path in (
        "/",
        "/sign-in",
        "/foundings/new",
        "/invitations/answer",
        "/left",
        "/p/",
        "/protection",
        "/rules",
        "/sites",
    ):
        stranger.opens(path)
    for wrong in ({"code": "0" * 28}, {**about, "handle": "Rоsa"}, {**about, "handle": "!" * 300}):
        stranger.sends("/foundings", **wrong)
    rosa = house.rosa()
    bill, clara = house.joined(rosa, "Bill"), house.joined(rosa, "Clara")
    doors_of(stranger, rosa, bill, clara)
    parting(rosa, bill, clara)
    assert unmarked(heard) == []


def doors_of(stranger: Person, rosa: Person, bill: Person, clara: Person) -> None:
    """Inviting, joining, signing in."""
    codes = [rosa.invites(), bill.invites(), founding_code(rosa, bill)]
    for person in (rosa, bill):
        person.opens(f"{rosa.site}/invitations")
        person.sends(f"{rosa.site}/invitations/{uuid.uuid4()}/seconding")
    for seconded in re.findall(r'action="([^"]*/seconding)"', bill.opens(f"{rosa.site}/invitations").text):
        bill.sends(seconded)
    for code in (*codes, "", "x", "0" * 28):
        for person in (stranger, rosa):
            person.sends("/invitations/answers", code=code)
            person.sends("/invitations/answers", code=code, step="about", handle="Rosa")
    for person in (stranger, rosa):
        person.sends("/foundings/further", code=codes[-1], handle="Rosa")
    about = {"code": codes[0], "handle": "Dora", "secret": "digits", "place": "own", "step": "about"}
    shown = read(stranger.sends("/invitations/answers", **about))
    stranger.sends("/invitations/answers", **shown.hidden, step="seen")
    stranger.sends("/invitations/answers", **shown.hidden, step="typed", typed="1" * 24)
    stranger.sends("/sign-in", handle="Rosa", words="1" * 24)
    for words in ("", "x", "zzz zzz zzz zzz zzz zzz", "1" * 23, *("1" * 24,) * 6):
        stranger.sends("/sign-in", handle="Rosa", words=words, place="own")
    clara.sends("/devices/current/hiding")
    for words in ("", "x", *("1" * 24,) * 6):
        clara.opens("/devices/current/key")
        writing.by_script(clara, "/devices/current/key", words=words)
        clara.sends("/devices/current/key", words=words)
    clara.sends("/devices/current/key", words=clara.phrase, whose="x")
    clara.sends("/devices/current/label", label="x" * 99)
    other_words(bill)


def other_words(bill: Person) -> None:
    """Changing one's words, with whatever may go wrong."""
    path, about = "/devices/words", {"secret": "words", "step": "about"}
    bill.opens(path)
    for words in ("", "x"):
        bill.sends(path, words=words)
    shown = read(bill.sends(path, words=bill.phrase, **about))
    phrase = " ".join(shown.phrase)
    for step, typed in (("seen", ""), ("again", ""), ("typed", "1" * 24)):
        bill.sends(path, **shown.hidden, step=step, typed=typed)
    bill.sends(path, **{**shown.hidden, "proof": ""}, step="typed")
    bill.sends(path, **shown.hidden, step="typed", typed=phrase)
    bill.phrase = phrase
    bill.opens(f"{bill.site}/events")
    for words in ("1" * 24,) * 6:
        bill.sends(path, words=words, **about)


def parting(rosa: Person, bill: Person, clara: Person) -> None:
    """Removing, leaving, and what is told of all that."""
    members = f"{rosa.site}/members"
    pages = re.findall(rf'href="({members}/{writing.ID})"', rosa.opens(members).text)
    removals = [one for page in pages for one in re.findall(r'action="([^"]*/removal)"', rosa.opens(page).text)]
    for path, about in (("/exports", {}), ("/questions/deletion", {}), ("/agreeing", {"needed": "1"})):
        question = rosa.vouches(f"{rosa.site}{path}", **about).location
        bill.vouches(f"{rosa.site}/agreeing", needed="99")
        for person, said in ((rosa, "no"), (bill, "yes"), (bill, "maybe"), (rosa, "yes"), (bill, "no")):
            person.vouches(f"{question}/answers", answer=said)
            for page in (question, f"{rosa.site}/questions", rosa.site, f"{rosa.site}/exports"):
                person.opens(page)
        for person in (rosa, bill):
            person.sends(f"{question}/withdrawal")
        rosa.vouches(f"{rosa.site}{path}", **about)  # asked and lost
        with rosa.inside() as place:  # nobody waits for two months
            roll = register.roll_of(place.site)
            free = tuple(dataclasses.replace(one, barred_until="") for one in roll.people)
            passed = (Passed(matter=Matter.EXPORT, at=now().isoformat()),) if about else ()
            register.keep(place.site, dataclasses.replace(roll, people=free, passed=passed))
            db.session.commit()
    for removal in removals[-1:]:
        question = rosa.vouches(removal).location
        for person, said in ((rosa, "yes"), (bill, "yes"), (bill, "no"), (bill, "yes")):
            person.vouches(f"{question}/answers", answer=said)
            for each in (rosa, bill, clara):
                for page in (members, rosa.site, "/sites", question, f"{rosa.site}/questions"):
                    each.opens(page)
    export = f"{rosa.site}/exports"
    for each in (rosa, bill):
        each.opens(export)
    shown = read(rosa.sends(f"{export}/taking"))
    rosa.sends(f"{export}/taking", step="seen", locked=shown.hidden["locked"])
    for typed in ("x", "zzz zzz zzz zzz zzz zzz", "1" * 24):
        rosa.vouches(f"{export}/taking", step="typed", locked=shown.hidden["locked"], typed=typed)
    rosa.opens(f"{rosa.site}/events")
    bill.opens(f"{bill.site}/departures/new")
    bill.vouches(f"{bill.site}/departures")
    bill.opens("/left")
    rosa.opens(f"{rosa.site}/departures/new")


# A site.


@pytest.fixture
def cast(settled: Any, build: Callable[[str], Flask]) -> dict[str, Any]:  # noqa: F811
    """Rosa, Bill and Clara at the Depot, who read a language of marks; and all that they hear."""
    heard: list[list[Heard]] = []

    def standing(database: Database) -> House:
        house = House(build(database.url), "")
        heard.append(listen(house.app))
        return house

    house, people, _none = settled(depot, standing=standing)
    return {**people, "stranger": house.person(), "house": house, "heard": heard[0]}


@ON_SQLITE
def test_no_page_of_a_site_and_no_file_says_what_nobody_translates(
    members_pages: dict[str, Any],  # noqa: F811
    cast: dict[str, Any],
) -> None:
    heard, house, rosa, bill = cast["heard"], cast["house"], cast["rosa"], cast["bill"]
    assert rosa.signs_in().status_code == 303
    everywhere(house, rosa, bill, heard)
    assert unmarked(heard) == []
    asked = {one.endpoint for one in heard}
    assert sorted({rule.endpoint for rule in house.app.url_map.iter_rules()} - asked - FILES) == []


def everywhere(house: House, rosa: Person, bill: Person, heard: list[Heard]) -> None:
    """Every address that was not asked yet; and every form, sent by a script."""
    paper = a_paper(WORD, rosa, bill)
    with notebook.inside(rosa) as place:
        ids = notebook.one_of_each(place, WORD)
        ids |= {"site": place.site_id, "membership": place.id, "told": uuid.uuid4()}
        words = f"---\nkind: regular\nheadline: {WORD}\n---\n::: echo {WORD}\n{WORD}\n:::"
        said = PaperTold(headline=WORD, masthead=WORD)
        ids["need"] = uuid.uuid4()
        Told.tell(place.site_id, ids["need"], NeedTold(sentence=WORD), Audience.SITES, today())
        Told.tell(place.site_id, ids["told"], said, Audience.ANYONE, today(), text=words, sheet=b"%PDF")
        ids["matter"], day = uuid.uuid4(), today()
        asked = matters.TogetherPut(what=WORD, why=WORD, day=day.isoformat())
        matters.Matter.put(place.site_id, ids["matter"], asked, 2, day)
        db.session.commit()
        ids |= {"copy": ids["told"], "teller": place.site_id}
    done = three_sites.deed(rosa, word=WORD, result=Result.PARTLY)
    for page in (rosa.opens(done), three_sites.tells(rosa, done, look="yes"), three_sites.tells(rosa, done, "")):
        assert page.status_code in (200, 422)
    three_sites.tells(rosa, done, "anyone", sector=WORD)
    rosa.opens("/network")
    rosa.opens(three_sites.told_by(rosa)[0])
    filling = {f"{kind}_id": ("own", id_) for kind, id_ in ids.items()}
    for kind in ("bulletin", "article", "correction", "picture", "printing", "distribution", "ticket"):
        filling[f"{kind}_id"] = ("own", paper[kind].rpartition("/")[2])
    filling |= {"letters": ("own", paper["letters"]), "number": ("own", 0), "topic": ("own", "pay")}
    filling |= {"device_id": ("none", uuid.uuid4()), "invitation_id": ("none", uuid.uuid4())}
    filling |= {"question_id": ("own", rosa.vouches(f"{rosa.site}/exports").location.rpartition("/")[2])}
    asked = {one.endpoint for one in heard}
    typed = {**SENT, "language": MARKS, "place": "Gate B", "name": "box", "label": "Rosa", "reason": "To ask again"}
    last = [*LATE, *ENDINGS, LAST]
    rules = sorted(
        house.app.url_map.iter_rules(), key=lambda rule: last.index(rule.endpoint) if rule.endpoint in last else -1
    )
    for rule in rules:
        if rule.endpoint in FILES:
            continue
        path = path_of(rule, filling)
        if "GET" in (rule.methods or ()):
            if rule.endpoint not in asked:
                rosa.opens(path)
            continue
        if rule.endpoint not in last:
            writing.by_script(rosa, path, **typed)
        if rule.endpoint not in asked:
            rosa.sends(path, **typed)
        if rule.endpoint in ENDINGS:
            rosa.signs_in()


# The shell.


def test_the_shell_says_nothing_that_nobody_translates(
    catalogues: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = tmp_path / "wrong.md"
    wrong.write_text("Words.")
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    commands = (
        ("press", "nowhere.md"),
        ("press", str(wrong)),
        ("press", str(wrong), "--paper", "a5"),
        ("press", str(wrong), "--check", "-o", "x"),
        ("press", "-", str(wrong)),
        ("press", str(wrong), str(wrong), "-o", str(wrong)),
        ("backup", str(tmp_path / "copy.age")),
        ("restore", "nowhere.age", "--key", "nowhere"),
        ("open", "nowhere.sealed"),
    )
    with speak(Locale(MARKS), Translations.load(catalogues, MARKS)):
        assert [command for command in commands if cli.main(command) == 0] == []
    told = "".join(capsys.readouterr()).replace(str(tmp_path), "")
    assert told.count("⟦") >= len(commands)
    named = ("wrong.md", "nowhere.md", "nowhere.age", "nowhere.sealed", "copy.age", "nowhere", "a5", "a4", "letter")
    system = ("no such file or directory", "not a directory", "file exists")  # in the words of the machine
    assert pseudo.unmarked(told, frozenset((*named, *system))) == []


def test_what_has_no_mark_is_seen() -> None:
    page = (
        '<h1 title="Plain">⟦Marked⟧</h1><p>⟦By ⟧Rosa⟦, on ⟧3 Januaro</p><textarea>Typed</textarea>'
        '<button data-say-done="Done">⟦Go⟧ on</button><input type="submit" value="Send"><script>let x</script>'
    )
    heard = Heard("here", "GET", 200, MARKS, pseudo.Seen(page).texts)
    assert [wrong.rpartition(": ")[2] for wrong in heard.unmarked()] == ["Plain", "Done", "on", "Send"]


def test_the_mark_stands_around_words_and_not_around_what_is_put_into_them() -> None:
    assert pseudo.marked("%(who)s agrees: 50 %% of %(all)d") == "%(who)s⟦ agrees: 50 ⟧%%⟦ of ⟧%(all)d"
