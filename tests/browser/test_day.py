"""A day in a break room: names from a phone, four talks, a leafleting, who came, what was learned, and the chart."""

from __future__ import annotations

import pathlib
import re

from playwright.sync_api import Route, expect

from tests.browser.test_doors import Phone, house, installation, phone  # noqa: F401
from tests.browser.test_papers import two  # noqa: F401

# As an old phone writes them: quoted-printable, folded, with a picture, and with people who are nobody's business.
CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96zt=C3=BCrk;Elif;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Elif =C3=96zt=C3=BCrk
TEL;CELL;PREF:07700 900123
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkS
 EwQdpQUFBQUF

END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Mum
TEL;TYPE=HOME:020 7946 0958
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Goran Ilić
TEL;VALUE=uri;TYPE=cell:tel:+44-7700-900456
END:VCARD
"""


def test_a_day_in_a_break_room(two: tuple[Phone, Phone], tmp_path: pathlib.Path) -> None:  # noqa: F811
    rosa, bill = two
    page, site = rosa.page, rosa.page.url
    rosa.look("day-start-empty")

    # The map: forty in packing at night.
    rosa.goto(f"{site}/map")
    page.get_by_label("Name of the shift").fill("Nights")
    page.locator("form", has_text="Name of the shift").get_by_role("button").click()
    rosa.heading("Nights")
    page.get_by_label("Mon", exact=True).check()
    rosa.press("Save", exact=True)
    rosa.heading("Map of the place")
    page.get_by_label("Name of the department").fill("Packing")
    page.locator("form", has_text="Name of the department").get_by_role("button").click()
    rosa.heading("Packing")
    page.get_by_label("Nights").fill("40")
    rosa.press("Save", exact=True)
    rosa.follow("The chart")
    expect(page.locator("main:visible")).to_contain_text("Nights, Packing: about 40 people")
    rosa.look("day-chart-empty")

    # Names from a phone: two of three, nobody's mother.
    cards = tmp_path / "contacts.vcf"
    cards.write_bytes(CARDS.encode().replace(b"\n", b"\r\n"))
    rosa.goto(f"{site}/contacts")
    rosa.look("day-nobody")
    rosa.follow("Or take some from a phone or a list")
    page.locator("input[type=file]").set_input_files(cards)
    rosa.press("Show who is in it")
    rosa.heading("Who is to be kept?")
    expect(page.locator("#take input:checked")).to_have_count(0)
    for name in ("Elif Öztürk", "Goran Ilić"):
        page.locator("#take").get_by_label(name).check()
    page.get_by_label("Department of all you tick").select_option("Packing")
    page.get_by_label("Shift of all you tick").select_option("Nights")
    rosa.look("day-import")
    rosa.press("Keep those I ticked")
    rosa.heading("2 people are in the notebook")
    rosa.look("day-imported")

    # Four talks; each is: who, where they stand, what came up, save.
    for name, stand, struggle in (
        ("Elif", "with us", "Staffing"),
        ("Goran", "undecided", "Staffing"),
        ("Nadia", "organises others", "Pay"),
        ("Omar", "be careful with them", "Staffing"),
    ):
        talk(rosa, site, name, stand, struggle)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Note a talk")
    rosa.look("day-talk-more")
    page.get_by_label("tomorrow").check()
    page.get_by_label("Why?").fill("Has he read the sheet?")
    rosa.press("Save that, too")
    rosa.heading("Our notebook")
    rosa.goto(f"{site}/contacts")
    assert "Mum" not in page.locator("main:visible").inner_text()
    expect(page.locator("main:visible")).to_contain_text("Omar")
    page.locator("#find input[name=words]").fill("ozt")
    expect(page.locator("main:visible")).not_to_contain_text("Omar")
    expect(page.locator("main:visible")).to_contain_text("Elif Öztürk")
    rosa.look("day-found")

    # A leafleting, planned by one and ticked by the other.
    rosa.goto(f"{site}/actions/new")
    page.get_by_label("What is it?").select_option("Leafleting")
    page.get_by_label("Where?").fill("Gate B")
    page.get_by_label("From").fill("00:01")
    page.get_by_label("Until").fill("23:59")
    rosa.look("day-plan")
    page.locator("main button.primary:visible").click()
    rosa.heading("Leafleting")
    action = page.url
    page.locator("a[href$='/turnout']").click()
    rosa.follow("Put people on the list")
    page.get_by_role("button", name="Put all 4 on the list").click()
    page.wait_for_url(re.compile(r"/turnout(\?|$)"))
    bill.goto(f"{action}/turnout?tick=came")
    for name in ("Elif", "Nadia"):
        bill.page.locator(".ticks").get_by_label(name).check()
    expect(bill.page.locator("#status")).to_have_text("Saved.")
    bill.look("day-ticked")
    bill.page.get_by_label("Others who came, in no list").fill("23")
    bill.press("Save", exact=True)
    expect(bill.page.locator("#counts")).to_contain_text("22 came")

    # What was learned; then the first page says what is left to do, and the chart has changed.
    rosa.goto(f"{action}/lesson")
    page.locator("textarea[name=tried]").fill("Two at the gate, one inside")
    rosa.press("Keep", exact=True)
    expect(page.locator("main:visible")).to_contain_text("Two at the gate, one inside")
    rosa.look("day-action")
    rosa.goto(site)
    rosa.look("day-start")
    expect(page.get_by_role("link", name="Note a talk")).to_be_in_viewport()
    rosa.goto(f"{site}/chart")
    expect(page.locator("main:visible")).to_contain_text(re.compile(r"Nights, Packing\s*2 of 40"))
    expect(page.locator("main:visible")).not_to_contain_text("Nobody talked with yet")
    rosa.look("day-chart")
    assert pages_of(page.pdf(format="A4", print_background=False)) == 1
    rosa.goto(f"{site}/eddies")
    expect(page.locator("main:visible")).to_contain_text("3 talks in 3 weeks, 0 before")
    rosa.look("day-eddies")


def talk(by: Phone, site: str, name: str, stand: str, struggle: str) -> None:
    """Note one, choosing somebody who is known from what is offered as one types."""
    if name == "Goran":  # whose name is typed before the script has come
        late: list[Route] = []
        by.page.route("**/contact_search.js*", lambda route: late.append(route))
        with by.page.expect_request("**/contact_search.js*"):
            by.page.goto(f"{site}/conversations/new", wait_until="commit")
        by.page.get_by_label("With whom?").fill(name)
        late[0].continue_()
        by.page.unroute("**/contact_search.js*")
    else:
        by.goto(site)
        by.follow("Note a talk")
        by.page.get_by_label("With whom?").fill(name)
    if name in ("Elif", "Goran"):
        by.page.locator(".names button", has_text=name).click()
    by.page.get_by_label(stand, exact=True).check()
    by.page.get_by_label(struggle, exact=True).check()
    if name == "Elif":
        by.look("day-talk")
    by.press("Save", exact=True)
    by.page.wait_for_url("**/next")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
