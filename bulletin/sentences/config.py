"""What is said of settings that cannot be right."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.config import Wrong

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Wrong.NOT_TOML: N_("%(file)s is not TOML: %(error)s."),
    Wrong.PORT: N_("Set PORT to a number below 65536, such as 5000."),
    Wrong.PUBLIC_URL: N_("Set PUBLIC_URL to an address without a path, such as https://paper.example.org."),
    Wrong.NOT_HTTPS: N_("Set PUBLIC_URL to an https:// address: http:// can be read on its way."),
    Wrong.HSTS_SUBDOMAINS: N_("Set HSTS_SUBDOMAINS to yes or no."),
    Wrong.TRUSTED_PROXY: N_("Set TRUSTED_PROXY to the address of your proxy, such as 127.0.0.1."),
}
