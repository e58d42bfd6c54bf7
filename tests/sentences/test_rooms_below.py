"""Outside the domain: every code has its sentence and is given what it names, and no other English stands there."""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import pathlib
from collections.abc import Iterator

import pytest

from bulletin.sentences import sentence_of
from bulletin.sentences.marks import plural
from tests.sources import parsed

from .test_every_code import english, named, texts

ROOT = pathlib.Path(__file__).parents[2]
# Where codes stand, outside the domain.
WITH_CODES = (
    "bulletin.backup",
    "bulletin.config",
    "bulletin.db",
    "bulletin.libraries",
    "bulletin.press.mistake",
    "bulletin.upkeep",
    "bulletin.vault.words",
)
BELOW = ("press", "vault", "backup", "config", "db", "libraries")  # rooms that say nothing themselves
SHELL = ("cli", "shell", "printing", "upkeep", "serving", "health")  # that speak to whoever runs the machine


def enums_of(module: str) -> dict[str, type[enum.Enum]]:
    found = inspect.getmembers(importlib.import_module(module), inspect.isclass)
    return {name: kind for name, kind in found if issubclass(kind, enum.Enum) and kind.__module__ == module}


def codes() -> list[enum.Enum]:
    return [code for module in WITH_CODES for kind in enums_of(module).values() for code in kind]


def sources(*rooms: str) -> dict[str, str]:
    """The modules of these rooms, by their names."""
    paths = [
        path
        for room in rooms
        for path in ((ROOT / "bulletin" / room).rglob("*.py"), (ROOT / "bulletin").glob(f"{room}.py"))
        for path in path
    ]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths}
    return {names[path]: path.read_text(encoding="utf-8") for path in sorted(paths)}


@pytest.mark.parametrize("code", codes(), ids=str)
def test_every_code_has_a_sentence(code):
    assert all(texts(sentence_of(code)))


def test_every_code_is_raised_somewhere():
    """But those that are looked up by their value."""
    looked_up = {"OneSided", "Count"}
    everywhere = "".join(sources(*BELOW, *SHELL).values())
    unused = [code for code in codes() if f"{type(code).__name__}.{code.name}" not in everywhere]
    assert {type(code).__name__ for code in unused} == looked_up


# What each is given.

TAKE_A_CODE = {
    *("ManuscriptError", "PictureError", "Unprintable", "TooLong", "Phrase"),
    *("Mistyped", "SettingsError", "Refused", "Told", "Advice"),
}
NO_VALUES = {"line"}  # of a manuscript: what is wrong is there, and the sentence may not name it

# Where what somebody else raised, or counted, is passed on as it is.
PASSED_ON = {
    "Phrase(self.code, **self.values)",
    "Phrase(value)",
    "Phrase(code, **said)",
    "Unprintable(told.code, line=error.line, **told.values)",
    "Refused(error.code)",
    "Refused(error.code, **error.values)",
    "Refused(Unusable[code])",
    "Told(many, count=count)",
    "Phrase(Named.WHOLE_TEXT if len(run.sides) > 1 else Named.ONLY_SIDE)",
}


def known_in(module: str, source: str) -> dict[str, type[enum.Enum]]:
    """The enums of codes that a module has or imports, wherever in it, by their names there."""
    known = enums_of(module) if module in WITH_CODES else {}
    package = module if (ROOT / module.replace(".", "/")).is_dir() else module.rpartition(".")[0]
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found = enums_of(base) if base in WITH_CODES else {}
            known |= {each.asname or each.name: found[each.name] for each in node.names if each.name in found}
    return known


def values_of(call: ast.Call) -> set[str | None]:
    values = {keyword.arg for keyword in call.keywords if keyword.arg not in NO_VALUES}
    for argument in call.args[1:]:
        values |= {ast.literal_eval(key) for key in argument.keys} if isinstance(argument, ast.Dict) else {None}
    return values


def wrongly_given(module: str, source: str) -> Iterator[str]:
    known = known_in(module, source)
    for call in ast.walk(parsed(source)):
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in TAKE_A_CODE:
            continue
        kind, _, member = (ast.unparse(call.args[0]) if call.args else "").partition(".")
        right = kind in known and member in known[kind].__members__
        if ast.unparse(call) not in PASSED_ON and not (
            right and values_of(call) == named(sentence_of(known[kind][member]))
        ):
            yield f"{module}:{call.lineno}: {ast.unparse(call)}"


def test_a_sentence_is_given_what_it_names_and_no_more():
    found = sources(*BELOW, *SHELL)
    assert [wrong for module, source in found.items() for wrong in wrongly_given(module, source)] == []
    everywhere = "".join(ast.unparse(parsed(source)) for source in found.values())
    assert [call for call in PASSED_ON if call not in everywhere] == []


@pytest.mark.parametrize(
    "raised",
    [
        "ManuscriptError(Wrong.NO_COLON)",
        "ManuscriptError(Wrong.NO_COLON, line=1)",
        "ManuscriptError(Wrong.NO_COLON, line=1, typed=typed, most=1)",
        "ManuscriptError(Wrong.NO_COLON, **values)",
        "ManuscriptError(Wrong.NO_COLON, typed)",
        "ManuscriptError(Wrong.NO_SUCH_CODE)",
        "ManuscriptError('There is no colon.', line=1)",
        "ManuscriptError()",
    ],
)
def test_a_sentence_that_is_given_something_else_is_seen(raised):
    source = f"from .mistake import ManuscriptError, Wrong\nraise {raised}"
    assert len([*wrongly_given("bulletin.press.header", source)]) == 1


def test_a_sentence_that_is_given_what_it_names_is_let_through():
    source = "from .mistake import ManuscriptError, Wrong\nraise ManuscriptError(Wrong.NO_COLON, line=1, typed=typed)"
    assert [*wrongly_given("bulletin.press.header", source)] == []


# What the shell is told is written where it is told, as on a page.


def wrongly_told(module: str, source: str) -> Iterator[str]:
    """A sentence that is not plainly there, or names something else than it is given."""
    tree = parsed(source)
    plurals = {  # by the names that they were given
        node.targets[0].id: eval(ast.unparse(node.value), {"plural": plural})  # noqa: S307  # ours
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("plural(")
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_":
            try:
                sentence = eval(ast.unparse(call.args[0]), {"plural": plural, **plurals})  # noqa: S307  # ours
            except NameError:
                sentence = None
            if sentence is None or named(sentence) != {keyword.arg for keyword in call.keywords}:
                yield f"{module}:{call.lineno}: {ast.unparse(call)}"


def test_what_the_shell_is_told_is_given_what_it_names():
    assert [wrong for module, source in sources(*SHELL).items() for wrong in wrongly_told(module, source)] == [
        f"bulletin.health.findings:{line}: _(self.state.value)"
        for line in lines_of("bulletin.health.findings", "_(self.state.value)")
    ]


def lines_of(module: str, words: str) -> list[int]:
    return [number for number, line in enumerate(sources(*SHELL)[module].split("\n"), start=1) if words in line]


@pytest.mark.parametrize(
    "told",
    ['_("Side %(side)s")', '_("Side", side=1)', "_(sentence)", '_(plural("%(n)s line", "%(n)s lines", by="n"), m=1)'],
)
def test_what_the_shell_is_told_without_what_it_names_is_seen(told):
    assert len([*wrongly_told("bulletin.cli", told)]) == 1


# English.

OUR_MISTAKES = {  # that nobody is shown: what is caught, ends a job, or ends in a log
    *("ValueError", "TypeError", "LookupError", "AttributeError", "RuntimeError", "AssertionError", "OSError"),
    *("Leak", "SealedInQuery", "StorageFull"),
    "_log.error",
}
MARKED = {"_", "N_", "plural"}
HELP = {"argparse.ArgumentParser"} | {  # in argparse's own language
    f"{each}.{deed}"
    for each in ("commands", "press", "instead", "sample", "backup", "what", "restore", "opened", "check", "demo")
    for deed in ("add_parser", "add_argument")
}
SHEETS = {"bulletin.press.languages"}  # the words of sheets, in all their languages
KINDS = {"bulletin.press.kinds"}  # whose words the catalogues take from them: a kind is one entry
BUILDS = {"bulletin.press.fonts.bundle"}  # run by hand, by who changes the typefaces
NO_SENTENCES = {
    ("bulletin.press.jobs", "---\nkind: meeting\nheadline: Up\n---\nUp."),
    ("bulletin.press.warm", "---\nkind: regular\nheadline: Warm\n---\nWarm."),
    ("bulletin.vault.keys", "member's key"),  # what a key is for
    ("bulletin.vault.kinds", " by id"),  # the name of a kind
    ("bulletin.backup.envelope", "No matching keys"),  # looked for in what age says
    ("bulletin.libraries", "brew install pango"),
    ("bulletin.libraries", "sudo apt-get install --no-install-recommends "),
}
SQL = ("PRAGMA ", "SELECT ", "ALTER ", "\n    SELECT ")
CSS = (" mm }", "mm }", "mm; ")


def left_over(module: str, source: str) -> list[str]:
    found = english(module, source, ours=OUR_MISTAKES | MARKED | HELP, no_sentences=NO_SENTENCES)
    return [each for each in found if not each.split(": ", 1)[1].startswith((*SQL, *CSS))]


def test_no_english_stands_in_the_rooms_below_nor_unmarked_in_the_shell():
    found = sources(*BELOW, *SHELL)
    assert found.keys() >= SHEETS | KINDS | BUILDS
    assert [wrong for name in found.keys() - SHEETS - KINDS - BUILDS for wrong in left_over(name, found[name])] == []


@pytest.mark.parametrize(
    "line",
    [
        'raise Refused("There is nothing to back up yet.")',
        'raise Mistyped(f"There are {DIGITS} digits; you typed {count}.")',
        'yield State.OK, "it printed a sheet."',
        'print("Keep it on another machine.")',
    ],
)
def test_english_is_seen(line):
    assert left_over("bulletin.health.findings", line) != []


# As people see some of them.


def test_a_nearly_right_word_and_the_number_of_words_are_told():
    from bulletin.sentences import say
    from bulletin.vault.words import Mistyped, looks_like

    with pytest.raises(Mistyped) as caught:
        looks_like("mouse tabloid lantern")
    assert say(caught.value) == "There are six words; you typed three."


def test_the_shells_sentences_come_without_flask_and_without_a_database():
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from bulletin.press.manuscript import ManuscriptError, read\n"
        "from bulletin.sentences import say\n"
        "try:\n"
        "    read('Hello')\n"
        "except ManuscriptError as error:\n"
        "    assert say(error.with_line).startswith('Line 1: The header is missing')\n"
        "assert not {'flask', 'sqlalchemy', 'weasyprint'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
