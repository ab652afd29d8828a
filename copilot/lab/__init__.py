"""The prompt lab: cases, runs and comparisons, where a change of prompt is judged by the brand's promises."""

from copilot.lab.assertion import Assertion, Judged, Verdict
from copilot.lab.judging import judge, verdict
from copilot.lab.kinds import KINDS, OURS
from copilot.lab.outcome import Outcome, of_reply, of_report

__all__ = [
    "KINDS",
    "OURS",
    "Assertion",
    "Judged",
    "Outcome",
    "Verdict",
    "judge",
    "of_reply",
    "of_report",
    "verdict",
]
