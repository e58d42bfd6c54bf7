"""From eight sites on: the sentence of the week, what comes up where, and who says it."""

from __future__ import annotations

import csv
import io
import re

from bulletin.demo.network import SECTORS
from tests.homes import ON_SQLITE
from tests.web.house import house, read  # noqa: F401
from tests.web.network.many_sites import dozen  # noqa: F401
from tests.web.network.three_sites import three  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE

NUMBER = re.compile(r'<a href="(/network/topics/[^"]+)"><b>(\d+)</b>')


def words(answer) -> str:
    return " ".join(read(answer).words.split())


def test_fewer_than_eight_sites_have_no_sums(three):  # noqa: F811
    page = three["rosa"].opens("/network")
    assert "What comes up, and where" not in page.text
    assert three["rosa"].opens("/network/topics/pay").status_code == 404


def test_each_number_opens_who_says_it(dozen):  # noqa: F811
    page = dozen["rosa"].opens("/network")
    assert "12 groups are in." in words(page)
    assert re.search(r"comes up in \d+ of \d+ groups", words(page))
    numbers = NUMBER.findall(page.text)
    assert len(numbers) > 3
    for address, count in dict(numbers).items():
        behind = dozen["rosa"].opens(address.replace("&amp;", "&"))
        assert f"comes up in {count} of" in words(behind), address
        assert len(re.findall(r"<li><a href", behind.text.split('id="who"')[1].split("</ul>")[0])) == int(count)


def test_a_group_is_looked_at_by_itself(dozen):  # noqa: F811
    page = dozen["rosa"].opens("/network")
    groups = dict(re.findall(r'<a href="/network\?(sector=[^"]+)">([^<]+)</a>', page.text))
    asked, name = next(iter(groups.items()))
    sector, count = name.rsplit(" ", 1)
    assert sector in SECTORS
    there = dozen["rosa"].opens(f"/network?{asked}")
    assert f'href="/network?{asked}" aria-current="true"' in there.text
    others = [other for other in SECTORS if other != sector and f"· {other} ·" in there.text]
    assert others == [], "papers and what was done are theirs alone"
    assert f"of {count} groups told something" in words(there)


def test_what_an_address_asks_for_that_is_none_finds_nothing(dozen):  # noqa: F811
    rosa = dozen["rosa"]
    assert "0 of 0 groups told something" in words(rosa.opens("/network?sector=%25%27%20or%201=1"))
    assert rosa.opens("/network/topics/nonsense").status_code == 404
    assert rosa.opens("/network/topics/pay?page=-3&place=" + "x" * 5_000).status_code == 200


def test_the_table_that_is_taken_along_has_the_sums_too(dozen):  # noqa: F811
    table = list(csv.reader(io.StringIO(dozen["rosa"].sends("/network/table").data.decode("utf-8-sig"))))
    weeks = [line for line in table if line[2] == "Comes up"]
    assert len(weeks) >= 12
    assert all(re.fullmatch(r"\d+ groups", line[1]) for line in weeks)


def test_a_stranger_sees_none_of_it(dozen):  # noqa: F811
    for path in ("/network/topics/pay", "/network/paper/new", "/network?sector=hospital"):
        assert dozen["stranger"].opens(path).status_code in (303, 404)


def test_something_is_proposed_to_who_says_it_by_their_names(dozen):  # noqa: F811
    rosa = dozen["rosa"]
    number = next(address.replace("&amp;", "&") for address, _ in NUMBER.findall(rosa.opens("/network").text))
    page = rosa.opens(number).text
    said = re.findall(r"<li><a href=[^>]*>([^<]+)</a>", page.split('id="who"')[1].split("</ul>")[0])
    way = re.findall(r'href="([^"]+)">Propose something to these', page)[0].replace("&amp;", "&")
    assert not any(name in way for name in said), "nobody's name is in an address"
    words = re.findall(r'<textarea[^>]*name="why"[^>]*>\s*([^<]*)</textarea>', rosa.opens(way).text)[0]
    assert words.startswith("To ")
    assert [name for name in said if name not in words] == []
    for typed in ("nonsense", ""):
        other = rosa.opens(f"{rosa.site}/answers/new?kind=together&topic={typed}").text
        assert re.findall(r'<textarea[^>]*name="why"[^>]*>\s*([^<]*)</textarea>', other) == [""]
