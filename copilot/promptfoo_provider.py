"""The bridge to promptfoo: the same case files, run by ``npx promptfoo eval``.

``promptfooconfig.yml``::

    prompts: ["{{comment}}"]
    providers: [{id: "file:///…/copilot/promptfoo_provider.py", config: {workspace: "."}}]
    tests: "file:///…/copilot/promptfoo_provider.py:create_tests"

``call_api`` writes the reply. ``create_tests`` reads ``prompts/cases`` and turns the types that promptfoo
does not know (``supported``, ``register``…) into Python assertions, which ``get_assert`` judges from what
``call_api`` found in the text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.lab import Assertion

WORKSPACE = "COPILOT_WORKSPACE"
"""The environment variable that names the workspace for ``create_tests``, which gets no options."""


def call_api(prompt: str, options: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """Write a reply.

    Args:
        prompt: what promptfoo rendered: the comment.
        options: ``config.workspace``, ``config.writer`` (``offline`` asks no model).
        context: ``vars`` of the test.

    Returns:
        ``output`` and ``metadata.outcome``, or ``error``.
    """
    from dataclasses import replace

    from pydantic_core import to_jsonable_python

    from copilot.errors import CopilotError
    from copilot.lab import Case, of_reply

    config = options.get("config") or {}
    given = {name: value for name, value in (context.get("vars") or {}).items() if value is not None}
    request = Case("promptfoo", {**given, "comment": given.get("comment", prompt)}).request
    assert request is not None
    try:
        copilot = _open(str(config.get("workspace") or os.environ.get(WORKSPACE, ".")))
        if config.get("writer") == "offline":
            request = replace(request, writer="offline")
        reply = copilot.reply(request, keep=False)
    except CopilotError as error:
        return {"error": str(error)}
    usage = reply.draft.usage
    found: dict[str, Any] = {
        "output": reply.draft.text,
        "metadata": {"outcome": to_jsonable_python(of_reply(reply)), "writer": reply.draft.writer},
    }
    if usage is not None:
        found["tokenUsage"] = {
            "prompt": usage.input_tokens,
            "completion": usage.output_tokens,
            "total": usage.input_tokens + usage.output_tokens,
        }
        if usage.cost is not None:
            found["cost"] = usage.cost
    return found


def create_tests(config: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the golden cases as promptfoo's tests."""
    from copilot.lab import load_cases

    folder = Path((config or {}).get("workspace") or os.environ.get(WORKSPACE, "."))
    return [
        {
            "description": case.description or case.id,
            "vars": dict(case.vars),
            "assert": [_foreign(each) for each in case.demands],
            "metadata": {"id": case.id, "tags": list(case.tags)},
            **({} if case.threshold is None else {"threshold": case.threshold}),
        }
        for case in load_cases(folder / "prompts" / "cases")
        if "comment" in case.vars
    ]


def get_assert(output: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Judge one of our own types from what ``call_api`` found.

    Args:
        output: the text.
        context: ``config`` with the assertion's ``type``, ``value`` and ``threshold``, and the
            provider's ``metadata``.
    """
    from pydantic import TypeAdapter

    from copilot.lab import Assertion, Outcome, verdict

    metadata = context.get("metadata") or (context.get("providerResponse") or {}).get("metadata") or {}
    if "outcome" not in metadata:
        return {"pass": False, "score": 0.0, "reason": "metadata.outcome is missing: use call_api"}
    asked = context.get("config") or {}
    outcome = TypeAdapter(Outcome).validate_python({**metadata["outcome"], "text": output})
    found = verdict(Assertion(asked["type"], asked.get("value"), asked.get("threshold")), outcome)
    return {"pass": found.passed, "score": found.score, "reason": found.reason.en}


def _foreign(assertion: Assertion) -> dict[str, Any]:
    """Return an assertion as promptfoo writes it."""
    from copilot.lab import OURS

    data: dict[str, Any] = {"type": assertion.type}
    for name in ("value", "threshold", "metric", "transform"):
        value = getattr(assertion, name)
        if value not in (None, ""):
            data[name] = value
    if assertion.weight != 1:
        data["weight"] = assertion.weight
    if assertion.parts:
        data["assert"] = [_foreign(part) for part in assertion.parts]
    if assertion.base not in OURS:
        return data
    kept = {name: data.pop(name) for name in ("type", "value", "threshold") if name in data}
    data.pop("transform", None)
    return {**data, "type": "python", "value": f"file://{Path(__file__).resolve()}", "config": kept}


@cache
def _open(workspace: str) -> Copilot:
    from copilot.app import Copilot

    return Copilot(workspace)
