"""Settings come from the environment, else from instance/, and a wrong one is refused in a sentence."""

from __future__ import annotations

import re

import pytest

from bulletin.config import Settings, SettingsError, Wrong
from bulletin.sentences import say


def test_nothing_needs_to_be_set(tmp_path):
    assert Settings.load({}, tmp_path) == Settings(host="127.0.0.1", port=5000)


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "settings.toml").write_text('PORT = 8000\nHOST = "::1"\n')
    settings = Settings.load({"PORT": "8001", "PUBLIC_URL": ""}, tmp_path)
    assert (settings.host, settings.port, settings.public_url) == ("::1", 8001, "")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Paper.Example.org/", "https://paper.example.org"),
        ("https://paper.example.org:443", "https://paper.example.org"),
        ("https://paper.example.org:8443", "https://paper.example.org:8443"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("http://abc.onion", "http://abc.onion"),
    ],
)
def test_the_public_address_is_kept_as_browsers_name_an_origin(tmp_path, given, origin):
    assert Settings.load({"PUBLIC_URL": given}, tmp_path).public_url == origin


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "five"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PUBLIC_URL", "paper.example.org"),
        ("PUBLIC_URL", "ftp://paper.example.org"),
        ("PUBLIC_URL", "https://paper.example.org/app"),
        ("PUBLIC_URL", "https://rosa@paper.example.org"),
        ("PUBLIC_URL", "http://paper.example.org"),
        ("PUBLIC_URL", "https://paper.example.org:port"),
        ("PUBLIC_URL", "https://[::1"),
        ("HSTS_SUBDOMAINS", "perhaps"),
        ("TRUSTED_PROXY", "localhost"),
        ("TRUSTED_PROXY", "10.0.0.0/8"),
    ],
)
def test_a_setting_that_cannot_be_right_says_what_to_set(tmp_path, name, value):
    with pytest.raises(SettingsError) as wrong:
        Settings.load({name: value}, tmp_path)
    assert re.search(rf"^Set {name} to .*\.$", say(wrong.value))
    assert wrong.value.code is (Wrong.NOT_HTTPS if value == "http://paper.example.org" else Wrong[name])
    assert value not in str(wrong.value)


@pytest.mark.parametrize(("written", "kept"), [("false", False), ('"no"', False), ("true", True), ('"Yes"', True)])
def test_yes_and_no_are_taken_as_they_are_written(tmp_path, written, kept):
    (tmp_path / "settings.toml").write_text(f"HSTS_SUBDOMAINS = {written}\n")
    assert Settings.load({}, tmp_path).hsts_subdomains is kept


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "settings.toml").write_text("PORT: 5000")
    with pytest.raises(SettingsError) as wrong:
        Settings.load({}, tmp_path)
    assert wrong.value.code is Wrong.NOT_TOML
    assert say(wrong.value).startswith("settings.toml is not TOML: ")
