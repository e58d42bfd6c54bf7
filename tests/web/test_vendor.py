"""Files of others are those that were looked at, byte for byte."""

from __future__ import annotations

import hashlib
import pathlib
import re

VENDOR = pathlib.Path(__file__).parents[2] / "bulletin/static/vendor"


def test_each_file_of_others_is_the_one_whose_digest_is_written_down_and_has_its_licence():
    told = (VENDOR / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([\w.]+)` .*\| \w+, `([\w.]+)` \|.* `([0-9a-f]{64})` \|$", told, re.MULTILINE)
    licences = {licence for _, licence, _ in lines}
    assert {name: digest for name, _, digest in lines} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name not in {"README.md", *licences}
    }
    assert all("Permission is hereby granted" in (VENDOR / licence).read_text() for licence in licences)
