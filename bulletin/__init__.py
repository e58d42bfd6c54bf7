"""Bulletin: workplace groups write and print their own bulletins."""


def create_app(settings=None):
    """The web application; `settings` are read from the environment and instance/ if not given.

    Its press is not started: whoever serves the app does that, in the process that serves.
    """
    import os

    from flask import Flask

    from . import config, db
    from .backup import departures
    from .press.jobs import Press
    from .sweeper import Sweeper
    from .web.actions import actions, calendar, escalation_plan, turnouts
    from .web.guard import (
        access,
        after_response,
        bodies,
        browsers,
        compression,
        cross_site,
        errors,
        headers,
        hosts,
        identity,
        language,
        pins as pin_tries,
    )
    from .web.inbox import letters, offline, parked_letters
    from .web.network import labels as told_labels, meeting, needs, public, tables, telling, told, topics
    from .web.network.answering import known, matters, standing
    from .web.network.weeks import weeks, words as week_words
    from .web.papers import (
        approval,
        articles,
        bulletins,
        distributions,
        drafts,
        headers as bulletin_headers,
        pictures,
        print_tickets,
        printings,
        proofs,
    )
    from .web.people import chart, contacts, conversations, follow_ups, issue_trends, reading, units
    from .web.people.imports import imports
    from .web.portability import exports, own, protection, status
    from .web.shared import formats, grave, labels, rooms, sent_by_script, sent_forms, static, turnout_words
    from .web.sheets import assets, editor as sheets, kinds
    from .web.site import devices, founding, home, invitations, joining, members, new_words, pins, questions, signing_in

    settings = settings or config.Settings.load()
    instance = os.path.abspath(settings.instance) if settings.instance else None
    app = Flask(__name__, template_folder=str(config.TEMPLATES), instance_path=instance)
    app.config.update(config.for_flask(settings))
    app.extensions["press"] = Press(asked_by=identity.asking)
    app.extensions["sweeper"] = Sweeper()
    app.extensions["browsers"] = browsers.Browsers()
    db.attach(app)
    departures.watch(app)

    # The doors: what comes in, what goes out, and what is said when something is wrong.
    compression.guard(app)
    language.guard(app)
    hosts.guard(app)
    cross_site.guard(app)
    headers.guard(app)
    errors.install(app)
    grave.install(app)
    static.install(app)
    formats.install(app)
    labels.install(app)
    rooms.install(app)
    told_labels.install(app)
    week_words.install(app)
    topics.install(app)
    standing.install(app)
    turnout_words.install(app)
    sent_by_script.install(app)
    sent_forms.install(app)
    bodies.guard(app)
    after_response.guard(app)
    identity.guard(app)
    pin_tries.install(app)
    access.guard(app)

    # The rooms.
    app.register_blueprint(kinds.pages)
    app.register_blueprint(sheets.pages)
    app.register_blueprint(assets.pages)
    app.register_blueprint(status.pages)
    app.register_blueprint(protection.pages)
    app.register_blueprint(founding.pages)
    app.register_blueprint(joining.pages)
    app.register_blueprint(signing_in.pages)
    app.register_blueprint(devices.pages)
    app.register_blueprint(new_words.pages)
    app.register_blueprint(pins.pages)
    app.register_blueprint(home.pages)
    app.register_blueprint(questions.pages)
    app.register_blueprint(questions.rules_pages)
    app.register_blueprint(members.pages)
    app.register_blueprint(invitations.pages)
    app.register_blueprint(bulletins.pages)
    app.register_blueprint(drafts.pages)
    app.register_blueprint(bulletin_headers.pages)
    app.register_blueprint(articles.pages)
    app.register_blueprint(pictures.pages)
    app.register_blueprint(proofs.pages)
    app.register_blueprint(approval.pages)
    app.register_blueprint(printings.pages)
    app.register_blueprint(distributions.pages)
    app.register_blueprint(print_tickets.pages)
    app.register_blueprint(contacts.pages)
    app.register_blueprint(conversations.pages)
    app.register_blueprint(follow_ups.pages)
    app.register_blueprint(reading.pages)
    app.register_blueprint(units.pages)
    app.register_blueprint(chart.pages)
    app.register_blueprint(issue_trends.pages)
    app.register_blueprint(actions.pages)
    app.register_blueprint(turnouts.pages)
    app.register_blueprint(escalation_plan.pages)
    app.register_blueprint(calendar.pages)
    app.register_blueprint(telling.pages)
    app.register_blueprint(told.pages)
    app.register_blueprint(matters.pages)
    app.register_blueprint(known.pages)
    app.register_blueprint(needs.pages)
    app.register_blueprint(weeks.pages)
    app.register_blueprint(tables.pages)
    app.register_blueprint(topics.pages)
    app.register_blueprint(meeting.pages)
    app.register_blueprint(public.pages)
    app.register_blueprint(letters.pages)
    app.register_blueprint(offline.pages)
    app.register_blueprint(parked_letters.pages)
    app.register_blueprint(imports.pages)
    app.register_blueprint(exports.pages)
    app.register_blueprint(own.pages)
    return app
