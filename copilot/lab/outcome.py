"""What came of one case: the text and all that assertions and promises are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from copilot import register
from copilot.records import CheckReport, Claim, Finding, Reply

EMPATHY_ROUTES = frozenset(("reply", "private", "escalate_care", "escalate_pr", "escalate_legal"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text with what was found in it, in plain values: it is stored with the run and can be judged again.

    Attributes:
        evidence: ids of the passages the text stands on.
        claims: (state, text) of each fact, those vouched for left out.
        findings: (rule, level, matched text) of each finding that nobody suppressed.
        answered: whether it states something instead of declining.
        upset: whether the message asks for a word of empathy.
        used, limit: length in the channel's own unit; ``limit`` is None where there is none.
        seconds, cost: of the writing; ``cost`` is None when no model wrote or no price is known.
    """

    text: str
    language: str = ""
    register: str = "none"
    channel: str = "web"
    evidence: tuple[str, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    findings: tuple[tuple[str, str, str], ...] = ()
    answered: bool = True
    upset: bool = False
    used: int = 0
    limit: int | None = None
    seconds: float | None = None
    cost: float | None = None


def of_reply(reply: Reply) -> Outcome:
    """Return what is judged of a reply."""
    cited = _ids(e.passage_id for s in reply.draft.sentences for e in s.evidence)
    usage = reply.draft.usage
    return of_report(
        reply.report,
        evidence=cited,
        channel=reply.channel,
        answered=reply.draft.answered,
        upset=_is_upset(reply),
        seconds=usage.seconds if usage else None,
        cost=usage.cost if usage else None,
    )


def of_report(
    report: CheckReport,
    *,
    evidence: tuple[str, ...] = (),
    channel: str = "web",
    answered: bool = True,
    upset: bool = False,
    seconds: float | None = None,
    cost: float | None = None,
) -> Outcome:
    """Return what is judged of a checked text; without ``evidence``, what its sentences resemble."""
    found = evidence or _ids(e.passage_id for s in report.sentences for e in s.evidence)
    count = report.count
    return Outcome(
        text=report.text,
        language=report.language,
        register=register.detect(report.text).register if report.language == "fr" else "none",
        channel=channel,
        evidence=found,
        claims=tuple(_claim(c) for c in report.claims if not c.vouched),
        findings=tuple(_finding(f) for f in report.findings if not f.suppressed),
        answered=answered,
        upset=upset,
        used=count.used if count else len(report.text),
        limit=count.limit if count else None,
        seconds=seconds,
        cost=cost,
    )


def _ids(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _claim(claim: Claim) -> tuple[str, str]:
    return claim.state, claim.fact.text


def _finding(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.level, finding.match[:200]


def _is_upset(reply: Reply) -> bool:
    triage = reply.triage
    complains = any(label.name == "complaint" for label in triage.intents)
    return triage.route in EMPATHY_ROUTES and (complains or triage.sentiment == "negative")
