"""`make dev`: the made-up site, served with reload."""

from __future__ import annotations

import os
import pathlib
import sys

from bulletin.config import Settings

from . import FOLDER, make


def main() -> None:
    """Make it where it is not there, say how to sign in, and serve it until stopped, anew at each change of a file."""
    from werkzeug.serving import run_simple

    from bulletin import create_app

    sign_in = make()
    settings = Settings.load({**os.environ, "INSTANCE": str(FOLDER)})
    app = create_app(settings)
    app.extensions["press"].start()
    if "WERKZEUG_RUN_MAIN" not in os.environ:  # the reloader starts this again, and once is enough to say it
        print(f"Sign in with one of these handles and its words:\n{sign_in}", file=sys.stderr)
    templates = pathlib.Path(app.root_path).parent.glob("templates/**/*.html")
    run_simple(settings.host, settings.port, app, use_reloader=True, extra_files=map(str, templates), threaded=True)


if __name__ == "__main__":
    main()
