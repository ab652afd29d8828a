"""Findings for other tools: Vale's JSON, SARIF, GitHub's workflow commands."""

from __future__ import annotations


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset; ``\\r\\n`` and ``\\r`` end a line too."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    return line, len(before) - (before.rfind("\n") + 1) + 1
