"""A second opinion from an OpenAI-compatible ``/moderations`` endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.errors import LLMContractError
from copilot.llms import failures
from copilot.llms.loop import call
from copilot.llms.masking import Mask
from copilot.llms.models import OPENAI_ADDRESS, http_client, openai_key


@dataclass(frozen=True, slots=True)
class Moderation:
    """The endpoint's verdict on one text. ``categories`` are those it flags, ``scores`` are in 0..1."""

    flagged: bool
    categories: frozenset[str]
    scores: Mapping[str, float]


def open_moderation(
    model: str,
    *,
    base_url: str = "",
    api_key: str = "",
    timeout_total: float = 10.0,
    mask: Mask | None = None,
) -> Callable[[Sequence[str]], list[Moderation]]:
    """Return a function that judges texts, one verdict a text.

    Args:
        model: name at the endpoint (``omni-moderation-latest``, ``mistral-moderation-latest``).
        base_url: the endpoint's address; empty for OpenAI's own.
        api_key: its key.
        timeout_total: seconds for one call.
        mask: replaces personal data before anything is sent.

    The returned function raises LLMError when the endpoint could not serve.
    """

    def moderate(texts: Sequence[str]) -> list[Moderation]:
        if not texts:
            return []
        outgoing = mask(list(texts))[0] if mask is not None else list(texts)
        key = openai_key(api_key, base_url)

        async def work(_: Callable[[str], None]) -> Any:
            from openai import AsyncOpenAI

            client = AsyncOpenAI(
                api_key=key,
                base_url=base_url or OPENAI_ADDRESS,
                max_retries=1,
                http_client=http_client(base_url, timeout_total),
            )
            async with client:
                # Untyped on purpose: other servers leave fields out that the vendor's class wants.
                return await client.post(
                    "/moderations", body={"model": model, "input": outgoing}, cast_to=object
                )

        try:
            answer = call(work, limit=timeout_total)
        except Exception as raw:
            raise failures.explain(raw, model=model, address=base_url or OPENAI_ADDRESS) from raw
        return _verdicts(answer, len(outgoing), model)

    return moderate


def _verdicts(answer: Any, expected: int, model: str) -> list[Moderation]:
    try:
        verdicts = [_verdict(result) for result in answer["results"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LLMContractError("llms.wrong_verdicts", model=model) from error
    if len(verdicts) != expected:
        raise LLMContractError("llms.wrong_verdicts", model=model)
    return verdicts


def _verdict(result: Mapping[str, Any]) -> Moderation:
    categories = frozenset(name for name, hit in result["categories"].items() if hit)
    scores = {name: float(score) for name, score in (result.get("category_scores") or {}).items()}
    return Moderation(bool(result.get("flagged", bool(categories))), categories, scores)
