"""Check reports as text or in the formats of other tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from copilot.records import CheckReport

if TYPE_CHECKING:
    from copilot.store import AuditEntry

Checked = tuple[str, str, CheckReport]
"""Path, text and report of one file."""


def render(checked: Sequence[Checked], form: str, language: str) -> str:
    """Return the reports as ``text``, ``json``, ``vale``, ``sarif`` or ``github``.

    Raises:
        ValueError: there is no such format.
    """
    if form == "text":
        return _text(checked, language)
    if form == "json":
        from pydantic_core import to_jsonable_python

        payload = [{"path": path, **to_jsonable_python(report)} for path, _, report in checked]
        return _json(payload)
    from copilot.rules import report as formats

    if form == "github":
        return "\n".join(
            formats.github(path, text, report.findings, language=language) for path, text, report in checked
        )
    if form == "sarif":
        files = {path: (text, report.findings) for path, text, report in checked}
        return _json(formats.sarif(files, language=language))
    alerts: dict[str, Any] = {}
    for path, text, report in checked:
        alerts |= formats.vale_json(path, text, report.findings, language=language)
    return _json(alerts)


def trail_file(entries: Sequence[AuditEntry], form: str) -> bytes:
    """Return the audit trail as ``csv`` (no cell runs as a formula) or ``json``, oldest entry first."""
    rows = [asdict(entry) for entry in entries]
    if form == "json":
        return _json(rows).encode()
    from copilot.exports.cells import neutral, table

    names = ("id", "at", "actor", "action", "subject", "digest", "previous", "hash")
    return table(names, ([neutral(str(row[name])) for name in names] for row in rows), mark=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _text(checked: Sequence[Checked], language: str) -> str:
    from copilot.rules.report import line_and_column

    lines = []
    for path, text, report in checked:
        for finding in report.findings:
            line, column = line_and_column(text, finding.span.start)
            message = finding.message.get(language)
            lines.append(f"{path}:{line}:{column}: {finding.level}: {message} [{finding.rule}]")
        states = [claim.state for claim in report.claims]
        proved = states.count("supported")
        word = "faits prouvés" if language == "fr" else "facts proved"
        lines.append(f"{path}: {proved}/{len(states)} {word}")
    return "\n".join(lines)
