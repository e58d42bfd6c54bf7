"""What pages weigh as they are sent, how often they ask, and when something is seen: a cheap phone on a slow line."""

from __future__ import annotations

import dataclasses
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import sync_playwright

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.demo import network
from bulletin.demo.network import Size

from ..conftest import BROWSER_ARGS, BROWSERS
from ..databases import Database, closing
from ..web.house import Person
from .accounts import Server, founded, served
from .figures import Figure
from .plain import CASES

PHONE = {"width": 360, "height": 740}
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
SLOWER = 6  # a cheap phone's processor, of ours
PAGE_MOST_KB, PAPER_MOST_KB, REQUESTS_MOST, PAINT_MOST_S, AGAIN_MOST_S, SCRIPT_MOST_KB = 15.0, 60.0, 6, 1.3, 0.5, 5.0
SITES, WEEKS, ROUNDS = 12, 12, 3
FIRST = "The first page"
PAINTS = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"


@dataclasses.dataclass
class Visit:
    """One page opened: bytes that came, of them scripts, how many requests went out, seconds until the first paint."""

    sent: int = 0
    scripts: int = 0
    requests: int = 0
    paint: float = 0.0


def pages() -> Iterator[Figure]:
    """Each page for the first time, and again by a browser that has its files."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database("sqlite", f"sqlite:///{folder}/bench.db")
        with served(database) as server:
            rosa = founded(server)
            paper = _written(rosa, database)
            named = {
                FIRST: ("/", None),
                "Signing in": ("/sign-in", None),
                "Home": (rosa.site, rosa),
                "A talk": (f"{rosa.site}/conversations/new", rosa),
                "The network": ("/network", rosa),
                "A paper": (paper, rosa),
            }
            with sync_playwright() as playwright:
                path = next(filter(None, map(shutil.which, BROWSERS)))
                browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGS))
                for name, (address, who) in named.items():
                    visits = [_opened(browser, server, address, who) for _ in range(ROUNDS)]
                    yield from _figures(name, visits, PAPER_MOST_KB if address == paper else PAGE_MOST_KB)
                browser.close()


def _written(rosa: Person, database: Database) -> str:
    """A paper, and other sites that tell; the address of the paper."""
    source = (CASES / "regular-northfield.md").read_text(encoding="utf-8")
    paper = str(rosa.sends(f"{rosa.site}/bulletins", manuscript=source).location)
    app = create_app(Settings(database_url=database.url))
    with closing(app), app.app_context():
        network.fill(Size(sites=SITES, weeks=WEEKS, seed=1), sheet=b"%PDF")
        db.session.commit()
    return paper


def _figures(name: str, visits: list[tuple[Visit, Visit]], most_kb: float) -> Iterator[Figure]:
    first, again = visits[0]
    paints = [statistics.median(visit[which].paint for visit in visits) for which in (0, 1)]
    yield Figure(
        f"{name}: as sent, the first time", first.sent / 1000, "kB", most_kb, f"again {again.sent / 1000:.1f} kB"
    )
    most_script = SCRIPT_MOST_KB if name == FIRST else None
    yield Figure(f"{name}: … of them scripts", first.scripts / 1000, "kB", most_script)
    yield Figure(f"{name}: … requests", first.requests, "", REQUESTS_MOST, f"again {again.requests}")
    yield Figure(f"{name}: … first paint", paints[0], "s", PAINT_MOST_S)
    yield Figure(f"{name}: … first paint, again", paints[1], "s", AGAIN_MOST_S)


def _opened(browser: Any, server: Server, address: str, who: Person | None) -> tuple[Visit, Visit]:
    base = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(viewport=PHONE, base_url=base)
    if who is not None:
        cookies: dict[str, str] = who.client.cookies  # type: ignore[attr-defined]  # of a server's client
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", LINE)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    visit, kinds, here = Visit(), dict[str, str](), set[str]()

    def answered(said: dict[str, Any]) -> None:
        if said["requestId"] not in here and not said["response"].get("fromDiskCache"):
            kinds[said["requestId"]] = said["type"]
            visit.requests += 1

    def finished(said: dict[str, Any]) -> None:
        if said["requestId"] in kinds:
            visit.sent += said["encodedDataLength"]
            visit.scripts += said["encodedDataLength"] * (kinds[said["requestId"]] == "Script")

    cdp.on("Network.requestServedFromCache", lambda said: here.add(said["requestId"]))
    cdp.on("Network.responseReceived", answered)
    cdp.on("Network.loadingFinished", finished)
    found = []
    for _ in range(2):
        visit.sent = visit.scripts = visit.requests = 0
        page.goto(address, wait_until="networkidle")
        while not (paints := page.evaluate(PAINTS)):  # where all cores are taken, it comes after the last answer
            page.wait_for_timeout(100)
        found.append(dataclasses.replace(visit, paint=paints[0] / 1000))
    context.close()
    return found[0], found[1]
