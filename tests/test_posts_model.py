"""Posts that a model writes: from the same material, and offline as soon as it fails."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from copilot import Brief, Copilot, LLMUnavailableError, channels
from copilot.records import ChatMessage, Completion, Usage
from tests.conftest import NOW

BRIEF = Brief(
    "Annoncer le diagnostic de batterie offert",
    key_facts=("Le diagnostic de batterie est offert jusqu’au 30 novembre 2026",),
    link="https://cyclamene.example/diagnostic",
    channels=("linkedin_post", "x_post"),
)
ANSWER = (
    "Votre batterie mérite un contrôle avant l’hiver. "
    "Le diagnostic est offert jusqu’au 30 novembre 2026. [[0]]"
)


class Scripted:
    """A model that gives one answer, or is out of reach."""

    name = "scripted"

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[Sequence[ChatMessage]] = []

    def complete(self, messages: Sequence[ChatMessage], **options: Any) -> Completion:
        self.asked.append(messages)
        if not self.answer:
            raise LLMUnavailableError("llms.silent", address="127.0.0.1")
        if options.get("on_text"):
            options["on_text"](self.answer)
        return Completion(self.answer, Usage(10, 20), self.name)


@pytest.fixture
def folder(ingested_sample: Path, tmp_path: Path) -> Path:
    shutil.copytree(ingested_sample, tmp_path / "cyclamene")
    return tmp_path / "cyclamene"


def test_a_model_writes_and_the_text_is_proved(folder: Path) -> None:
    seen: list[str] = []
    llm = Scripted(ANSWER)
    posts = Copilot(folder, clock=lambda: NOW, llm=llm).write(BRIEF, on_text=seen.append)
    assert [post.draft.writer for post in posts] == ["scripted", "scripted"]
    assert all("[[" not in text for text in [*seen, posts[0].draft.text])
    assert "utm_source=linkedin" in posts[0].draft.text
    assert [c for c in posts[0].report.claims if c.state == "contradicted"] == []


def test_a_model_that_writes_too_much_is_shortened(folder: Path) -> None:
    llm = Scripted(ANSWER + " " + "Nous vous attendons dans nos boutiques avec le sourire. " * 20)
    posts = Copilot(folder, clock=lambda: NOW, llm=llm).write(BRIEF)
    assert all(channels.fits(post.draft.text, post.channel) for post in posts)


def test_a_model_out_of_reach_is_asked_once_and_told(folder: Path) -> None:
    llm = Scripted("")
    posts = Copilot(folder, clock=lambda: NOW, llm=llm).write(BRIEF)
    assert [post.draft.writer for post in posts] == ["offline", "offline"]
    assert [notice.code for notice in posts[0].notices][:1] == ["llm_failed"]
    assert len(llm.asked) == 1


def test_a_crisis_statement_never_asks_a_model(folder: Path) -> None:
    llm = Scripted(ANSWER)
    copilot = Copilot(folder, clock=lambda: NOW, llm=llm)
    copilot.write(Brief("Rappel des batteries de 2023", format="crisis"))
    assert llm.asked == []


def test_a_wording_that_changes_a_fact_is_not_offered(folder: Path) -> None:
    llm = Scripted(ANSWER)
    copilot = Copilot(folder, clock=lambda: NOW, llm=llm)
    [post, _] = copilot.write(BRIEF)
    llm.answer = "Le diagnostic est offert jusqu’au 31 décembre 2026."
    offered = {variant.wish for variant in copilot.posts.variants(post, post.draft.text)}
    assert offered <= {"fuller", "untagged"}  # made by code, without the model
