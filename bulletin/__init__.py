"""Bulletin: workplace groups write and print their own bulletins."""


def create_app(settings=None):
    """The web application; `settings` are read from the environment and instance/ if not given.

    Its press is not started: whoever serves the app does that, in the process that serves.
    """
    import os

    from flask import Flask
    from flask_babel import Babel

    from . import config, db
    from .backup import departed
    from .press.jobs import Press
    from .web import (
        articles,
        bulletin_headers,
        bulletins,
        cross_site,
        devices,
        distributions,
        doors,
        errors,
        faces,
        founding,
        headers,
        hosts,
        identity,
        invitations,
        joining,
        kinds,
        members,
        pictures,
        printings,
        proofs,
        protection,
        sheets,
        signing_in,
        sites,
        static,
        telling,
        tickets,
        too_long,
        up,
        voices,
    )

    settings = settings or config.Settings.load()
    instance = os.path.abspath(settings.instance) if settings.instance else None
    app = Flask(__name__, template_folder=str(config.TEMPLATES), instance_path=instance)
    app.config.update(config.for_flask(settings))
    app.extensions["press"] = Press()
    Babel(app)
    db.attach(app)
    departed.follow(app)

    # The doors: what comes in, what goes out, and what is said when something is wrong.
    hosts.guard(app)
    cross_site.guard(app)
    headers.guard(app)
    errors.explain(app)
    static.number(app)
    telling.teach(app)
    too_long.guard(app)
    identity.guard(app)
    doors.guard(app)

    # The rooms.
    app.register_blueprint(kinds.pages)
    app.register_blueprint(sheets.pages)
    app.register_blueprint(faces.pages)
    app.register_blueprint(up.pages)
    app.register_blueprint(protection.pages)
    app.register_blueprint(founding.pages)
    app.register_blueprint(joining.pages)
    app.register_blueprint(signing_in.pages)
    app.register_blueprint(devices.pages)
    app.register_blueprint(sites.pages)
    app.register_blueprint(members.pages)
    app.register_blueprint(invitations.pages)
    app.register_blueprint(bulletins.pages)
    app.register_blueprint(bulletin_headers.pages)
    app.register_blueprint(articles.pages)
    app.register_blueprint(pictures.pages)
    app.register_blueprint(proofs.pages)
    app.register_blueprint(voices.pages)
    app.register_blueprint(printings.pages)
    app.register_blueprint(distributions.pages)
    app.register_blueprint(tickets.pages)
    return app
