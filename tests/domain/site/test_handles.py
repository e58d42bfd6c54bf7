"""Handles: a name and figures, by which nobody learns who else has an account here."""

from __future__ import annotations

import itertools
import re

import pytest

from bulletin.domain.site.accounts import handles
from bulletin.domain.site.accounts.handles import NAME_MAX, endings
from bulletin.domain.site.accounts.members import HANDLE_MAX, Member

LINK = b"a link"


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "endings", endings)


def test_a_handle_is_the_name_and_two_figures(session):
    assert re.fullmatch(r"Rosa-[1-9]\d", handles.offered("Rosa", LINK))


def test_asked_again_by_one_link_it_is_the_same_and_by_another_it_is_in_another_order(session):
    first = list(itertools.islice(endings("Rosa", LINK), 90))
    assert first == list(itertools.islice(endings("rosa ", LINK), 90))
    assert first != list(itertools.islice(endings("Rosa", b"another"), 90))
    assert first != list(itertools.islice(endings("Bill", LINK), 90))
    assert sorted(first) == [f"-{number}" for number in range(10, 100)]


def test_those_that_are_taken_are_passed_over_and_then_there_are_more_figures(session):
    offered = []
    for _ in range(92):
        offered.append(handles.offered("Rosa", LINK))
        Member.join(offered[-1], b"public", b"locked")
        session.flush()
    assert len(set(offered)) == 92
    assert [len(one) for one in offered] == [len("Rosa-10")] * 90 + [len("Rosa-100")] * 2
    assert NAME_MAX + len("-1000") <= HANDLE_MAX


def test_who_has_joined_already_is_offered_what_they_have(session):
    mine = handles.offered("Rosa", LINK, own=b"my key")
    Member.join(mine, b"public", b"my key")
    session.flush()
    assert handles.offered("Rosa", LINK, own=b"my key") == mine
    assert handles.offered("Rosa", LINK, own=b"another key") != mine


@pytest.mark.parametrize("name", ["rosa", "R\u00f3sa", "r.osa", "R0sa", "Ros\u200da", "Rosa_"])
def test_nobody_is_told_from_another_by_an_accent_or_a_figure_alone_at_whatever_site(rosa, name, monkeypatch):
    monkeypatch.setattr(handles, "endings", lambda *_: ["", "-47"])
    assert handles.offered(name, LINK) == f"{name}-47"
    assert handles.offered("Rose", LINK) == "Rose"


def test_one_link_gives_one_answer_however_a_name_is_spelled_so_that_no_figure_is_missed_among_many(session):
    first = handles.offered("Rosa", LINK).removeprefix("Rosa")
    spelled = ["Rosa-", "Rosa._", "rosa--.", "R\u00f3sa", "r.osa", "R0sa", "R'o-sa"]
    assert {handles.offered(name, LINK).removeprefix(name) for name in spelled} == {first}
    Member.join(f"Rosa{first}", b"public", b"locked")
    session.flush()
    then = handles.offered("Rosa", LINK).removeprefix("Rosa")
    assert then != first
    assert {handles.offered(name, LINK).removeprefix(name) for name in spelled} == {then}
