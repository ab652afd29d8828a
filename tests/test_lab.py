"""The lab: golden cases run, recorded, compared and gated."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from copilot import Copilot, FileFormatError, InputError, LLMUnavailableError
from copilot.lab import (
    Case,
    Comparison,
    Outcome,
    Progress,
    Recording,
    Row,
    Run,
    compare,
    decide,
    load_cases,
    load_run,
    parse_cases,
    save,
)
from copilot.lab.comparing import interval
from copilot.llms import ChatMessage, Completion
from copilot.records import Usage
from tests.conftest import ROOT
from tests.scripted_writer import ScriptedWriter

CASES = ROOT / "prompts" / "cases"
RUNS = ROOT / "prompts" / "runs"


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_cases(CASES)


@pytest.fixture(scope="module")
def runs(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The reply prompt and its planted regression, written by the scripted writer on today's knowledge."""
    import shutil

    from tests.conftest import NOW

    folder = tmp_path_factory.mktemp("lab") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    lab = Copilot(folder, clock=lambda: NOW).lab
    before, after = (lab.run(lab.system(name, llm=ScriptedWriter())) for name in ("reply", "reply.concis"))
    return before, after


# -- cases ----------------------------------------------------------------------------------------


def test_eighty_golden_cases_cover_languages_channels_and_traps(cases: Sequence[Case]) -> None:
    english = [case for case in cases if case.id.startswith("en-")]
    assert (len(cases), len(english)) == (80, 20)
    assert {str(case.vars["channel"]) for case in cases} >= {
        "web",
        "facebook_comment",
        "instagram_comment",
        "instagram_dm",
        "x_post",
        "google_review_reply",
        "whatsapp_text",
        "sms",
    }
    tags = {tag for case in cases for tag in case.tags}
    assert tags >= {"question", "complaint", "praise", "purchase", "abuse", "spam", "safety", "legal"}
    assert tags >= {"condition", "interne", "donnees", "injection", "sans-reponse", "piege-promesse"}


def test_expected_evidence_of_the_golden_cases_exists(sample: Copilot, cases: Sequence[Case]) -> None:
    assert [(case.id, name) for case, name in sample.lab.stale(cases)] == []


def test_a_case_remembers_the_version_of_its_evidence(sample: Copilot, cases: Sequence[Case]) -> None:
    case = next(case for case in cases if case.evidence)
    noted = replace(case, evidence={next(iter(case.evidence)): "000000"})
    assert sample.lab.stale([noted]) == [(noted, next(iter(case.evidence)))]


GOOD = "- id: a\n  vars: {comment: Bonjour}\n  assert:\n    - {type: contains, value: x}\n"


@pytest.mark.parametrize(
    ("before", "after", "place", "told"),
    [
        ("  assert:", "  asert:", ":3", "assert"),
        ("type: contains", "type: contians", ":4", "contains"),
        ("type: contains", "type: not-contians", ":4", "not-contains"),
        ("value: x", "valeu: x", ":4", "value"),
        (", value: x", "", ":4", "value"),
        ("comment: Bonjour", "coment: Bonjour", ":2", "comment"),
        ("{comment: Bonjour}", "{comment: Bonjour, register: tutoiement}", ":2", "vous"),
        ("- {type: contains, value: x}", "- {type: regex, value: '(?P<x>a)'}", ":4", "JavaScript"),
        ("- {type: contains, value: x}", "- {type: latency}", ":4", "threshold"),
        ("- {type: contains, value: x}", "- {type: supported, value: x}", ":4", "value"),
        ("- {type: contains, value: x}", "- {type: word-count, value: {mx: 3}}", ":4", "min"),
        ("- {type: contains, value: x}", "- {type: contains, value: x, transform: 'eval(1)'}", ":4", "trim"),
        ("- {type: contains, value: x}", "- {type: assert-set, assert: []}", ":4", "assert"),
        ("- id: a", "- id: ''", ":1", "id"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line(before: str, after: str, place: str, told: str) -> None:
    assert len(parse_cases(GOOD, "cases.yml")) == 1
    with pytest.raises(FileFormatError) as error:
        parse_cases(GOOD.replace(before, after), "cases.yml")
    assert error.value.where.endswith(place)
    assert told in error.value.in_language("en")
    assert error.value.in_language("fr")


def test_two_cases_never_share_an_id(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "b.yml").write_text(GOOD)
    with pytest.raises(FileFormatError, match=r"b\.yml:1"):
        load_cases(tmp_path)


# -- runs -----------------------------------------------------------------------------------------


def test_all_golden_cases_run_offline_within_a_minute(sample: Copilot, cases: Sequence[Case]) -> None:
    lab = sample.lab
    sample.warm_up()
    seen: list[Progress] = []
    started = time.monotonic()
    run = lab.run(lab.system(offline=True), progress=seen.append)
    assert time.monotonic() - started < 60
    assert [row.case_id for row in run.rows] == [case.id for case in cases]
    assert {row.state for row in run.rows} == {"judged"}
    assert (seen[-1].done, seen[-1].total) == (80, 80)
    assert run.prompt == ""
    assert lab.runs()[0].id == run.id
    assert lab.load(run.id) == run


def test_the_gate_catches_the_planted_regression(runs: tuple[Run, Run]) -> None:
    comparison = compare(*runs)
    facts = comparison.promise("facts")
    assert facts is not None
    assert len(facts.broke) > 5
    assert facts.high < 0
    decision = decide(comparison)
    assert not decision.ship
    assert any("Faits" in reason.fr for reason in decision.reasons)
    worst = comparison.cases[0]
    assert worst.broke
    assert "".join(c.text for c in worst.words if c.kind != "removed") == worst.after.outcome.text
    dropped = {state for row in runs[1].rows for state, _ in row.outcome.claims}
    assert "condition_dropped" in dropped


def test_the_gate_lets_the_same_prompt_ship(runs: tuple[Run, Run]) -> None:
    decision = decide(compare(runs[0], runs[0]))
    assert (decision.ship, decision.reasons) == (True, ())


def test_a_recorded_run_replays_exactly_without_a_model(sample: Copilot, tmp_path: Path) -> None:
    lab = sample.lab
    answers = tmp_path / "answers.jsonl"
    few = lab.cases()[:8]
    first = lab.run(lab.system("reply", llm=ScriptedWriter(), keep=answers), few)
    again = lab.run(lab.system("reply", recording=answers), few)
    assert [row.outcome for row in again.rows] == [row.outcome for row in first.rows]
    assert [row.verdicts for row in again.rows] == [row.verdicts for row in first.rows]
    assert again.model == first.model
    # Another prompt asks other things: nobody knows the answer, and nothing passes.
    other = lab.run(lab.system("reply.concis", recording=answers), few)
    asked = [row for row in other.rows if row.state != "judged"]
    assert asked
    assert {row.state for row in asked} == {"not_judged"}
    assert not any(row.passed for row in asked)
    decision = decide(compare(first, other))
    assert not decision.ship
    assert "recording" in decision.reasons[0].en


def test_the_recorded_runs_that_ship_are_those_of_the_present_sample(sample: Copilot) -> None:
    """Fails when knowledge, cases or prompts changed: then ``python -m tests.record_lab_runs``."""
    lab = sample.lab
    for name in ("reply", "reply.concis"):
        shipped = load_run(RUNS / f"{name}.jsonl")
        run = lab.run(lab.system(name, recording=RUNS / "answers" / f"{name}.jsonl"))
        assert run.not_judged == (), "record the runs anew: python -m tests.record_lab_runs"
        assert [r.outcome.text for r in run.rows] == [r.outcome.text for r in shipped.rows]
    decision = decide(compare(load_run(RUNS / "reply.jsonl"), load_run(RUNS / "reply.concis.jsonl")))
    assert not decision.ship


class Counting(ScriptedWriter):
    """Counts how often it is asked."""

    asked = 0

    def complete(self, messages: Sequence[ChatMessage], **more: Any) -> Completion:
        self.asked += 1
        answer = super().complete(messages, **more)
        return replace(answer, usage=replace(answer.usage, cost=0.01, seconds=0.2))


def test_what_was_answered_is_not_asked_again_and_costs_are_told(sample: Copilot) -> None:
    lab, model, told = sample.lab, Counting(), []
    few = [case for case in lab.cases() if "question" in case.tags][:6]
    lab.run(lab.system("reply", llm=model), few, threads=1, cancel=lambda: model.asked >= 3)
    assert model.asked == 3
    run = lab.run(lab.system("reply", llm=model), few, progress=told.append)
    assert model.asked == len(few)
    assert run.cost == pytest.approx(0.06)
    assert max(at.cost or 0 for at in told) == pytest.approx(0.06)
    assert run.environment["python"]


class Talkative:
    """A model that cites nothing: its answers break the contract."""

    name = "talkative"

    def complete(self, messages: Sequence[ChatMessage], **_: Any) -> Completion:
        del messages
        return Completion("Bonjour, tout est gratuit.", Usage(), "talkative")


class Absent(Talkative):
    """A model that is not there."""

    def complete(self, messages: Sequence[ChatMessage], **_: Any) -> Completion:
        del messages
        raise LLMUnavailableError("llms.no_json")


@pytest.mark.parametrize(("model", "state"), [(Talkative(), "fell_back"), (Absent(), "not_judged")])
def test_the_offline_drafter_never_stands_in_for_a_model(sample: Copilot, model: Any, state: str) -> None:
    lab = sample.lab
    asked = next(case for case in lab.cases() if case.id == "paiement-3x")
    (row,) = lab.run(lab.system("reply", llm=model), [asked]).rows
    assert (row.state, row.passed) == (state, False)
    assert row.reason.fr


def test_a_run_cut_short_is_read_as_far_as_it_went(runs: tuple[Run, Run], tmp_path: Path) -> None:
    path = save(runs[0], tmp_path / "run.jsonl")
    assert load_run(path).rows == runs[0].rows
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:5], lines[5][:40]]))
    assert load_run(path).rows == runs[0].rows[:4]
    path.write_text("no run")
    with pytest.raises(FileFormatError, match=r"run\.jsonl:1"):
        load_run(path)


def test_without_a_model_the_lab_says_what_to_do(sample: Copilot) -> None:
    with pytest.raises(InputError) as error:
        sample.lab.system("reply")
    assert "hors ligne" in error.value.in_language("fr")


# -- comparison -----------------------------------------------------------------------------------


def row(case_id: str, digest: str = "d", **promises: bool) -> Row:
    return Row(case_id, digest, "judged", all(promises.values()), Outcome(case_id), promises=promises)


def run_of(*rows: Row) -> Run:
    return Run("r", "s", "m", rows=rows)


def test_cases_that_changed_or_have_no_verdict_are_set_aside_with_the_reason() -> None:
    before = run_of(row("a", facts=True), row("b", facts=True), row("c", facts=True), row("d", facts=True))
    silent = Row("c", "d", "not_judged")
    comparison: Comparison = compare(
        before, run_of(row("a", facts=True), row("b", "new", facts=True), silent)
    )
    assert [pair.case_id for pair in comparison.cases] == ["a"]
    assert [name for name, _ in comparison.incomparable] == ["b", "c", "d"]
    assert not decide(comparison).ship


def test_a_decline_of_manner_counts_only_beyond_chance() -> None:
    kept = [row(f"c{i}", empathy=True) for i in range(40)]
    few = [row(f"c{i}", empathy=i > 0) for i in range(40)]
    many = [row(f"c{i}", empathy=i > 9) for i in range(40)]
    assert decide(compare(run_of(*kept), run_of(*few))).ship
    assert decide(compare(run_of(*kept), run_of(*few))).cautions
    assert not decide(compare(run_of(*kept), run_of(*many))).ship


def test_intervals_are_the_same_every_time_and_hold_the_mean() -> None:
    differences = [0.0] * 70 + [-1.0] * 10
    low, high = interval(differences)
    assert (low, high) == interval(differences)
    assert low < -0.125 < high < 0


# -- cases grown from replies, judges, faces ------------------------------------------------------


def test_a_reply_becomes_a_case_without_its_personal_data(sample: Copilot) -> None:
    from copilot import Comment

    comment = "Livrez-vous en Corse, et sous quel délai ? Jeanne Lefèvre (jeanne@gmail.com, 06 12 34 56 78)"
    reply = sample.reply(Comment(comment, author="Jeanne Lefèvre", channel="facebook_comment"))
    draft = sample.lab.case_from_reply(reply.id)
    for secret in ("Jeanne", "Lefèvre", "gmail", "12 34 56"):
        assert secret not in draft.text
    assert "Corse" in draft.text
    assert draft.replaced
    assert not (sample.lab.cases_folder / "production.yml").exists()
    case = sample.lab.write_case(draft)
    assert case.id in {each.id for each in sample.lab.cases()}
    assert sample.lab.stale([case]) == []
    with pytest.raises((InputError, FileFormatError)):
        sample.lab.write_case(draft)


def test_a_judge_is_asked_twice_and_unsteady_answers_are_ties(sample: Copilot) -> None:
    from copilot.lab import Pair
    from tests.llm_server import Answer, ScriptedServer

    def verdict(messages: Any) -> str:
        # Prefers the longer reply, whatever its place.
        text = messages[-1]["content"]
        a, b = text.split("Réponse A")[1].split("Réponse B")
        return json.dumps({"reason": "plus longue", "verdict": "a" if len(a) > len(b) else "b"})

    from copilot.llms import LLMOptions, open_llm

    pair = Pair("p", "Bonjour ?", "Oui.", "Oui, sauf le dimanche et les jours fériés.", preferred="after")
    with ScriptedServer() as server:
        server.script(Answer(text=verdict))
        model = open_llm(LLMOptions("m", base_url=server.url, api_key="k", max_retries=0))
        judge = sample.lab.judge("La réponse est complète.", llm=model)
        opinion = judge.opinion(pair)
        assert (opinion.preferred, opinion.steady) == ("after", True)
        assert judge.agreement([pair]).rate == 1
    always_a = json.dumps({"reason": "la première", "verdict": "a"})
    with ScriptedServer() as server:
        server.script(Answer(text=always_a))
        model = open_llm(LLMOptions("m", base_url=server.url, api_key="k", max_retries=0))
        opinion = sample.lab.judge("La réponse est complète.", llm=model).opinion(pair)
        assert (opinion.preferred, opinion.steady) == ("tie", False)


def test_the_gate_speaks_to_a_pipeline_by_its_exit_code(sample: Copilot) -> None:
    from click.testing import CliRunner

    from copilot.cli import main

    folder = sample.workspace.folder

    def gate(candidate: str) -> Any:
        files = [str(RUNS / "reply.jsonl"), str(RUNS / f"{candidate}.jsonl")]
        words = ["-w", str(folder), "--lang", "fr", "lab", "gate", "--baseline", files[0], "--run", files[1]]
        return CliRunner().invoke(main, words)

    good, bad = gate("reply"), gate("reply.concis")
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "À déployer" in good.output
    assert "Faits prouvés" in bad.output
    listed = CliRunner().invoke(main, ["-w", str(folder), "lab", "cases", "--json"])
    assert len(json.loads(listed.output)["cases"]) == 80
    changed = CliRunner().invoke(main, ["-w", str(folder), "prompts", "diff", "reply", "reply.concis"])
    assert "-2. Chaque prix" in changed.output
    ran = ["-w", str(folder), "lab", "run", "--offline", "--case", "paiement-3x", "--json"]
    assert json.loads(CliRunner().invoke(main, ran).output)["cases"] == 1


def test_promptfoo_runs_the_same_cases(sample: Copilot, monkeypatch: pytest.MonkeyPatch) -> None:
    from copilot import promptfoo_provider as bridge

    folder = str(sample.workspace.folder)
    monkeypatch.setenv(bridge.WORKSPACE, folder)
    tests = bridge.create_tests()
    assert len(tests) == 80
    test = next(each for each in tests if each["metadata"]["id"] == "paiement-3x")
    assert {each["type"] for each in test["assert"]} == {"python", "regex", "contains"}
    options = {"config": {"workspace": folder, "writer": "offline"}}
    answer = bridge.call_api(test["vars"]["comment"], options, {"vars": test["vars"]})
    assert "200" in answer["output"]
    ours = next(each for each in test["assert"] if each["type"] == "python")
    judged = bridge.get_assert(answer["output"], {"config": ours["config"], "metadata": answer["metadata"]})
    assert judged["pass"] is True
    assert bridge.call_api(" ", options, {"vars": {"comment": " "}}).keys() == {"error"}


def test_a_recording_is_damaged_at_a_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("nothing\n{}\n")
    with pytest.raises(FileFormatError, match=r"answers\.jsonl:1"):
        Recording(path)
