"""A stranger's page cannot send our forms."""

from __future__ import annotations

import pytest

from tests.web.conftest import TEXT

FORMS = ("/previews", "/proofs", "/sheets", "/texts", "/beginnings", "/manuscripts")


@pytest.mark.parametrize("url", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://stranger.example"},
        {"Origin": "http://localhost:5000"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost.stranger.example"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_what_a_stranger_sends_is_refused_in_a_sentence(anyone, press, url, headers):
    response = anyone.post(url, data={"manuscript": TEXT, "paper": "a4"}, headers=headers)
    assert response.status_code == 403
    assert "This was not sent from our own page." in response.text
    assert not press.printed


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_what_our_own_page_sends_is_taken(anyone, headers):
    assert anyone.post("/sheets", data={"manuscript": TEXT, "paper": "a4"}, headers=headers).status_code == 200


def test_the_public_address_is_ours(build):
    client = build(public_url="https://paper.example.org").test_client()

    def send(origin):
        return client.post(
            "/sign-in",  # the press is for members there
            base_url="https://paper.example.org",
            headers={"Origin": origin},
        ).status_code

    assert send("https://paper.example.org") != 403
    assert send("http://paper.example.org") == 403
    assert send("https://example.org") == 403


def test_whatever_is_not_reading_is_asked_where_it_comes_from(anyone):
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        assert anyone.open("/nowhere", method=method).status_code == 403
