"""Vendor errors as ours, and which of them a second attempt may mend."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping

from copilot.errors import (
    LLMAuthError,
    LLMContractError,
    LLMError,
    LLMRateLimitError,
    LLMTimeoutError,
    LLMUnavailableError,
)

# Optional parts of a request that some servers refuse, in the words their refusals use.
OPTIONAL = ("response_format", "stream_options", "temperature", "top_p", "seed", "max_tokens", "stop")

_DETAIL_LENGTH = 200


class RefusedRequest(LLMContractError):
    """The endpoint found the request invalid; ``detail`` is what it said."""

    def __init__(self, detail: str, status: int) -> None:
        super().__init__("llms.refused_request", detail=detail, status=status)
        self.detail = detail


def explain(error: Exception, *, model: str, address: str) -> LLMError:
    """Translate whatever a chat model raised.

    Args:
        error: an exception of LangChain, of a vendor's client or of the HTTP library.
        model: the model asked for.
        address: where it was asked, for the message.
    """
    if isinstance(error, LLMError):
        return error
    status = _status(error)
    detail = _detail(error)
    names = {kind.__name__ for kind in type(error).__mro__}
    if status is None:
        status = next((code for name, code in _STATUS_OF.items() if name in names), None)
    if status is not None:
        return _by_status(error, status, detail, model, address)
    if names & {"ModelTimeoutError", "TimeoutException", "TimeoutError"}:
        return LLMTimeoutError("llms.silent", address=address)
    if names & {"RemoteProtocolError", "ReadError"}:
        return LLMUnavailableError("llms.cut", address=address)
    if names & {"ModelConnectionError", "APIConnectionError", "TransportError", "ConnectionError"}:
        return LLMUnavailableError("llms.unreachable", address=address, detail=detail)
    if "APIError" in names:
        return LLMUnavailableError("llms.server_error", address=address, detail=detail)
    return LLMContractError("llms.garbage", address=address, detail=detail)


_STATUS_OF = {
    "ModelAuthenticationError": 401,
    "ModelPermissionDeniedError": 403,
    "ModelNotFoundError": 404,
    "ContextOverflowError": 413,
    "ModelInvalidRequestError": 400,
    "ModelRateLimitError": 429,
    "ModelAPIError": 500,
}


def _detail(error: Exception) -> str:
    """Return what the server itself said, without the client's words around it."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, Mapping) else None
    return " ".join(str(said or error).split())[:_DETAIL_LENGTH].rstrip(".") or type(error).__name__


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    if status is None:
        status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and "ContextOverflowError" not in {k.__name__ for k in type(error).__mro__}:
        return status
    return None


def _by_status(error: Exception, status: int, detail: str, model: str, address: str) -> LLMError:
    if status in (401, 403):
        return LLMAuthError("llms.auth", address=address, status=status)
    if status == 402 or (status == 429 and getattr(error, "code", "") == "insufficient_quota"):
        return LLMRateLimitError("llms.quota", address=address)
    if status == 429:
        wait = retry_after(error)
        key = "llms.rate_limit" if wait is None else "llms.rate_limit_wait"
        return LLMRateLimitError(key, retry_after=wait, address=address, seconds=round(wait or 0, 1))
    if status == 404:
        return LLMUnavailableError("llms.no_such_model", model=model, address=address)
    if status == 413:
        return LLMContractError("llms.too_long", model=model)
    if status in (408, 409) or status >= 500:
        return LLMUnavailableError("llms.server_error", address=address, detail=detail)
    return RefusedRequest(detail, status)


def can_retry(error: LLMError) -> bool:
    """Whether the same request may succeed a moment later."""
    return error.key in {
        "llms.rate_limit",
        "llms.rate_limit_wait",
        "llms.server_error",
        "llms.unreachable",
        "llms.silent",
        "llms.cut",
        "llms.garbage",
    }


def retry_after(error: Exception) -> float | None:
    """Return the seconds that the endpoint asks to wait (``Retry-After`` as seconds or as a date)."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {}) or {}
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "")
        if value.replace(".", "", 1).isdigit():
            return float(value)
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
