"""Settings of an installation: from the environment, else from instance/settings.toml."""

from __future__ import annotations

import dataclasses
import enum
import ipaddress
import os
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).parents[1]
INSTANCE = ROOT / "instance"
TEMPLATES = ROOT / "templates" / "web"
CATALOGUES = ROOT / "bulletin" / "translations"  # one folder for each language but English; `make messages`

BODY_MAX = 512 * 1024  # bytes of one request: five times the longest manuscript in ASCII
FORM_PARTS_MAX = 20


class Wrong(enum.Enum):
    """What is wrong with the settings."""

    NOT_TOML = "not TOML"
    PORT = "port"
    PUBLIC_URL = "public url"
    NOT_HTTPS = "not https"
    TRUSTED_PROXY = "trusted proxy"
    HSTS_SUBDOMAINS = "hsts subdomains"


class SettingsError(ValueError):
    """A setting that cannot be right: which, and what the sentence about it names."""

    def __init__(self, code: Wrong, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name


@dataclasses.dataclass(frozen=True)
class Settings:
    """All there is to set. An empty string means: not set."""

    host: str = "127.0.0.1"
    port: int = 5000
    public_url: str = ""  # the one origin people open, such as https://paper.example.org
    reply_host: str = ""
    hsts_subdomains: bool = True  # browsers that have been here ask all names below this one by https alone
    trusted_proxy: str = ""  # the one address whose X-Forwarded-* are believed
    instance: str = ""  # the folder of this installation, in place of instance/ beside the package
    database_url: str = ""
    database_owner_url: str = ""  # PostgreSQL: who owns the tables, where the app only reads and writes rows

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, instance: pathlib.Path = INSTANCE) -> Settings:
        """Read the settings; the environment wins. Raises SettingsError."""
        instance = pathlib.Path(environ.get("INSTANCE") or instance).resolve()
        written = _written(instance / "settings.toml")
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            value = environ.get(field.name.upper()) or written.get(field.name.upper())
            if value not in (None, ""):
                values[field.name] = CHECKS.get(field.name, str)(str(value))
        return cls(**values)


def for_flask(settings: Settings) -> dict[str, Any]:
    """The settings under the names Flask's config gives them."""
    return {
        **{name.upper(): value for name, value in dataclasses.asdict(settings).items()},
        "MAX_CONTENT_LENGTH": BODY_MAX,
        # As much as a whole body: a smaller limit would stop in mid-text, and lose what was typed.
        "MAX_FORM_MEMORY_SIZE": BODY_MAX,
        "MAX_FORM_PARTS": FORM_PARTS_MAX,
    }


def is_private_name(name: str) -> bool:
    """Does plain http to this host name stay on the machine, or inside Tor?"""
    return name in ("localhost", "127.0.0.1", "::1") or name.endswith(".onion")


def _written(path: pathlib.Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(Wrong.NOT_TOML, file=path.name, error=str(error)) from None


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) < 65536):
        raise SettingsError(Wrong.PORT)
    return int(value)


def _public_url(value: str) -> str:
    """The origin of an address: scheme, host and unusual port, lower case, no slash at the end."""
    try:
        parts = urlsplit(value)
        name, port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(Wrong.PUBLIC_URL) from None
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not name or rest:
        raise SettingsError(Wrong.PUBLIC_URL)
    if parts.scheme == "http" and not is_private_name(name):
        raise SettingsError(Wrong.NOT_HTTPS)
    host = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise SettingsError(Wrong.TRUSTED_PROXY) from None


def _yes_or_no(value: str) -> bool:
    try:
        return {"yes": True, "true": True, "no": False, "false": False}[value.lower()]
    except KeyError:
        raise SettingsError(Wrong.HSTS_SUBDOMAINS) from None


CHECKS = {"hsts_subdomains": _yes_or_no, "port": _port, "public_url": _public_url, "trusted_proxy": _address}
