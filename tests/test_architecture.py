"""The house keeps its shape: which room may know which, what stays out of the web process, what is never committed."""

from __future__ import annotations

import ast
import graphlib
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from tests.sources import parsed

ROOT = pathlib.Path(__file__).parents[1]

# Arrows point down. A room may know the rooms named here and no others; imports inside functions count.
BELOW = {
    "__main__": {"cli"},
    "cli": {"shell", "serving", "printing", "upkeep", "backup", "libraries", "config", "demo"},
    "printing": {"shell", "sentences", "libraries", "press"},
    "shell": {"sentences"},
    "serving": {"sentences", "bulletin", "arrivals", "config", "backup", "domain", "migrations", "db"},
    "arrivals": {"request_heads"},
    "request_heads": {"config"},
    "upkeep": {
        "shell",
        "sentences",
        "bulletin",
        "backup",
        "libraries",
        "health",
        "config",
        "vault",
        "db",
        "press",
    },  # their commands
    "demo": {"bulletin", "config", "domain", "migrations", "vault", "db", "press"},
    "health": {"sentences", "backup", "libraries", "config", "domain", "migrations", "vault", "db", "press"},
    "backup": {"config", "domain", "migrations", "vault", "db"},
    "bulletin": {"config", "backup", "sweeper", "web", "domain", "vault", "db", "press"},  # create_app
    "sweeper": {"domain", "db"},
    "web": {"sentences", "config", "domain", "vault", "db", "press"},
    "sentences": {"upkeep", "backup", "libraries", "config", "domain", "vault", "db", "press"},  # their codes
    "domain": {"vault", "db", "press.manuscript", "press.kinds", "press.parts", "press.addresses", "press.invisible"},
    "vault": {"db"},
    "migrations": {"db"},
    "db": set(),
    "config": set(),
    "libraries": set(),
    "press": set(),
}

# Inside a room whose features have packages, a package may know those named here, and what stands in none.
# `portability` knows every table: what a site takes along, what is held about somebody, how people go.
PACKAGES_BELOW = {
    "domain": {
        "site": set(),
        "people": {"site"},
        "papers": {"site", "people"},
        "actions": {"site", "people", "papers"},
        "network": {"site", "people", "papers", "actions"},
        "inbox": {"site", "people", "papers", "actions"},
        "portability": {"site", "people", "papers", "actions", "network", "inbox"},
    },
    "web": {
        "guard": set(),
        "shared": {"guard"},
        "sheets": {"guard", "shared"},
        **{name: {"guard", "shared"} for name in ("site", "actions")},
        "people": {"guard", "shared", "site"},
        "papers": {"guard", "shared", "sheets", "site"},
        "network": {"guard", "shared", "sheets", "papers", "site"},
        "inbox": {"guard", "shared", "people"},
        "portability": {"guard", "shared", "site"},
    },
}

# What sees past the site a session is bound to, or says so in words that nobody looks through; who may all the same.
PAST_THE_GUARD = {
    *("__table__", "local_table", "engine", "engines", "exec_driver_sql", "create_engine"),  # wherever the word stands
    *("text()", "tstring()", "literal_column()", "op()", "bool_op()", "with_hint()", "with_statement_hint()"),  # called
    # Text that is sent as it stands, under other names.
    *("DDL()", "quoted_name()", "TextClause()", "custom_op()", "prefix_with()", "suffix_with()"),
    *("connection()", "raw_connection()", "get_bind()", "get_engine()", "uninstall()", "set_committed_value()"),
}
MAY_PASS = {"bulletin.db", "bulletin.vault.tenancy", "bulletin.vault.pinning"}
# Rooms about the database as a whole, without a request or a session of one; the press has no database.
WHOLE_DATABASE = {"migrations", "backup", "health", "press"}

LINES_MAX = 400  # past 300 a module is usually two nouns; past this it is not finished
WEB_LINES_MAX = 300  # a page's module has its forms and its views, and no more
TEMPLATE_LETTERS_MAX = 160  # of a line: past it nobody sees what is nested in what

NEVER_COMMITTED = re.compile(
    r"--(extra-)?index-url|--find-links|\"resolved\":|/simple/"  # where packages came from
    r"|pypi\.org|pythonhosted\.org|npmjs\.(org|com)|deb\.debian\.org"
    r"|(?<![.\w])/(work|root|tmp|home/\w+|Users/\w+)/[\w.]"  # where somebody keeps things
)


def long_lines(folder: pathlib.Path) -> list[str]:
    """Where lines of templates are too long."""
    return [
        f"{path.relative_to(folder)}:{number}"
        for path in sorted(folder.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > TEMPLATE_LETTERS_MAX
    ]


# The rules, over sources given as {module: text}, so that each can be shown to catch something.


def imports(module: str, source: str, known: Mapping[str, str], *, top_only: bool = False) -> Iterator[str]:
    """Dotted names that a module imports, lazily too; a name from a package of ours is resolved to its module."""
    package = module if f"{module}.__init__" in known else module.rpartition(".")[0]
    tree = parsed(source)
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *base.split(".")] if base else parents)
            for alias in node.names:
                inside = f"{base}.{alias.name}"
                yield inside if inside in known or f"{inside}.__init__" in known else base
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (word.value for word in node.args if isinstance(word, ast.Constant))


def room_of(module: str) -> str:
    return module.removesuffix(".__init__").partition(".")[2].partition(".")[0] or "bulletin"


def wrong_arrows(sources: Mapping[str, str]) -> list[str]:
    wrong = []
    for module, source in sources.items():
        room = room_of(module)
        for target in imports(module.removesuffix(".__init__"), source, sources):
            if target.partition(".")[0] != "bulletin" or room_of(target) == room:
                continue
            inside = target.partition(".")[2]
            if not {room_of(target), inside} & BELOW.get(room, set()):
                wrong.append(f"{module} -> {target}")
    return wrong


def package_of(module: str) -> str:
    """The package of a feature that a module stands in; empty where its room has none, or it stands in none."""
    parts = module.removesuffix(".__init__").split(".")[2:]
    return parts[0] if room_of(module) in PACKAGES_BELOW and parts and (len(parts) > 1 or "__init__" in module) else ""


def wrong_arrows_between_packages(sources: Mapping[str, str]) -> list[str]:
    packages = {(room_of(module), package_of(module)): True for module in sources if package_of(module)}
    wrong = []
    for module, source in sources.items():
        room, package = room_of(module), package_of(module)
        for target in imports(module.removesuffix(".__init__"), source, sources):
            inside = target.split(".")[2] if target.count(".") >= 2 else ""
            if not package or room_of(target) != room or (room, inside) not in packages or inside == package:
                continue
            if inside not in PACKAGES_BELOW[room].get(package, set()):
                wrong.append(f"{module} -> {target}")
    return wrong


def a_cycle(sources: Mapping[str, str]) -> list[str]:
    names = {module.removesuffix(".__init__") for module in sources}
    graph = {
        name.removesuffix(".__init__"): set(imports(name.removesuffix(".__init__"), source, sources)) & names
        for name, source in sources.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def unneeded_weight(sources: Mapping[str, str], weight: str = "weasyprint") -> list[str]:
    """Modules outside the press that name the weight, and modules whose import pulls it in on the way to jobs."""
    names = {module.removesuffix(".__init__"): source for module, source in sources.items()}
    outside = [
        name
        for name, source in names.items()
        if room_of(name) != "press" and any(i.partition(".")[0] == weight for i in imports(name, source, sources))
    ]
    seen, waiting = set(), ["bulletin.press.jobs", "bulletin.press.typesetting", "bulletin.press.manuscript"]
    while waiting:
        name = waiting.pop()
        if name in names and name not in seen:
            seen.add(name)
            waiting += imports(name, names[name], sources, top_only=True)
    return outside + [
        name
        for name in seen
        if any(i.partition(".")[0] == weight for i in imports(name, names[name], sources, top_only=True))
    ]


def past_the_guard(sources: Mapping[str, str]) -> list[str]:
    """Where a module outside the few says a word that passes the guard of the sites, and which."""
    wrong = []
    for module, source in sources.items():
        if module in MAY_PASS or room_of(module) in WHOLE_DATABASE:
            continue
        for node in ast.walk(parsed(source)):
            words: set[str] = set()
            if isinstance(node, ast.Attribute):
                words = {node.attr}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                words = {name for alias in node.names for name in (alias.name, f"{alias.name}()")}
            elif isinstance(node, ast.Call):
                words = {ast.unparse(node.func).rpartition(".")[2] + "()"}
                if words == {"getattr()"}:
                    words = {str(word.value) for word in node.args if isinstance(word, ast.Constant)}
            wrong += [f"{module}:{node.lineno}: {word}" for word in sorted(words & PAST_THE_GUARD)]
    return wrong


def first_thing_imported(source: str) -> str | None:
    for node in parsed(source).body:
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__"):
            return ast.unparse(node)
    return None


# The house as it stands.


@pytest.fixture(scope="module")
def house() -> dict[str, str]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "bulletin").rglob("*.py"))
    }


def test_arrows_run_one_way(house):
    assert wrong_arrows(house) == []


def test_every_room_has_its_arrows_written_down(house):
    assert {room_of(module) for module in house} <= BELOW.keys()


def test_arrows_between_packages_run_one_way(house):
    assert wrong_arrows_between_packages(house) == []


@pytest.mark.parametrize("room", PACKAGES_BELOW)
def test_every_package_has_its_arrows_written_down(room, house):
    standing = {package_of(module) for module in house if room_of(module) == room} - {""}
    assert standing <= PACKAGES_BELOW[room].keys()
    assert PACKAGES_BELOW[room].keys() == standing, "written down, and gone"


@pytest.mark.parametrize("floor", ["bulletin/domain", "templates/web", "tests/domain", "tests/web"])
def test_every_floor_has_the_same_packages(floor, house):
    """Whoever knows the package of a thing on one floor knows it on all."""
    known = {package for packages in PACKAGES_BELOW.values() for package in packages}
    standing = {path.name for path in (ROOT / floor).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert standing <= known


def test_no_module_needs_itself(house):
    assert a_cycle(house) == []


def test_the_package_imports_nothing_by_itself(house):
    assert first_thing_imported(house["bulletin.__init__"]) is None


def test_only_the_press_names_weasyprint_and_only_where_it_prints(house):
    assert unneeded_weight(house) == []


def test_the_web_process_never_imports_weasyprint(house):
    web = [module.removesuffix(".__init__") for module in house if room_of(module) == "web"]
    script = (
        "import importlib, sys\n"
        f"for name in {web} + ['bulletin.press.' + n for n in ('jobs', 'typesetting', 'manuscript', 'kinds')]:\n"
        "    importlib.import_module(name)\n"
        "import bulletin\n"
        "bulletin.create_app()\n"
        "assert 'weasyprint' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_goes_past_the_guard_of_the_sites(house):
    assert past_the_guard(house) == []


def test_a_module_can_be_read_in_one_sitting(house):
    assert [module for module, source in house.items() if source.count("\n") > LINES_MAX] == []
    pages = {module: source for module, source in house.items() if room_of(module) == "web"}
    assert [module for module, source in pages.items() if source.count("\n") > WEB_LINES_MAX] == []


def test_a_line_of_a_template_can_be_read_by_a_person():
    assert long_lines(ROOT / "templates/web") == []


def test_a_long_line_of_a_template_is_seen(tmp_path):
    (tmp_path / "page.html").write_text("short\n" + "<p>" * TEMPLATE_LETTERS_MAX + "\n", encoding="utf-8")
    assert long_lines(tmp_path) == ["page.html:2"]


def test_the_map_in_the_readme_is_true_and_fits_on_one_screen(house):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"^    bulletin/\n(?:    .*\n)+", readme, re.MULTILINE)
    standing = {path.name for path in (ROOT / "bulletin").glob("*.py")} - {"__main__.py"}
    assert set(re.findall(r"\w+\.py", drawn)) == standing
    folders = {room_of(module) for module in house if (ROOT / "bulletin" / room_of(module)).is_dir()}
    packages = {package_of(module) for module in house} | {f"{folder}/" for folder in folders - {"bulletin"}}
    assert [name for name in sorted(packages) if not re.search(rf"\b{name}", drawn)] == []
    assert drawn.count("\n") <= 30


def test_what_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|bulletin|docs)/[\w/.]+\w)`", text)
    assert len(named) > 20
    assert [
        path for path in named if "<" not in path and not (ROOT / path).exists() and "translations" not in path
    ] == []
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in tests] == []


def test_nothing_committed_names_a_package_host_or_a_place_on_somebodys_machine():
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this folder is not a git repository")
    wrong = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path == pathlib.Path(__file__) or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content:
            continue  # a face or a picture
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if NEVER_COMMITTED.search(line):
                wrong.append(f"{name}:{number}: {line[:80]}")
    assert wrong == []


# Each rule catches what it is for.

HOUSES_WITH_A_WRONG_ARROW = {
    "the press knows the web": {"bulletin.press.jobs": "from ..web import kinds", "bulletin.web.kinds": ""},
    "the press knows the settings": {"bulletin.press.jobs": "from bulletin.config import Settings"},
    "lazily": {"bulletin.domain.sites": "def f():\n    from ..web import pages", "bulletin.web.pages": ""},
    "by name": {"bulletin.vault.keys": "importlib.import_module('bulletin.domain.sites')"},
    "the domain prints": {"bulletin.domain.bulletins": "from bulletin.press import jobs", "bulletin.press.jobs": ""},
    "a page makes the app": {"bulletin.web.pages": "from bulletin import create_app"},
    "from a package's own __init__": {"bulletin.press.__init__": "from ..db import now"},
    "a room nobody wrote down": {"bulletin.services.mail": "import bulletin.db"},
}


@pytest.mark.parametrize("sources", HOUSES_WITH_A_WRONG_ARROW.values(), ids=HOUSES_WITH_A_WRONG_ARROW)
def test_a_wrong_arrow_is_seen(sources):
    assert len(wrong_arrows(sources)) == 1


HOUSES_WITH_A_WRONG_ARROW_BETWEEN_PACKAGES = {
    "people know their papers": {
        "bulletin.domain.people.contacts": "from bulletin.domain.papers.articles import Article",
        "bulletin.domain.papers.articles": "",
    },
    "the foot knows the top": {
        "bulletin.domain.site.sites": "def f():\n    from ..portability import leaving",
        "bulletin.domain.portability.leaving": "",
    },
    "a page borrows from another feature's": {
        "bulletin.web.people.contacts": "from bulletin.web.papers import editor",
        "bulletin.web.papers.editor": "",
    },
    "a package nobody wrote down": {
        "bulletin.web.services.mail": "from bulletin.web.guard import identity",
        "bulletin.web.guard.identity": "",
    },
}


@pytest.mark.parametrize(
    "sources",
    HOUSES_WITH_A_WRONG_ARROW_BETWEEN_PACKAGES.values(),
    ids=HOUSES_WITH_A_WRONG_ARROW_BETWEEN_PACKAGES,
)
def test_a_wrong_arrow_between_packages_is_seen(sources):
    assert len(wrong_arrows_between_packages(sources)) == 1


def test_a_right_arrow_is_let_through():
    assert not wrong_arrows(
        {
            "bulletin.__init__": "def create_app():\n    from .web import kinds",
            "bulletin.web.kinds": "from ..press.jobs import Press\nfrom . import forms\nimport flask",
            "bulletin.web.forms": "from bulletin.domain.sites import Site",
            "bulletin.domain.sites": "from ..press.kinds import KINDS\nfrom bulletin.press import manuscript",
            "bulletin.press.manuscript": "",
            "bulletin.vault.keys": "from .. import db",
            "bulletin.db": "",
        }
    )


def test_a_cycle_is_seen_even_through_a_function():
    assert a_cycle(
        {
            "bulletin.domain.sites": "from . import members",
            "bulletin.domain.members": "def site():\n    from .sites import Site",
        }
    )


def test_an_import_at_the_top_of_the_package_is_seen():
    assert first_thing_imported('"""Doc."""\nfrom .web import kinds\n')
    assert first_thing_imported("from __future__ import annotations\ndef f():\n    import flask\n") is None


def test_weasyprint_is_seen_outside_the_press_and_on_the_way_to_its_jobs():
    assert unneeded_weight({"bulletin.web.up": "def f():\n    import weasyprint"}) == ["bulletin.web.up"]
    assert unneeded_weight(
        {"bulletin.press.jobs": "from . import printing", "bulletin.press.printing": "from weasyprint import HTML"}
    ) == ["bulletin.press.printing"]
    assert not unneeded_weight(
        {
            "bulletin.press.jobs": "def child():\n    from . import printing",
            "bulletin.press.printing": "import weasyprint",
        }
    )


@pytest.mark.parametrize(
    "line",
    [
        "session.execute(sa.text('SELECT 1'))",
        "from sqlalchemy import text",
        "text('SELECT 1')",
        "session.execute(sa.DDL('SELECT name FROM contact'))",
        "from sqlalchemy.schema import DDL as later",
        "sa.column(sa.sql.quoted_name('name FROM contact --', quote=False))",
        "sa.select(Contact).prefix_with('1 UNION')",
        "sa.select(Contact.__table__)",
        "getattr(Contact, '__table__')",
        "db.session.connection()",
        "connection.exec_driver_sql('SELECT 1')",
        "db.engine.connect()",
        "sa.create_engine(url)",
        "db.session.get_bind()",
        "Contact.name.op('OR')(x)",
        "sa.inspect(Contact).local_table",
        "tenancy.uninstall()",
    ],
)
def test_a_way_past_the_guard_is_seen(line):
    assert len(past_the_guard({"bulletin.domain.contacts": line})) == 1
    assert past_the_guard({"bulletin.db": line, "bulletin.migrations.versions.first": line}) == []


def test_words_that_only_look_like_it_are_let_through():
    assert past_the_guard({"bulletin.web.sheets": "sheet.words\nself.text\ntext = 'engine'\nsa.select(Contact)"}) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://a.example/simple/", "see /root/.cache/x", '"resolved": "x"', "open /tmp/sheet.pdf"]
)
def test_a_machines_path_or_host_is_seen(line):
    assert NEVER_COMMITTED.search(line)


@pytest.mark.parametrize("line", ["instance/tmp/a", "--no-emit-index-url", "/press/a4.css", "../work/x", "GET /up"])
def test_other_paths_are_let_through(line):
    assert not NEVER_COMMITTED.search(line)
