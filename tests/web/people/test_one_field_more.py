"""To give contacts one field more is one line where their fields are, and its place in the form."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[3]
WALK = "tests/web/people/one_field_more.py"
LINES = {  # by file: the line that is there, and the one that is put behind it
    "bulletin/domain/people/contact_fields.py": (
        '    known_by: str = line(N_("Who knows them"), asked=True, named=True)\n',
        '    pronouns: str = line(N_("Pronouns"), asked=True, named=True)\n',
    ),
    "templates/web/people/contacts/fields.html": (
        "{{ field(form.known_by) }}\n",
        "{{ field(form.pronouns) }}\n",
    ),
}


def test_one_line_and_its_place_in_the_form(tmp_path):
    for folder in ("bulletin", "templates", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, (there, more) in LINES.items():
        source = (tmp_path / name).read_text(encoding="utf-8")
        assert source.count(there) == 1
        (tmp_path / name).write_text(source.replace(there, there + more), encoding="utf-8")
    walk = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", WALK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert walk.returncode == 0, walk.stdout[-4_000:] + walk.stderr[-2_000:]
    assert "1 passed" in walk.stdout
