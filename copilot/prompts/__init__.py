"""Prompts are files: text that somebody may reword without a developer.

A prompt is ``NAME.md``: front matter, then ``# System`` and ``# User`` sections, each of which may have a
variant for a language (``# System (fr)``). ``{{name}}`` stands for an input, ``{{> name}}`` for the text of
``partials/name.md``. Nothing in a template executes, and a value is never read as a template.
"""

from copilot.prompts.files import Input, Prompt, Section, diff, load, names, parse
from copilot.prompts.render import Piece, pieces, render

__all__ = ["Input", "Piece", "Prompt", "Section", "diff", "load", "names", "parse", "pieces", "render"]
