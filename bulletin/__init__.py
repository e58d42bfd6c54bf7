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
        actions,
        articles,
        bulletin_headers,
        bulletins,
        calendars,
        charts,
        contacts,
        conversations,
        cross_site,
        devices,
        distributions,
        doors,
        eddies,
        errors,
        exports,
        faces,
        follow_ups,
        founding,
        headers,
        hosts,
        identity,
        imports,
        invitations,
        joining,
        kinds,
        members,
        names,
        pictures,
        printings,
        proofs,
        protection,
        sheets,
        signing_in,
        sites,
        static,
        steps,
        telling,
        tickets,
        too_long,
        turnouts,
        units,
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
    names.teach(app)
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
    app.register_blueprint(contacts.pages)
    app.register_blueprint(conversations.pages)
    app.register_blueprint(follow_ups.pages)
    app.register_blueprint(units.pages)
    app.register_blueprint(charts.pages)
    app.register_blueprint(eddies.pages)
    app.register_blueprint(actions.pages)
    app.register_blueprint(turnouts.pages)
    app.register_blueprint(steps.pages)
    app.register_blueprint(calendars.pages)
    app.register_blueprint(imports.pages)
    app.register_blueprint(exports.pages)
    return app
