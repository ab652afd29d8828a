"""Files that the server makes for the person who asks, under her own role."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from copilot import Copilot, PermissionDenied, trail_file
from ui.access import ACTOR, language_of

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def add_routes(app: FastAPI, copilot: Copilot) -> None:
    """Add the exports of the audit trail."""

    @app.get("/trail.{form}", include_in_schema=False)
    def trail(request: Request, form: str) -> Response:
        if form not in TYPES:
            return Response(status_code=404)
        try:
            entries = copilot.reviews.export(actor=request.scope.get(ACTOR) or "")
        except PermissionDenied as error:
            return JSONResponse({"error": error.in_language(language_of(request))}, 403)
        name = f'attachment; filename="trail.{form}"'
        headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
        return Response(trail_file(entries, form), media_type=TYPES[form], headers=headers)
