"""Measuring a bulletin on the press: by hand, or a moment after the last key."""

from __future__ import annotations

import uuid

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.domain.papers.written import Written
from bulletin.press.jobs import Busy
from bulletin.web.guard.errors import no_press, wants_json
from bulletin.web.sheets import fit_report

from . import bulletins, editor

pages = Blueprint("proofs", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/<uuid:bulletin_id>")


@pages.post("/proofs")
def create(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Measure it."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    patient = request.form.get("patience") != "none"
    if not patient and not fit_report.unasked.acquire(blocking=False):
        return make_response(jsonify(busy=True), 503)
    try:
        editor.measured(opened, opened.me.site.paper)
    except Busy as busy:
        if wants_json():
            return make_response(jsonify(busy=True), 503)
        return bulletins.page(editor.open_bulletin(site_id, bulletin_id), no_press(busy), 503)
    finally:
        if not patient:
            fit_report.unasked.release()
    opened = editor.open_bulletin(site_id, bulletin_id)
    if wants_json():
        return jsonify(editor.Look.at(opened.me, Written(opened.bulletin)).parts())
    return redirect(url_for("bulletins.show", **opened.here, _anchor="page"), 303)
