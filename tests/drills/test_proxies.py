"""Behind each proxy that is installed here: what could be read in two ways gives nobody another's answer.

A proxy uses its connections to us for all who come: one request too many in one of them, and its answer goes to whoever
asks next. Behind HAProxy that gave Rosa another's page a few times in a hundred while the hall had a reader of its own.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import pathlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests import served
from tests.conftest import without
from tests.served import AMBIGUOUS

pytestmark = pytest.mark.attack

START_S, ANSWER_S, IDLE_S = 10, 5, 0.05
AT_ONCE = 3  # of Rosa's pages
TRIES = 8
BETWEEN_S = 0.001  # pieces: a proxy hands on the first before it has the second
WRITTEN = ("{}", "{:013}", "{:020}", "+{}", " {}\t", "{}\r\nX: 1")  # lengths, as one or another reader takes them
APACHE_MODULES = pathlib.Path("/usr/lib/apache2/modules")
CONFIGURATIONS = {
    "haproxy": """
        defaults
          mode http
          timeout connect 5s
          timeout client 20s
          timeout server 20s
        frontend in
          bind 127.0.0.1:{port}
          default_backend out
        backend out
          http-reuse always
          server one 127.0.0.1:{ours}
        """,
    "nginx": """
        user root;
        daemon off;
        pid {folder}/pid;
        error_log {folder}/error;
        events {{}}
        http {{
          access_log off;
          client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
          uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
          upstream out {{ server 127.0.0.1:{ours}; keepalive 4; }}
          server {{
            listen 127.0.0.1:{port};
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            location / {{ proxy_pass http://out; }}
          }}
        }}
        """,
    "caddy": """
        {{
          admin off
          auto_https off
        }}
        http://127.0.0.1:{port} {{
          bind 127.0.0.1
          reverse_proxy 127.0.0.1:{ours}
        }}
        """,
    "apache2": """
        ServerRoot {folder}
        PidFile {folder}/pid
        ErrorLog {folder}/error
        Mutex file:{folder}
        Listen 127.0.0.1:{port}
        ServerName 127.0.0.1
        User www-data
        LoadModule mpm_event_module {modules}/mod_mpm_event.so
        LoadModule authz_core_module {modules}/mod_authz_core.so
        LoadModule proxy_module {modules}/mod_proxy.so
        LoadModule proxy_http_module {modules}/mod_proxy_http.so
        ProxyPreserveHost On
        ProxyPass / http://127.0.0.1:{ours}/
        """,
}
COMMANDS = {
    "haproxy": "haproxy -db -q -f {file}",
    "nginx": "nginx -c {file}",
    "caddy": "caddy run --adapter caddyfile --config {file}",
    "apache2": "apache2 -DFOREGROUND -f {file}",
}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Served]:
    with served.serving(tmp_path_factory.mktemp("behind")) as one:
        yield one


@contextlib.contextmanager
def proxy(name: str, ours: int, folder: pathlib.Path) -> Iterator[int]:
    """The port of a proxy in front of ours."""
    program = shutil.which(name)
    if program is None:
        without(f"{name} is not installed")
    port = served.free_port()
    file = folder / "configuration"
    written = CONFIGURATIONS[name].format(port=port, ours=ours, folder=folder, modules=APACHE_MODULES)
    file.write_text(f"{written}\n")
    command = [program, *COMMANDS[name].format(file=file).split()[1:]]
    own = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "told").open("w") as told:
        process = subprocess.Popen(command, env=own, stdout=told, stderr=told)
    try:
        served.wait_for(port, process, START_S)
        yield port
    finally:
        process.terminate()
        process.wait(START_S)


def answers(port: int, *sent: bytes, idle_s: float = ANSWER_S) -> bytes:
    """What comes back until the connection ends, or nothing more comes, to what is sent piece by piece."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S) as one, contextlib.suppress(OSError):
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in sent:
            one.sendall(piece)
            time.sleep(BETWEEN_S)
        while piece := one.recv(65536):
            got += piece
            one.settimeout(idle_s)
    return got


class Rosa:
    """She asks for one page again and again, while others do what they do, and notes what else she got."""

    def __init__(self, port: int, asked: bytes) -> None:
        self.port, self.asked = port, asked
        self.right, self.others = body(answers(port, asked)), list[bytes]()
        self.times, self.over = 0, threading.Event()

    def ask(self) -> None:
        while not self.over.is_set():
            got = answers(self.port, self.asked)
            self.times += 1
            if got.count(b"HTTP/1.1 ") != 1 or body(got) != self.right:
                self.others.append(got)

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as hands:
            done = [hands.submit(self.ask) for _ in range(AT_ONCE)]
            try:
                yield
            finally:
                self.over.set()
            for one in done:
                one.result()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_nobody_gets_anothers_answer(name: str, behind: served.Served, tmp_path: pathlib.Path) -> None:
    tmp_path.chmod(0o755)
    with proxy(name, behind.port, tmp_path) as port:
        through = behind.through(port)
        rosa = Rosa(port, through.get("/protection", "Connection: close\r\n"))
        hidden = through.get("/sign-in").decode()
        attacks = {what: (through.post(lines, rest + hidden),) for what, (lines, rest) in AMBIGUOUS.items()}
        attacks |= {
            written: (through.post(f"Content-Length: {written.format(len(hidden))}"), hidden.encode())
            for written in WRITTEN
        }
        with rosa.asking():
            for sent in attacks.values():
                for _ in range(TRIES):
                    answers(port, *sent, idle_s=IDLE_S)
        assert rosa.times > len(attacks)
        assert rosa.others == []


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_half_a_body_keeps_nobody_waiting(name: str, behind: served.Served, tmp_path: pathlib.Path) -> None:
    tmp_path.chmod(0o755)
    with proxy(name, behind.port, tmp_path) as port:
        through = behind.through(port)
        for who in ("", "Cookie: device=AAAA\r\n"):
            with through.waiting(through.post(f"{who}Content-Length: 100", "handle=")):
                assert through.answers_soon()


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
