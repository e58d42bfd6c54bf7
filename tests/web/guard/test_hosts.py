"""By which name and how safely the app may be reached, and whom it believes about that."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "base",
    [
        "http://localhost:5000",
        "http://LOCALHOST:5000",
        "http://127.0.0.1:5000",
        "http://[::1]:5000",
        "http://abcdefgh.onion",
        "https://anything.example",
    ],
)
def test_private_names_and_https_are_served(anyone, base):
    assert anyone.get("/protection", base_url=base).status_code == 200


@pytest.mark.parametrize(
    "base", ["http://paper.example.org", "http://192.168.1.7:5000", "http://localhost.example.org", "http://onion"]
)
def test_plain_http_elsewhere_is_refused_in_a_sentence_about_the_name(anyone, base):
    for url in ("/", "/static/css/open.css", "/press/sheet.css"):
        response = anyone.get(url, base_url=base)
        assert response.status_code == 403
        assert "Under this name the page is only shown with https://" in response.text


@pytest.mark.parametrize("host", ["a b", "x/y", "a@b", "", "[::1", "localhost:port"])
def test_a_host_that_is_none_gets_a_page_and_not_a_traceback(anyone, host):
    response = anyone.get("/protection", headers={"Host": host})
    assert response.status_code in (400, 403)
    assert "<h1>" in response.text


def test_with_a_public_address_no_other_name_is_served(build):
    client = build(public_url="https://paper.example.org").test_client()
    assert client.get("/protection", base_url="https://paper.example.org").status_code == 200
    assert client.get("/protection", base_url="https://PAPER.example.org").status_code == 200
    for base in ("https://other.example.org", "http://localhost:5000", "https://paper.example.org:8443"):
        response = client.get("/protection", base_url=base)
        assert response.status_code == 400
        assert "another address" in response.text


def test_the_name_is_checked_before_the_scheme(build):
    client = build(public_url="https://paper.example.org").test_client()
    assert "another address" in client.get("/protection", base_url="http://evil.example").text
    assert "with https://" in client.get("/protection", base_url="http://paper.example.org").text


def test_an_address_with_a_slash_too_many_is_none(build):
    client = build(public_url="https://paper.example.org").test_client()
    for url in ("/press//sheet.css", "/sheets//new", "//sheets/new"):
        assert client.get(url, base_url="https://paper.example.org").status_code == 404


def test_who_watches_over_the_machine_may_ask_by_any_name(build):
    client = build(public_url="https://paper.example.org").test_client()
    assert client.get("/up", base_url="http://127.0.0.1:5000").status_code == 200
    far = client.get("/up", base_url="http://127.0.0.1:5000", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert far.status_code == 400


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "paper.example.org", "X-Forwarded-For": "192.0.2.9"}


@pytest.mark.parametrize(
    ("peer", "status"),
    [("192.0.2.1", 200), ("::ffff:192.0.2.1", 200), ("192.0.2.2", 400), ("127.0.0.1", 400), ("", 400)],
)
def test_only_the_trusted_proxy_is_believed(build, peer, status):
    client = build(public_url="https://paper.example.org", trusted_proxy="192.0.2.1").test_client()
    response = client.get(
        "/protection", base_url="http://10.0.0.5:5000", headers=FORWARDED, environ_overrides={"REMOTE_ADDR": peer}
    )
    assert response.status_code == status


def test_without_a_trusted_proxy_nobody_is_believed(anyone):
    response = anyone.get("/protection", base_url="http://10.0.0.5:5000", headers=FORWARDED)
    assert response.status_code == 403


def test_somebody_behind_a_proxy_on_the_same_machine_is_not_the_machine(build):
    client = build(public_url="https://paper.example.org", trusted_proxy="127.0.0.1").test_client()
    headers = FORWARDED | {"X-Forwarded-Host": "other.example.org"}
    assert client.get("/up", base_url="http://127.0.0.1:5000", headers=headers).status_code == 400
    assert client.get("/up", base_url="http://127.0.0.1:5000").status_code == 200
