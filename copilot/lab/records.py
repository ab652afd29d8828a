"""What the lab keeps: systems, runs, rows, and how far a run has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from copilot.lab.assertion import Verdict
from copilot.lab.outcome import Outcome
from copilot.llms import LLM
from copilot.prompts import Prompt
from copilot.records import Localized, Usage

State = Literal["judged", "fell_back", "not_judged"]
NOWHERE = Localized("", "")


@dataclass(frozen=True, slots=True)
class System:
    """Who writes: a prompt and a model, or, with neither, the offline drafter."""

    name: str
    prompt: Prompt | None = None
    llm: LLM | None = None

    @property
    def offline(self) -> bool:
        """Whether no model is asked."""
        return self.llm is None


@dataclass(frozen=True, slots=True)
class Row:
    """What one system did with one case.

    Attributes:
        state: ``judged``; ``fell_back`` when the model broke its contract twice and the offline drafter
            wrote (which never passes); ``not_judged`` when there was no answer to judge.
        promises: which promises of the brand the text keeps; those not at stake are left out.
        passed: every assertion holds (or their mean reaches the case's threshold) and no promise is broken.
        reason: why it was not judged or fell back.
    """

    case_id: str
    digest: str
    state: State
    passed: bool = False
    outcome: Outcome = field(default_factory=lambda: Outcome(""))
    verdicts: tuple[Verdict, ...] = ()
    score: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)
    promises: Mapping[str, bool] = field(default_factory=dict)
    reason: Localized = NOWHERE
    usage: Usage | None = None

    @property
    def kept(self) -> dict[str, bool]:
        """The promises, the case's own assertions as one more."""
        if self.state == "not_judged":
            return {}
        asserted = all(verdict.passed for verdict in self.verdicts)
        return {**self.promises, "assertions": asserted and self.state == "judged", "passed": self.passed}


@dataclass(frozen=True, slots=True)
class Run:
    """All cases through one system, with everything the result depends on.

    ``knowledge`` and ``brand`` are hashes of what was indexed and of ``brand.yml``; ``read_at`` is the moment
    at which dated knowledge was read; ``case_ids`` are the cases that were asked for, in their order.
    """

    id: str
    system: str
    model: str
    prompt: str = ""
    prompt_version: str = ""
    prompt_text: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    knowledge: str = ""
    brand: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    read_at: datetime | None = None
    seconds: float = 0.0
    case_ids: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    path: Path | None = None

    @property
    def judged(self) -> tuple[Row, ...]:
        """The rows that have a verdict."""
        return tuple(row for row in self.rows if row.state != "not_judged")

    @property
    def not_judged(self) -> tuple[Row, ...]:
        """The rows that have none."""
        return tuple(row for row in self.rows if row.state == "not_judged")

    @property
    def passed(self) -> int:
        """How many cases pass."""
        return sum(row.passed for row in self.rows)

    @property
    def cost(self) -> float | None:
        """What the models cost, None when no price is known."""
        costs = [row.usage.cost for row in self.rows if row.usage and row.usage.cost is not None]
        return sum(costs) if costs else None

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens in and out."""
        used = [row.usage for row in self.rows if row.usage]
        return sum(u.input_tokens for u in used), sum(u.output_tokens for u in used)

    def row(self, case_id: str) -> Row | None:
        """Return the row of a case."""
        return next((row for row in self.rows if row.case_id == case_id), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. ``cost`` is None while no price is known."""

    done: int
    total: int
    case_id: str
    cost: float | None
    seconds: float
