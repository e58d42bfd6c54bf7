"""What every room's tests share: the programs a test may need, and a plain word where one is missing."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import types
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import flask
import hypothesis
import jinja2
import pytest
import sqlalchemy as sa
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from bulletin import libraries
from bulletin.vault.pinning import Pinned

libraries.look_in_homebrew()

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"  # a Chromium that has no windows, and takes half the time
BROWSER_ARGS = (
    "--headless",
    "--no-sandbox",  # a container's root cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # these three: a test browser calls nobody
    "--disable-component-update",
    "--disable-sync",
)

# What decides whether a change lands tries the same examples each time; everybody else's runs look for new ones. That
# examples come slowly says how busy the machine is.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("REQUIRE_ALL")),
)
hypothesis.settings.load_profile("patient")


class CompiledOnce(jinja2.BytecodeCache):
    """Templates that were compiled in this run: each test has an app of its own, which would compile them again.

    Told apart by file and by what it holds, as Jinja does.
    """

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], types.CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.compiled[bucket.key, bucket.checksum] = bucket.code


flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": CompiledOnce()}

compile_builder = Rule._compile_builder


@functools.cache
def _built_before(rule: str, trace: tuple[tuple[bool, str], ...], append_unknown: bool) -> Any:
    made = Rule(rule)
    made._trace = list(trace)
    return compile_builder(made, append_unknown)


def compile_builder_once(rule: Rule, append_unknown: bool = True) -> Any:
    """What makes an address of a rule. An app compiles 330 of them, which took half as long as all that a test does."""
    if rule.defaults:
        return compile_builder(rule, append_unknown)
    return _built_before(rule.rule, tuple(rule._trace), append_unknown)


Rule._compile_builder = compile_builder_once  # type: ignore[method-assign]


def _kind(dialect: sa.Dialect) -> tuple[object, ...]:
    # A guard that was taken out, for a test, has no part in what others compiled.
    return type(dialect), issubclass(dialect.statement_compiler, Pinned)


def speak_alike() -> None:
    """Statements that were compiled in this run: each test has an engine of its own, which would compile them again."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__hash__ = lambda self: hash(_kind(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: isinstance(other, sa.Dialect) and _kind(self) == _kind(other)  # type: ignore[method-assign]
    compiled: LRUCache[Any, Any] = LRUCache(5_000)

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def take_those(connection: sa.Connection) -> None:
        connection.engine._compiled_cache = compiled


speak_alike()


@pytest.fixture(scope="session", autouse=True)
def no_figures() -> Iterator[None]:
    """In the tests Rosa is Rosa. Where that is taken there are figures, in their order."""
    from bulletin.domain.site.accounts import handles

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handles, "endings", lambda _name, _invitation: ("", *(f"-{number}" for number in range(10, 100))))
        yield


# What a quick run leaves out: a browser, the real press, and PostgreSQL. By what a test asks for, so that a new one
# falls in its place by itself; and the drills, which start processes of their own.
SLOW_FIXTURES = {"browser", "chromium", "can_print", "need", "postgresql"}
SLOW_ROOMS = ("tests/browser/", "tests/drills/")

not_tested: dict[str, list[str]] = {}  # reason -> the tests it kept from running


def without(reason: str) -> NoReturn:
    """Skip the running test for something this machine lacks; fail it where REQUIRE_ALL is set (CI)."""
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(f"{reason}, and REQUIRE_ALL is set", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def need() -> Callable[[str], str]:
    """`need("pdftoppm")` is that program's path, or the test's end."""

    def path_of(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            without(f"{program} is not installed")
        return path

    return path_of


@pytest.fixture(scope="session")
def can_print() -> None:
    """For tests that really print: the system has what WeasyPrint loads."""
    if packages := libraries.missing():
        without(f"the press lacks {', '.join(packages)}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, for `executable_path=`."""
    path = next(filter(None, map(shutil.which, (SHELL, *BROWSERS))), None)
    if path is None:
        without("Chromium is not installed")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """One Playwright browser for all tests; each opens a context of its own."""
    from playwright.sync_api import sync_playwright

    try:
        playwright = sync_playwright().start()
    except Exception as error:  # it has no name of its own for this
        without(f"Playwright's driver does not start ({error})")
    opened = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGS))
    yield opened
    opened.close()
    playwright.stop()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="no browser, no printing, no PostgreSQL, no served process")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        return
    slow = [item for item in items if _is_slow(item)]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]


def pytest_collection_finish() -> None:
    """Thousands of tests and all that was imported stay to the end: the collector need not look at them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _is_slow(item: pytest.Item) -> bool:
    asks_for = set(getattr(item, "fixturenames", ()))
    if callspec := getattr(item, "callspec", None):
        if "postgresql" in callspec.params.values():
            return True
        if "sqlite" in callspec.params.values():
            asks_for -= {"postgresql"}  # asked for by a fixture that takes it only for the other one
    return bool(asks_for & SLOW_FIXTURES) or item.nodeid.startswith(SLOW_ROOMS)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        not_tested.setdefault(reason, []).append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, tests in not_tested.items():
        terminalreporter.write_line(f"Not tested here: {len(tests)} × {tests[0].split('::')[0]} …, because {reason}.")
