"""Packs into rules that are ready to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.messages import localized
from copilot.records import Notice
from copilot.rules.brandpack import brand_pack
from copilot.rules.definition import Definition
from copilot.rules.factory import build
from copilot.rules.findings import Loaded
from copilot.rules.pack import RuleNotes, builtin_folder, load_pack
from copilot.rules.spelling import Spelling
from copilot.rules.vocabulary import Vocabulary, brand_words, read_vocabulary

if TYPE_CHECKING:
    from copilot.brand import Brand


_OURS = builtin_folder().as_posix()


@dataclass(slots=True)
class Loader:
    """Loads packs with what they share: folders, the brand, the vocabulary. Collects notices."""

    folders: Sequence[Path]
    brand: Brand | None
    vocabulary: Vocabulary
    notices: list[Notice] = field(default_factory=list)

    def load(self, name: str) -> Iterator[Loaded]:
        """Yield the rules of a pack, every pattern compiled."""
        pack = load_pack(name, self.folders)
        if name == "marque" and self.brand is not None:
            pack = brand_pack(self.brand, pack)
        if name == "Vale":
            pack = replace(pack, definitions=(*pack.definitions, *self.vocabulary.rules()))
        for definition in pack.definitions:
            notes = pack.notes.get(definition.name.partition(".")[2], RuleNotes())
            loaded = self.prepare(definition, notes, pack.name)
            if loaded is not None:
                yield loaded

    def prepare(self, definition: Definition, notes: RuleNotes, pack: str) -> Loaded | None:
        """Return a rule ready to run, or None with a notice for a kind that is not run."""
        names = brand_words(self.brand)
        rule = build(definition, self.vocabulary.accepted, self.folders, notes.spare_names, names)
        if rule is None:
            key = "rules.script_skipped" if definition.kind == "script" else "rules.sequence_skipped"
            self.notices.append(Notice("rule_skipped", localized(key, rule=definition.name), "warning"))
            return None
        if not definition.file.yaml.path.startswith(_OURS):
            # Ours are compiled when first needed; a test compiles them all.
            rule.compile()
        if isinstance(rule, Spelling) and rule.dictionary is None:
            self.notices.append(_no_dictionary(rule.language))
        return Loaded(rule, notes, pack)


def loader(folders: Sequence[Path], brand: Brand | None, vocabularies: Sequence[str] | None) -> Loader:
    """Return a loader for these folders."""
    return Loader(folders, brand, read_vocabulary(folders, vocabularies))


def _no_dictionary(language: str) -> Notice:
    how = localized("rules.get_dictionary_fr" if language == "fr" else "rules.get_dictionary")
    return Notice("no_dictionary", localized("rules.no_dictionary", language=language, how=how))
