"""The made-up site that `make dev` serves: whoever develops has something on every page, and can sign in."""

from __future__ import annotations

import re

import pytest

from bulletin import create_app, demo
from bulletin.config import Settings
from bulletin.demo import network
from bulletin.demo.network import Size
from bulletin.vault import keys
from tests.databases import closing
from tests.web.house import CHEAP, Person


@pytest.fixture
def sign_in(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "COST", CHEAP)
    return demo.make(tmp_path)


def test_rosa_signs_in_with_the_words_that_are_printed_and_finds_a_full_site(tmp_path, sign_in):
    words = dict(line.split(maxsplit=1) for line in sign_in.splitlines())
    app = create_app(Settings(instance=str(tmp_path)))
    with closing(app):
        rosa = Person(app)
        assert rosa.signs_in(handle="Rosa", phrase=words["Rosa"]).status_code == 303
        site = rosa.opens("/sites/mine").location
        assert "40 people" in rosa.reads(f"{site}/contacts").words
        papers, actions = rosa.reads(f"{site}/bulletins").words, rosa.reads(f"{site}/actions").words
        assert "Doors that close" in actions
        assert len(re.findall(r"[Nn]o\. \d|Being written|Proposed", papers)) >= 2
        for page in ("", "/chart", "/eddies", "/steps", "/calendar", "/follow-ups", "/events", "/members"):
            assert rosa.opens(f"{site}{page}").status_code == 200


def test_a_site_that_is_there_is_left_as_it_is(tmp_path, sign_in):
    assert demo.make(tmp_path) == sign_in


def test_the_words_are_for_nobody_else_on_the_machine(tmp_path, sign_in):
    assert (tmp_path / demo.SIGN_IN).stat().st_mode & 0o077 == 0


def test_of_a_network_one_is_a_member_or_somebody_the_sites_ask_or_a_stranger(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "COST", CHEAP)
    monkeypatch.setattr(network, "_sheet", lambda: b"%PDF")
    words = dict(line.split(maxsplit=1) for line in demo.make_network(tmp_path, Size(4, 1)).splitlines())
    app = create_app(Settings(instance=str(tmp_path)))
    with closing(app):
        assert Person(app).opens("/network").status_code == 303
        for handle in words:
            person = Person(app)
            assert person.signs_in(handle=handle, phrase=words[handle]).status_code == 303
            page = person.reads("/network").words
            assert ("You are asked to" in page) == (handle == "Ines")
            assert person.opens("/sites").status_code == (404 if handle == "Ines" else 200)
