"""Bulletin: workplace groups write and print their own bulletins."""


def create_app(settings=None):
    """The web application; `settings` are read from the environment and instance/ if not given.

    Its press is not started: whoever serves the app does that, in the process that serves.
    """
    from flask import Flask
    from flask_babel import Babel

    from . import config
    from .press.jobs import Press
    from .web import (
        cross_site,
        errors,
        faces,
        headers,
        hosts,
        kinds,
        sheets,
        static,
        up,
    )

    app = Flask(__name__, template_folder=str(config.TEMPLATES))
    app.config.update(config.for_flask(settings or config.Settings.load()))
    app.extensions["press"] = Press()
    Babel(app)

    # The doors: what comes in, what goes out, and what is said when something is wrong.
    hosts.guard(app)
    cross_site.guard(app)
    headers.guard(app)
    errors.explain(app)
    static.number(app)

    # The rooms.
    app.register_blueprint(kinds.pages)
    app.register_blueprint(sheets.pages)
    app.register_blueprint(faces.pages)
    app.register_blueprint(up.pages)
    return app
