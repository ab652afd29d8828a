"""Findings for other tools: Vale's JSON, SARIF 2.1.0, GitHub's workflow commands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.records import Finding, Language

_SARIF_LEVELS = {"suggestion": "note", "warning": "warning", "error": "error"}
_GITHUB_LEVELS = {"suggestion": "notice", "warning": "warning", "error": "error"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Lines:
    """Offsets of a text as 1-based lines and columns; ``\\r\\n`` and ``\\r`` end a line too."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        for at, char in enumerate(text):
            if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
                self._starts.append(at + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of one offset."""
    return Lines(text).place(offset)


def vale_json(
    path: str, text: str, findings: Sequence[Finding], *, language: Language = "en"
) -> dict[str, list[dict[str, Any]]]:
    """Return the findings of one file as Vale prints them with ``--output=JSON``."""
    lines = Lines(text)
    return {path: [_vale_alert(lines, finding, language) for finding in findings]}


def _vale_alert(lines: Lines, finding: Finding, language: Language) -> dict[str, Any]:
    line, column = lines.place(finding.span.start)
    fix = finding.fix
    params = [edit.text for edit in fix.edits[:1]] if fix else None
    return {
        "Action": {"Name": "replace" if fix else "", "Params": params},
        "Span": [column, column + max(0, finding.span.end - finding.span.start - 1)],
        "Check": finding.rule,
        "Description": finding.why.get(language),
        "Link": finding.link,
        "Message": finding.message.get(language),
        "Severity": finding.level,
        "Match": finding.match,
        "Line": line,
    }


def sarif(
    files: Mapping[str, tuple[str, Sequence[Finding]]], *, language: Language = "en", version: str = ""
) -> dict[str, Any]:
    """Return one SARIF run.

    Args:
        files: path → text and its findings.
        language: of the messages.
        version: of the product.
    """
    known: dict[str, dict[str, Any]] = {}
    results: list[dict[str, Any]] = []
    for path, (text, findings) in files.items():
        lines = Lines(text)
        for finding in findings:
            known.setdefault(finding.rule, _sarif_rule(finding, language))
            results.append(_sarif_result(path, lines, finding, language))
    driver: dict[str, Any] = {"name": "Porte-voix", "rules": list(known.values())}
    if version:
        driver["version"] = version
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _sarif_rule(finding: Finding, language: Language) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": finding.rule}
    if why := finding.why.get(language):
        rule["fullDescription"] = {"text": why}
    if finding.link.startswith(("http://", "https://")):
        rule["helpUri"] = finding.link
    return rule


def _sarif_result(path: str, lines: Lines, finding: Finding, language: Language) -> dict[str, Any]:
    first, last = lines.place(finding.span.start), lines.place(finding.span.end)
    region = {"startLine": first[0], "startColumn": first[1], "endLine": last[0], "endColumn": last[1]}
    location = {"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": finding.message.get(language)},
        "locations": [location],
    }
    if finding.suppressed:
        result["suppressions"] = [{"kind": "external", "justification": finding.suppressed}]
    return result


def github(path: str, text: str, findings: Sequence[Finding], *, language: Language = "en") -> str:
    """Return the findings of one file as workflow commands, one a line, which mark a pull request."""
    lines = Lines(text)
    return "\n".join(_github_line(path, lines, finding, language) for finding in findings)


def _github_line(path: str, lines: Lines, finding: Finding, language: Language) -> str:
    first, last = lines.place(finding.span.start), lines.place(finding.span.end)
    properties = f"file={_escaped(path, True)},line={first[0]},endLine={last[0]}"
    if first[0] == last[0]:
        properties += f",col={first[1]},endColumn={last[1]}"
    level = _GITHUB_LEVELS[finding.level]
    title = _escaped(finding.rule, True)
    return f"::{level} {properties},title={title}::{_escaped(finding.message.get(language))}"


def _escaped(text: str, property_value: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_value else text
