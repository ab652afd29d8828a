"""Vale's own test scenarios: which files, which rules, and the alert lines that must come out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from copilot.errors import CopilotError
from copilot.records import Finding, Level
from copilot.rules import RuleSet
from copilot.rules.definition import LEVELS
from copilot.rules.report import line_and_column

_STEPS = (
    (r'I test "(.+)"', "{0}", ""),
    (r'I test scope "(.+)"', "scopes/{0}", ""),
    (r'I apply style "(.+)"', "styles/{0}", ""),
    (r'I use Vocab "(.+)"', "vocab/{0}", ""),
    (r'I test comments for "(.+)"', "comments", "test{0}"),
    (r'I test patterns for "(.+)"', "patterns", "{0}"),
    (r'I lint "(.+)"', "formats", "{0}"),
)
_LINE = re.compile(r"^[^:]+:\d+:\d+:[\w-]+\.[\w-]+:.*$")
_FORMATS: dict[str, Literal["markdown", "text"]] = {".md": "markdown", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: a folder with its configuration, the files named (all when empty), the lines expected."""

    name: str
    folder: Path
    files: tuple[str, ...]
    expected: tuple[str, ...]
    exact: bool = True


@dataclass(slots=True)
class Section:
    """One section of a ``.vale.ini``: styles and single rules for the files of a glob."""

    glob: str
    styles: tuple[str, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Config:
    """What of a ``.vale.ini`` decides which rules run."""

    styles_path: Path
    vocabularies: tuple[str, ...] = ()
    minimum: Level = "warning"
    sections: list[Section] = field(default_factory=list)

    def packs(self) -> list[str]:
        """Return the styles that any section needs."""
        names = [s for section in self.sections for s in section.styles]
        names += [rule.split(".")[0] for section in self.sections for rule in section.rules if "." in rule]
        return list(dict.fromkeys(names))

    def runs(self, file: str, rule: str) -> bool:
        """Tell whether a rule runs on a file."""
        styles: tuple[str, ...] = ()
        switch: dict[str, str] = {}
        for section in self.sections:
            if any(fnmatch(file, glob) for glob in _expand(section.glob)):
                styles = section.styles or styles
                switch.update(section.rules)
        value = switch.get(rule, "YES" if rule.split(".")[0] in styles else "NO")
        return value.upper() != "NO"


def scenarios(package: Path) -> Iterator[Scenario]:
    """Yield the scenarios of a package in either form: a feature file or ``scenarios.json``."""
    index = package / "scenarios.json"
    if index.is_file():
        for entry in json.loads(index.read_text(encoding="utf-8")):
            yield from _from_steps(
                entry["name"], entry["steps"], entry["expected"], package / "testdata/fixtures"
            )
        return
    for feature in sorted(package.glob("features/*.feature")):
        yield from _from_feature(feature.read_text(encoding="utf-8"), package / "fixtures")


def _from_feature(text: str, fixtures: Path) -> Iterator[Scenario]:
    name, step, expected = "", "", []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("Scenario:"):
            if step:
                yield from _from_steps(name, [step], expected, fixtures)
            name, step, expected = line[9:].strip(), "", []
        elif line.startswith("When "):
            step = line
        elif _LINE.match(line):
            expected.append(line)
    if step:
        yield from _from_steps(name, [step], expected, fixtures)


def _from_steps(name: str, steps: list[str], expected: list[str], fixtures: Path) -> Iterator[Scenario]:
    for step in steps:
        for pattern, folder, files in _STEPS:
            match = re.fullmatch(rf"When {pattern}", step)
            if match is None:
                continue
            place = fixtures / folder.format(match[1])
            named = tuple(f for f in files.format(match[1]).split() if f)
            lines = tuple(line for line in expected if _LINE.match(line))
            if ".." not in place.parts and place.is_dir():
                exact = "Then the output should contain:" not in steps
                yield Scenario(name, place, named, lines, exact)


def read_config(folder: Path) -> Config | None:
    """Read the nearest ``.vale.ini`` or ``_vale`` of a folder."""
    for place in (folder, *folder.parents):
        for name in (".vale.ini", "_vale", ".vale"):
            if (place / name).is_file():
                return _parse(place / name)
    return None


def _parse(path: Path) -> Config:
    config = Config(path.parent)
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            config.sections.append(Section(line[1:-1]))
        elif "=" in line and not line.startswith(("#", ";")):
            key, _, value = (part.strip() for part in line.partition("="))
            _set(config, key, value)
    return config


def _set(config: Config, key: str, value: str) -> None:
    items = tuple(item.strip() for item in value.split(",") if item.strip())
    if key == "StylesPath":
        config.styles_path = (config.styles_path / value).resolve()
    elif key == "Vocab":
        config.vocabularies = items
    elif key == "MinAlertLevel":
        config.minimum = next(level for level in LEVELS if level == value)
    elif config.sections and key == "BasedOnStyles":
        config.sections[-1].styles = items
    elif config.sections:
        config.sections[-1].rules[key] = value


def _expand(glob: str) -> list[str]:
    match = re.fullmatch(r"(.*)\{([^}]*)\}(.*)", glob)
    return [f"{match[1]}{part}{match[3]}" for part in match[2].split(",")] if match else [glob]


@dataclass(slots=True)
class Outcome:
    """The lines of a scenario, ours and theirs, and what it took to find ours."""

    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    characters: int = 0
    seconds: float = 0.0


def run(scenario: Scenario) -> Outcome:
    """Run a scenario on its Markdown and plain-text files.

    Lines of rules that we decline to run (scripts, parts of speech) stay among the expected ones.
    Scenarios whose configuration is not in the folder are left out.
    """
    outcome = Outcome()
    config = read_config(scenario.folder)
    names = scenario.files or tuple(
        sorted(p.relative_to(scenario.folder).as_posix() for p in scenario.folder.rglob("*") if p.is_file())
    )
    names = tuple(n for n in names if Path(n).suffix in _FORMATS and (scenario.folder / n).is_file())
    if config is None or not names:
        return outcome
    outcome.expected = [line for line in scenario.expected if line.split(":")[0] in names]
    rules = _load(config)
    for name in names:
        text = (scenario.folder / name).read_bytes().decode("utf-8")
        begin = time.perf_counter()
        findings = rules.check(text, language="en", format=_FORMATS[Path(name).suffix])
        outcome.seconds += time.perf_counter() - begin
        outcome.characters += len(text)
        outcome.found += [_line(name, text, f) for f in findings if _wanted(config, name, f)]
    return outcome


def _wanted(config: Config, name: str, finding: Finding) -> bool:
    loud = LEVELS.index(finding.level) >= LEVELS.index(config.minimum)
    return loud and config.runs(name, finding.rule)


def _line(name: str, text: str, finding: Finding) -> str:
    line, column = line_and_column(text, finding.span.start)
    return f"{name}:{line}:{column}:{finding.rule}:{finding.message.en}"


def _load(config: Config) -> RuleSet:
    packs = config.packs()
    while True:
        try:
            return RuleSet.load(packs, folders=[config.styles_path], vocabularies=config.vocabularies)
        except CopilotError as error:
            broken = error.params.get("name") if not error.where else error.where.split(":")[0]
            print(f"  not loaded: {error}")
            packs = [p for p in packs if p != broken and f"/{p}/" not in str(broken)]
