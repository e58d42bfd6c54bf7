"""What is stored outlives the code: rows, backups and exports of every release open, are shown, changed, and arrive."""

from __future__ import annotations

import collections
import dataclasses
import gzip
import io
import json
import pathlib
import re
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from bulletin import create_app
from bulletin.backup import restoring
from bulletin.config import Settings
from bulletin.db import db, now, today
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.standing import SHORT
from bulletin.domain.site.sites import Site
from bulletin.migrations import migrate
from bulletin.vault import keys, parcels
from tests.databases import Database, PostgreSQL, closing, postgresql  # noqa: F401
from tests.homes import migrated_file
from tests.web import workmates, writing
from tests.web.conftest import PretendPress
from tests.web.house import CHEAP, House, Person, errors, read

KEPT = pathlib.Path(__file__).parent / "kept"
RELEASES = sorted(path.name for path in KEPT.iterdir() if path.is_dir())
# What is carried is the same for both: it arrives on SQLite, and on PostgreSQL in `make attack`.
CARRIED = pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.attack)], indirect=True, scope="module"
)
KINDS = ("sqlite", "postgresql")
DULL = ("/static/", "/press/", "/sheets", "/kinds", "/sign-in", "/p/")  # addresses that no kept row is behind

# On which page of the site what was typed then is read now.
SAID = {
    "/contacts": ["Dora", "Amina Sundew", "Bruno Sundew"],
    "/follow-ups": ["Sundew reason", "The form."],
    "/actions": ["Leafleting", "Sundew at noon", "Doors that close"],
    "/steps": ["A petition", "Half of us", "Sundew threshold"],
    "/map": ["Packing", "Nights", "Sundew packing"],
    "/bulletins": ["A draft that waits", "Proposed for Thursday", "Agreed by both", "Printed and handed out"],
    "/events": ["Rosa started the group.", "Bill joined.", "in a sealed file"],
    "/members": ["Rosa", "Bill"],
    "/eddies": ["Safety"],
    "/chart": ["Packing"],
}


@dataclasses.dataclass
class Opened:
    """An installation with the rows of a release, and Rosa, who signs in with the words she had then."""

    app: Flask
    rosa: Person
    known: dict[str, Any]
    home: Database


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest) -> pathlib.Path:
    return KEPT / str(request.param)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "COST", CHEAP)
        yield


@pytest.fixture(scope="module")
def empty(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[Database, pathlib.Path]]:
    """empty(): a database with nothing in it, and the folder of its installation; migrated=True: with our tables."""

    def new(*, migrated: bool = False) -> tuple[Database, pathlib.Path]:
        folder = tmp_path_factory.mktemp("kept")
        if kind == "sqlite":
            if migrated:
                shutil.copy(migrated_file(tmp_path_factory), folder / "bulletin.db")
            return Database("sqlite", f"sqlite:///{folder}/bulletin.db"), folder
        server: PostgreSQL = request.getfixturevalue("postgresql")
        return server.new(), folder

    return new


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[Database, pathlib.Path], Flask]]:
    """running(database, folder): the program as it is now, with its schema."""
    opened = []

    def run(home: Database, folder: pathlib.Path) -> Flask:
        app = create_app(Settings(database_url=home.url, instance=str(folder)))
        app.config["DATABASE_OWNER_URL"] = home.owner_url
        app.extensions["press"] = PretendPress()
        migrate(app)
        opened.append(closing(app))
        opened[-1].__enter__()
        return app

    yield run
    for stands in opened:
        stands.__exit__(None, None, None)


@pytest.fixture(scope="module")
def opened(kind: str, release: pathlib.Path, empty: Any, running: Any) -> Opened:
    """The kept rows, after the migrations since."""
    home, folder = empty()
    if kind == "sqlite":
        (folder / "bulletin.db").write_bytes(gzip.decompress((release / "sqlite.db.gz").read_bytes()))
    else:
        dump = gzip.decompress((release / "postgresql.sql.gz").read_bytes()).decode()
        # As the owner, who makes the tables: the app's role gets its rights to them by default.
        with psycopg.connect(home.owner_url, autocommit=True) as connection:
            connection.execute(dump.encode())
    app = running(home, folder)
    with app.app_context():  # what falls due with the years would forget people: it is as if it had been done today
        db.session.execute(sa.update(Site).values(tended_on=today()))
        db.session.commit()
        db.session.remove()
    known = json.loads((release / f"{kind}.json").read_text())
    return Opened(app, _signed_in(app, known), known, home)


def newcomer(running: Any, empty: Any) -> Person:
    """Rosa, who founds a network elsewhere."""
    app = running(*empty(migrated=True))
    with app.app_context():
        code = FoundingCode.print_anew() or ""
        db.session.commit()
    return House(app, code).rosa()


def _signed_in(app: Flask, known: dict[str, Any], who: str = "rosa") -> Person:
    person = Person(app, known[who]["handle"], known[who]["words"])
    answer = person.signs_in()
    assert answer.status_code == 303, errors(answer)
    person.site = known["rosa"]["site"]
    return person


def every_page(person: Person, start: str, *, of_a_kind: int = 1_000) -> dict[str, str]:
    """All pages that links lead to from one, by address; each answers. `of_a_kind`: so many that differ by their id."""
    pages: dict[str, str] = {}
    kinds: collections.Counter[str] = collections.Counter()
    waiting = collections.deque([start])
    while waiting:
        path = waiting.popleft()
        if path in pages or path.startswith(DULL):
            continue
        kinds[kind := re.sub(rf"{writing.ID}|\?.*", "…", path)] += 1
        if kinds[kind] > of_a_kind:
            continue
        answer = person.opens(path)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code)
        pages[path] = answer.text if answer.mimetype == "text/html" else ""
        links = re.findall(r'<a[^>]* href="(/[^"#]*)', pages[path]) + ([answer.location] if answer.location else [])
        waiting.extend(link.replace("&amp;", "&") for link in links if "calendar?" not in link)  # they never end
    return pages


def test_rosa_signs_in_with_her_old_words_and_every_page_opens(opened: Opened) -> None:
    pages = every_page(opened.rosa, opened.rosa.site)
    words = {path: read_words(text) for path, text in pages.items()}
    assert len(pages) > 60
    for path, said in SAID.items():
        there = words[f"{opened.rosa.site}{path}"]
        assert [one for one in said if not re.search(one, there)] == [], path
    everything = " ".join(words.values())
    for one in ("She drives the late van.", "The lift sticks.", "It rained.", "Two at the gate", "Sundew corrected"):
        assert one in everything
    for one in ("Too long by half.", "Nobody drives alone that week.", "All gone in ten minutes.", "Moved elsewhere"):
        assert one in everything


def test_a_register_is_begun_and_everybody_is_asked_to_check_it(opened: Opened) -> None:
    """A site of an older release has none until a member opens it; who has been in it for a week decides."""
    hint = "The list of members was put together anew. Look whether it is right."
    for person in (opened.rosa, _signed_in(opened.app, opened.known, "bill")):
        words = read_words(person.opens(person.site).text)
        assert hint in words
        with person.inside() as place:
            standing = register.standing_of(place.site)
            assert standing.decides(place.member_id.hex)
            assert sorted(one.handle for one in standing.people.values()) == ["Bill", "Rosa"]
            deeds = [event.deed for event in Event.at(place.site_id)]
            assert (deeds.count(Deed.REGISTER_BEGUN), Deed.KEY_CHANGED in deeds) == (1, True), "once, for all"
            _, registered = place.open_key(_private(person))
            assert registered, "copies of the key say now that there must be one"
    assert "Look whether it is right." in read_words(opened.rosa.opens(f"{opened.rosa.site}/events").text)


def _private(person: Person) -> keys.PrivateKey:
    member = Member.named(person.handle)
    assert member
    return keys.unlock(member.locked_key, person.phrase)


def read_words(text: str) -> str:
    return " ".join(writing.Read(text).words.split())


def _linked(person: Person, page: str, name: str) -> str:
    """Where the link with this name leads, on a page of the site."""
    text = person.opens(f"{person.site}{page}").text
    found = re.search(rf'href="({person.site}{page}/{writing.ID})"[^>]*>\s*(?:<b[^>]*>)?{name}', text)
    assert found, name
    return found[1]


def _sent_back(person: Person, page: str, action: str, **changed: str) -> None:
    """A page's form sent as it stands, with a few fields changed."""
    text = person.opens(page).text
    form = next(one for one in re.findall(r"<form.*?</form>", text, re.S) if f'action="{action}"' in one)
    answer = person.sends(action, **{**fields_in(form), **changed})
    assert answer.status_code == 303, (action, errors(answer))


def fields_in(form: str) -> dict[str, str]:
    """What a browser would send of a form that nobody touched: one value a name is enough here."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attrs = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if "name" in attrs and (attrs.get("type") not in ("radio", "checkbox", "submit") or " checked" in tag):
            fields[attrs["name"]] = attrs.get("value", "")
    for attrs, text in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", form, re.S):
        fields[re.findall(r'name="([^"]*)"', attrs)[0]] = text.removeprefix("\n")
    for name, choices in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', choices) or re.search(r'value="([^"]*)"', choices)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_what_was_kept_is_changed_and_saved(opened: Opened) -> None:
    rosa = opened.rosa
    amina = _linked(rosa, "/contacts", "Amina Sundew<")
    _sent_back(rosa, f"{amina}/edit", amina, notes="Changed by a later release.")
    page = rosa.reads(amina).words
    assert "Changed by a later release." in page
    for kept in ("Sundew nickname", "Sundew title", "Sundew languages", "Sundew reach", "Sundew known_by"):
        assert kept in page, "and the rest stays as it was"
    talk = re.search(rf'href="({rosa.site}/conversations/{writing.ID})"', rosa.opens(amina).text)
    assert talk
    _sent_back(rosa, talk[1], talk[1], note="Corrected by a later release.")
    assert "Corrected by a later release." in rosa.reads(amina).words
    workmates.noted(rosa, amina, note="A talk of a later release.")
    action = _linked(rosa, "/actions", "Sundew at noon")
    _sent_back(rosa, f"{action}/plan", f"{action}/plan", demand="A later demand.")
    assert "A later demand." in rosa.reads(action).words
    piece = writing.pieces(rosa, opened.known["draft"])[0]
    assert writing.save(rosa, piece, "Said by a later release.").status_code == 303
    assert "Said by a later release." in writing.manuscript(rosa, opened.known["draft"])
    bill = _signed_in(opened.app, opened.known, "bill")
    assert "Changed by a later release." in bill.reads(amina).words


def test_the_sheet_that_was_printed_then_is_the_same_now(opened: Opened) -> None:
    away = opened.rosa.opens(f"{opened.known['printed']}/away").text
    (run,) = set(re.findall(rf"{opened.known['printed']}/printings/{writing.ID}", away))
    sheet = opened.rosa.opens(run)
    assert sheet.status_code == 200
    assert sheet.data.startswith(b"%PDF-1.")


@CARRIED
def test_a_backup_of_then_comes_back_now(
    opened: Opened, release: pathlib.Path, kind: str, empty: Any, running: Any, tmp_path: pathlib.Path
) -> None:
    home, folder = empty()
    app = running(home, folder)
    (tmp_path / "key.txt").write_text(f"{opened.known['backup key']}\n")
    restoring.restore(app, release / f"{kind}.backup.age", tmp_path / "key.txt", replace=True, unsigned=True)
    with app.app_context():
        db.session.execute(sa.update(Site).values(tended_on=today()))
        db.session.commit()
        db.session.remove()
    rosa = _signed_in(app, opened.known)
    assert len(every_page(rosa, rosa.site, of_a_kind=1)) > 60
    for path in ("/contacts", "/actions", "/map"):
        words = rosa.reads(f"{rosa.site}{path}").words
        assert [one for one in SAID[path] if not re.search(one, words)] == []


@CARRIED
def test_what_a_site_took_along_then_arrives_now(
    opened: Opened, release: pathlib.Path, kind: str, empty: Any, running: Any, tmp_path: pathlib.Path
) -> None:
    packed = (release / f"{kind}.site.sealed").read_bytes()
    rosa = newcomer(running, empty)
    sent = {"form_id": uuid.uuid4().hex, "typed": opened.known["export words"]}
    answer = writing.with_file(rosa, f"{rosa.site}/exports/arrival", packed, "site.sealed", **sent)
    assert answer.status_code == 303, errors(answer)
    assert len(every_page(rosa, rosa.site, of_a_kind=1)) > 60
    for path in ("/contacts", "/actions", "/map", "/steps", "/bulletins"):
        words = rosa.reads(f"{rosa.site}{path}").words
        assert [one for one in SAID[path] if not re.search(one, words)] == [], path


def test_what_a_site_took_along_opens_without_an_installation(opened: Opened, release: pathlib.Path, kind: str) -> None:
    plain = parcels.unseal((release / f"{kind}.site.sealed").read_bytes(), opened.known["export words"])
    with zipfile.ZipFile(io.BytesIO(plain)) as file:
        everything = b"".join(map(file.read, file.namelist())).decode("utf-8", "replace")
    assert "Sundew reason" in everything


@CARRIED
def test_what_was_kept_is_taken_along_again(
    opened: Opened, empty: Any, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of then, in a file of now, in another installation."""
    rosa, bill = opened.rosa, _signed_in(opened.app, opened.known, "bill")
    for person in (rosa, bill):
        assert person.vouches(f"{person.site}/exports").status_code == 303
    there = now() + SHORT
    monkeypatch.setattr(register, "now", lambda: there)
    page = read(rosa.sends(f"{rosa.site}/exports/taking"))
    phrase, locked = " ".join(page.phrase), page.hidden["locked"]
    taken = rosa.vouches(f"{rosa.site}/exports/taking", step="typed", locked=locked, typed=phrase)
    assert taken.status_code == 200, errors(taken)
    elsewhere = newcomer(running, empty)
    sent = {"form_id": uuid.uuid4().hex, "typed": phrase}
    answer = writing.with_file(elsewhere, f"{elsewhere.site}/exports/arrival", taken.data, "site.sealed", **sent)
    assert answer.status_code == 303, errors(answer)
    words = elsewhere.reads(f"{elsewhere.site}/contacts").words
    assert [one for one in SAID["/contacts"] if not re.search(one, words)] == []
