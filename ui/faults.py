"""Every failure of a handler becomes one sentence in the user's language; what was typed stays."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from copilot import CopilotError
from ui.words import Words

log = logging.getLogger("ui")
F = TypeVar("F", bound=Callable[..., Any])


def told(say: Words) -> Callable[[F], F]:
    """Wrap a handler so that an explained error is shown as such and any other as a general sentence."""

    def explain(error: Exception) -> gr.Error:
        if isinstance(error, CopilotError):
            return gr.Error(error.in_language(say.language), title="", print_exception=False)
        log.exception("handler failed", exc_info=error)
        return gr.Error(say("unexpected"), title="", print_exception=False)

    def wrap(handler: F) -> F:
        @functools.wraps(handler)
        def call(*args: Any) -> Any:
            try:
                return handler(*args)
            except gr.Error:
                raise
            except Exception as error:
                raise explain(error) from error

        @functools.wraps(handler)
        def iterate(*args: Any) -> Any:
            try:
                yield from handler(*args)
            except gr.Error:
                raise
            except Exception as error:
                raise explain(error) from error

        return iterate if inspect.isgeneratorfunction(handler) else call  # type: ignore[return-value]

    return wrap
