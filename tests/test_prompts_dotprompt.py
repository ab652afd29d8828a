"""Google's ``.prompt`` files: rendered as their specification says, converted where ours can say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from copilot import prompts
from copilot.errors import FileFormatError

pytest.importorskip("dotpromptz", reason="the extra [dotprompt] is not installed")

from copilot.prompts import dotprompt

SIMPLE = """---
model: gemini
description: Greets
config: {temperature: 0.7, maxOutputTokens: 100, topK: 3}
input:
  schema:
    name: string, whom to greet
    tags?(array): string
  default: {place: here}
output: {format: json, schema: {ok: boolean}}
---
{{role "system"}}
You greet. {{! a remark }}
{{role "user"}}
Greet {{name}} {{place}}.
{{tags}}
"""


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in sorted(folder.rglob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            for test in group["tests"]:
                yield f"{path.stem}/{group['name']}/{test.get('desc', '')}", group, test


def expected_texts(test: dict[str, Any]) -> list[tuple[str, str]] | None:
    """The messages as role and text, or None where one holds something else than text."""
    messages = []
    for message in test["expect"].get("messages", []):
        if any("text" not in part for part in message["content"]):
            return None
        role = {"model": "assistant"}.get(message["role"], message["role"])
        messages.append((role, "".join(part["text"] for part in message["content"])))
    return messages


def test_specification(shared_data: Path) -> None:
    folder = shared_data / "conformance" / "dotprompt" / "spec"
    rendered = refused = 0
    for label, group, test in cases(folder):
        data = {**(group.get("data") or {}), **(test.get("data") or {})}
        options = test.get("options") or {}
        expected = expected_texts(test)
        arguments: dict[str, Any] = {
            "partials": {**(group.get("partials") or {}), **(group.get("resolverPartials") or {})},
            "schemas": group.get("schemas") or {},
            "defaults": (options.get("input") or {}).get("default") or {},
            "context": data.get("context") or {},
            "history": data.get("messages") or (),
        }
        if expected is None:
            with pytest.raises(FileFormatError):
                dotprompt.render(group["template"], data.get("input") or {}, **arguments)
            refused += 1
            continue
        messages = dotprompt.render(group["template"], data.get("input") or {}, **arguments)
        assert [(m.role, m.content) for m in messages] == expected, label
        rendered += 1
    assert rendered + refused > 100, "the specification's cases were not found"


def test_conversion_says_the_same() -> None:
    text = dotprompt.convert(SIMPLE, "greet.prompt")
    prompt = prompts.parse(text, name="greet", shown="greet.md")
    assert prompt.description == "Greets"
    assert prompt.llm == {"temperature": 0.7, "max_tokens": 100}
    assert "gemini" in prompt.note
    assert "topK" in prompt.note
    assert prompt.output is not None
    assert prompt.inputs["name"].required
    assert prompt.inputs["tags"] == prompts.Input("list", required=False)
    messages = prompts.render(prompt, {"name": "<Zoé>", "tags": ["a", "b"]})
    assert [(m.role, m.content) for m in messages] == [
        ("system", "You greet."),
        ("user", "Greet <Zoé> here.\n- a\n- b"),
    ]


@pytest.mark.parametrize(
    "inside", ["#if name", "#each tags", "history", "media url=name", "@auth.email", "name.first"]
)
def test_what_executes_is_refused_with_its_line(inside: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        dotprompt.convert(f"---\nmodel: m\n---\nHello\n{{{{{inside}}}}}", "a.prompt")
    assert caught.value.where == "a.prompt:5"


def test_broken_file() -> None:
    with pytest.raises(FileFormatError):
        dotprompt.render("{{#if name}}never closed", {"name": "x"})


def test_customer_s_words_are_not_escaped() -> None:
    assert dotprompt.render("{{name}}", {"name": "<b>&'{{x}}"})[0].content == "<b>&'{{x}}"
