"""The prompt lab: cases, runs and comparisons, where a change of prompt is judged by the brand's promises."""

from copilot.lab.assertion import Assertion, Judged, Verdict
from copilot.lab.bench import Lab
from copilot.lab.cases import Case, load_cases, parse_cases
from copilot.lab.comparing import CasePair, Change, Comparison, compare
from copilot.lab.gate import Decision, decide, name_of
from copilot.lab.growing import CaseDraft, case_from_reply, write_case
from copilot.lab.judges import Agreement, Judge, Opinion, Pair, pairs_of
from copilot.lab.judging import judge, verdict
from copilot.lab.keeping import find_run, load_run, load_runs, save
from copilot.lab.kinds import KINDS, OURS
from copilot.lab.outcome import Outcome, of_reply, of_report
from copilot.lab.promises import PROMISES
from copilot.lab.recording import Recording
from copilot.lab.records import Progress, Row, Run, System
from copilot.lab.running import run_case, run_cases

__all__ = [
    "KINDS",
    "OURS",
    "PROMISES",
    "Agreement",
    "Assertion",
    "Case",
    "CaseDraft",
    "CasePair",
    "Change",
    "Comparison",
    "Decision",
    "Judge",
    "Judged",
    "Lab",
    "Opinion",
    "Outcome",
    "Pair",
    "Progress",
    "Recording",
    "Row",
    "Run",
    "System",
    "Verdict",
    "case_from_reply",
    "compare",
    "decide",
    "find_run",
    "judge",
    "load_cases",
    "load_run",
    "load_runs",
    "name_of",
    "of_reply",
    "of_report",
    "pairs_of",
    "parse_cases",
    "run_case",
    "run_cases",
    "save",
    "verdict",
    "write_case",
]
