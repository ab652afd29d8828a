"""The words of the screens, in French and English."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("fr", "en")
FOLDER = Path(__file__).parent / "locales"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all words of the screens in one language."""
    return dict(yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8")))


class Words:
    """The words of one language, asked for by key: ``say("draft")``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **params: Any) -> str:
        """Return one text, its placeholders filled.

        Raises:
            KeyError: there is no such text.
        """
        text = self._texts[key]
        return text.format(**params) if params else text
