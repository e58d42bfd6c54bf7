"""Every answer carries its headers: all of them pages and errors, whatever the method; files what is about files."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.press.jobs import Busy
from tests.refusals import too_long
from tests.web.conftest import WRONG

EXACTLY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


OF_FILES = {"Cross-Origin-Resource-Policy", "X-Content-Type-Options"}
OF_PAGES = {*EXACTLY, "Content-Security-Policy", "Permissions-Policy"} - OF_FILES


def assert_guarded(response, *, kept=False):
    if kept:
        assert {name: response.headers.get(name) for name in OF_FILES} == {name: EXACTLY[name] for name in OF_FILES}
        assert not OF_PAGES & set(response.headers.keys()), "what a page may do is not said with each file"
        return
    assert dict(part.split(maxsplit=1) for part in response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: response.headers[name] for name in EXACTLY} == EXACTLY
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers
    for cookie in response.headers.getlist("Set-Cookie"):
        assert re.match(r"(device|browser)=", cookie), "only who signs in gets a cookie, of these names"
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def test_every_route_by_every_method_is_guarded(app, anyone):
    for rule in app.url_map.iter_rules():
        url = rule.rule.replace("<path:filename>", "css/open.css").replace("<path:name>", "sheet.css")
        url = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), url).replace("<int:number>", "1").replace("<letters>", "k" * 16)
        url = url.replace("<topic>", "pay")
        assert "<" not in url, f"say above what stands for the variable in {url}"
        for method in METHODS:
            # Sent from elsewhere, an address refuses by any method alike: POST speaks for them.
            for headers in ({}, SAME_ORIGIN) if method == "POST" else (SAME_ORIGIN,):
                response = anyone.open(url, method=method, headers=headers, buffered=True)
                is_file = rule.endpoint in ("static", "assets.asset") and method in ("GET", "HEAD")
                kept = is_file and response.status_code == 200
                assert_guarded(response, kept=kept)


def test_every_error_is_guarded(rosa, anyone, build, press):
    answers = {
        "400": build(public_url="http://abcdefgh.onion").test_client().get("/"),
        "403 plain http": anyone.get("/", base_url="http://192.0.2.7"),
        "403": anyone.post("/sheets"),
        "404": anyone.get("/nowhere"),
        "404 file": anyone.get("/static/nothing.css"),
        "404 above": anyone.get("/static/../config.py"),
        "404 face": anyone.get("/press/nothing.css"),
        "405": anyone.delete("/", headers={"Sec-Fetch-Site": "same-origin"}),
        "413": rosa.sends("/sheets", "x" * 600_000),
        "422": rosa.sends("/sheets", WRONG),
    }
    for name, failure in (("503", Busy()), ("422 too long", too_long(11, 70)), ("500", RuntimeError("broken"))):
        press.failure = failure
        answers[name] = rosa.sends("/sheets")
    press.working = False
    answers["503 up"] = rosa.opens("/up")
    for name, answer in answers.items():
        assert name.startswith(str(answer.status_code))
        assert_guarded(answer)


def test_a_pdf_is_guarded(rosa):
    response = rosa.sends("/sheets")
    assert response.status_code == 200
    assert_guarded(response)


def test_https_is_for_good(anyone):
    response = anyone.get("/", base_url="https://paper.example.org")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_names_below_this_one_are_left_alone_where_a_setting_says_so(app, anyone, monkeypatch):
    monkeypatch.setitem(app.config, "HSTS_SUBDOMAINS", False)
    response = anyone.get("/", base_url="https://paper.example.org")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("url", ["/static/css/open.css", "/press/sheet.css"])
def test_a_file_is_kept_for_good_only_under_the_address_with_its_version(anyone, url):
    plain = anyone.get(url, buffered=True)
    assert plain.headers["Cache-Control"] == "no-cache"
    again = anyone.get(url, headers={"If-None-Match": plain.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    assert_guarded(again, kept=True)
    assert anyone.get(f"{url}?v=older", buffered=True).headers["Cache-Control"] == "no-cache"


def test_pages_name_the_version_of_each_file(anyone):
    source = anyone.get("/").text
    start = source.index("/static/css/open.css?v=")
    styled = anyone.get(source[start : source.index('"', start)], buffered=True)
    assert styled.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_page_has_a_script_or_a_style_in_it(rosa):
    for page in (rosa.opens("/"), rosa.sends("/previews"), rosa.sends("/previews", WRONG), rosa.opens("/nowhere")):
        assert "style=" not in page.text
        assert "<style" not in page.text
        assert " on" not in "".join(part.split(">")[0] for part in page.text.split("<button"))
        assert page.text.count("<script") == page.text.count('<script type="module" src="/static/js/')
        assert "://" not in page.text.split("<main>")[0]
