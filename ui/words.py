"""The words of the screens, in French and English: one file a page, and ``shell`` for what they share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("fr", "en")
FOLDER = Path(__file__).parent / "locales"


@cache
def catalogue(page: str, language: str) -> dict[str, str]:
    """Return the words of one page in one language."""
    return dict(yaml.safe_load((FOLDER / f"{page}.{language}.yml").read_text(encoding="utf-8")))


class Words:
    """The words of a page in one language, asked for by key: ``say("draft")``.

    A key that the page does not have is looked up among the shared ones (``shell``).
    """

    def __init__(self, language: str, page: str = "shell") -> None:
        self.language = language
        self._texts = catalogue("shell", language) | catalogue(page, language)

    def __call__(self, key: str, **params: Any) -> str:
        """Return one text, its placeholders filled.

        Raises:
            KeyError: there is no such text.
        """
        text = self._texts[key]
        return text.format(**params) if params else text

    def all(self, prefix: str) -> list[str]:
        """Return every text whose key begins with ``prefix``, shared ones first."""
        return [text for key, text in self._texts.items() if key.startswith(prefix)]
