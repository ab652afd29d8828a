"""Check reports as text or in the formats of other tools."""

from __future__ import annotations

import json
from collections.abc import Sequence

from copilot.records import CheckReport

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
        return json.dumps(payload, ensure_ascii=False, indent=1)
    from copilot.rules import formats

    return formats.render(form, [(path, text, report.findings) for path, text, report in checked], language)


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _text(checked: Sequence[Checked], language: str) -> str:
    lines = []
    for path, text, report in checked:
        for finding in report.findings:
            line, column = line_column(text, finding.span.start)
            message = finding.message.get(language)
            lines.append(f"{path}:{line}:{column}: {finding.level}: {message} [{finding.rule}]")
        states = [claim.state for claim in report.claims]
        proved = states.count("supported")
        word = "faits prouvés" if language == "fr" else "facts proved"
        lines.append(f"{path}: {proved}/{len(states)} {word}")
    return "\n".join(lines)
