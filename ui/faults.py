"""Every failure of a handler becomes one sentence in the user's language; what was typed stays."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import gradio as gr

from copilot import CopilotError
from ui.words import Words

log = logging.getLogger("ui")
F = TypeVar("F", bound=Callable[..., Any])


def told(say: Words) -> Callable[[F], F]:
    """Wrap a handler so that an explained error is shown as such and any other as a general sentence."""

    def wrap(handler: F) -> F:
        @functools.wraps(handler)
        def call(*args: Any) -> Any:
            with explained(say):
                return handler(*args)

        @functools.wraps(handler)
        def iterate(*args: Any) -> Any:
            with explained(say):
                yield from handler(*args)

        return iterate if inspect.isgeneratorfunction(handler) else call  # type: ignore[return-value]

    return wrap


@contextmanager
def explained(say: Words) -> Iterator[None]:
    """Turn what fails inside into a sentence on the screen."""
    try:
        yield
    except gr.Error:
        raise
    except CopilotError as error:
        raise said(error.in_language(say.language)) from error
    except Exception as error:
        log.exception("handler failed")
        raise said(say("unexpected")) from error


def said(sentence: str) -> gr.Error:
    """Return an error that shows one sentence, to be raised."""
    return gr.Error(sentence[:1].upper() + sentence[1:], print_exception=False)
