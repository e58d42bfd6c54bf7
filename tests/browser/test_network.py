"""Three sites in week one, a fourth on day fourteen; then ten, somebody asked, the yes taken back, and the paper."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from playwright.sync_api import expect

from bulletin.db import db, today
from bulletin.demo import network
from bulletin.demo.network import Size
from bulletin.domain.network.told import PaperTold, Told
from bulletin.vault.readers import Audience
from tests.browser.test_doors import PHONE, Phone, house, installation, phone  # noqa: F401
from tests.browser.test_papers import downloaded
from tests.web.house import House, Person, Remembered, led_to
from tests.web.network import four_sites
from tests.web.network.four_sites import agrees, answered, at, put

TEXT = """---
kind: regular
headline: Nobody drives alone
---
Three drivers were sent home.

::: article Bay 4
Mended.
:::
"""
LAPTOP = {"width": 1200, "height": 900}


@pytest.mark.parametrize("size", [PHONE, pytest.param(LAPTOP, marks=pytest.mark.attack)], ids=["phone", "laptop"])
def test_from_three_sites_to_ten(phone: Any, house: House, size: dict[str, int]) -> None:  # noqa: F811
    four, _ = four_sites.build(house)
    day_fourteen(four)
    rosa = at_home(phone, four["rosa"], size)
    reads_and_makes_ours(rosa)
    asks_for_a_printer(rosa)
    a_fourth_comes_in(rosa, four)
    a_day_together(rosa, four)
    with four["rosa"].app.app_context():
        network.fill(Size(sites=10, weeks=3), sheet=b"%PDF made up")
        db.session.commit()
    sums(rosa)
    somebody_asked(rosa, phone, four, size)
    the_paper(rosa)


def at_home(phone: Any, person: Person, size: dict[str, int]) -> Phone:  # noqa: F811
    taken: Phone = phone()
    taken.page.set_viewport_size(size)
    taken.belongs_to(person)
    return taken


def day_fourteen(four: dict[str, Person]) -> None:
    """The Mill has told a paper; the three are in for two weeks."""
    with four["dave"].inside() as place:
        said = PaperTold(masthead="The Mill Sheet", number="3", headline="Nobody drives alone", language="en")
        Told.tell(place.site_id, uuid.uuid4(), said, Audience.SITES, today(), text=TEXT, sheet=b"%PDF made up")
        db.session.commit()
    for who in ("rosa", "dave", "ada"):
        with four[who].inside() as place:
            place.site.in_since = today() - datetime.timedelta(days=14)
            db.session.commit()


def reads_and_makes_ours(rosa: Phone) -> None:
    rosa.goto("/network")
    rosa.look("network-three")
    rosa.follow("Nobody drives alone")
    rosa.look("network-paper-told")
    rosa.page.get_by_role("link", name="Make ours from this").first.click()
    rosa.press("Begin the draft")
    expect(rosa.page.locator("main:visible")).to_contain_text("Three drivers were sent home.")


def asks_for_a_printer(rosa: Phone) -> None:
    rosa.goto("/network")
    rosa.follow("We need, we have")
    rosa.page.get_by_label("We need", exact=True).check()
    rosa.page.get_by_label("In one sentence").fill("a printer for two hundred sheets")
    rosa.look("network-need")
    rosa.press("See how it reads")
    rosa.press("Send")
    rosa.heading("The network")
    expect(rosa.page.locator("main:visible")).to_contain_text("We need: a printer for two hundred sheets")


def a_fourth_comes_in(rosa: Phone, four: dict[str, Person]) -> None:
    asked = four_sites.asks_in(four)
    answered(four, "dave", asked)
    rosa.goto(asked)
    rosa.look("network-known")
    rosa.press("We know them")
    assert agrees(four["bill"], asked).status_code == 303
    assert four["pia"].opens("/network").status_code == 200


def a_day_together(rosa: Phone, four: dict[str, Person]) -> None:
    """If three join."""
    rosa.goto("/network")
    rosa.follow("Propose something")
    rosa.follow("Do something together")
    rosa.page.get_by_label("What?").fill("Orange stickers on every coat")
    rosa.page.get_by_label("Why?").fill("One rota, four sites.")
    rosa.page.get_by_label("When?", exact=True).fill(four_sites.SOON)
    rosa.page.get_by_label("Only if so many groups join, yours counted").fill("3")
    rosa.look("network-together")
    rosa.press("Propose it")
    rosa.heading("Shall we ask the others?")
    path = rosa.page.url.removeprefix(rosa.address)
    assert agrees(four["bill"], path).status_code == 303
    main = rosa.page.locator("main:visible")
    for who, stands in (("dave", "1 is in"), ("pia", "3 are in")):
        answered(four, who, at(four[who], path))
        rosa.goto(path)
        expect(main).to_contain_text(stands)


def sums(rosa: Phone) -> None:
    rosa.goto("/network")
    expect(rosa.page.locator("main:visible")).to_contain_text("10 groups are in.")
    expect(rosa.page.get_by_role("heading", name="What comes up, and where")).to_be_visible()
    rosa.look("network-ten")


def somebody_asked(rosa: Phone, phone: Any, four: dict[str, Person], size: dict[str, int]) -> None:  # noqa: F811
    task = put(four, "rosa", "asked", member="", name="Ines")
    for who in ("dave", "ada", "pia"):
        answered(four, who, task)
    rosa.goto(task)
    rosa.look("network-asked-stands")
    rosa.vouches()
    rosa.press("Make the link")
    rosa.heading("The link")
    code, ines = rosa.page.locator("#code").inner_text(), Person(four["rosa"].app)
    hers: Phone = phone()
    hers.page.set_viewport_size(size)
    hers.goto(f"/invitations/answer#{code}")
    hers.press("Go on")
    hers.heading("You are asked to do something")
    hers.look("network-asked-newcomer")
    assert led_to(ines.becomes("/invitations/answers", "Ines", code=code)) == "/network"
    for name, value in Remembered.of(ines).cookies.items():
        hers.context.add_cookies([{"name": name, "value": value, "url": hers.address}])
    hers.goto("/")
    hers.heading("The network")
    expect(hers.page.locator("main:visible")).to_contain_text("You are asked to")
    hers.look("network-asked-reads")
    answered(four, "ada", task, "nothing")
    gone = hers.page.goto("/network")
    assert gone is not None
    assert gone.status == 404
    hers.look("network-asked-no-more")


def the_paper(rosa: Phone) -> None:
    rosa.goto("/network")
    rosa.page.get_by_text("Take this page along").click()
    rosa.follow("Paper for a meeting")
    rosa.look("network-meeting")
    name, sheet = downloaded(rosa.page, lambda: rosa.press("Print it"))
    assert name == "meeting.pdf"
    assert sheet.startswith(b"%PDF")
