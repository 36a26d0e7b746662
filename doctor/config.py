"""Rules that are switched off, and thresholds that are set, in `doctor.cfg` or `setup.cfg`.

    [doctor]
    disable = class-imbalance, too-few-steps

    [doctor:dead-relu]
    max_dead = 0.7
"""

from __future__ import annotations

import configparser
import dataclasses
import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Sequence

from doctor.errors import ConfigError
from doctor.rules.base import Rule

#: Looked for in the current folder, the first that has a section of doctor's.
FILES = ("doctor.cfg", "setup.cfg")


@dataclass(frozen=True)
class Config:
    """What a project asks of doctor.

    Attributes:
        file: where it stands, "" for the defaults.
        disabled: ids of rules that are not run.
        thresholds: rule -> field -> value.
    """

    file: str = ""
    disabled: frozenset[str] = frozenset()
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def apply(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """The rules with their thresholds set, without those that are switched off."""
        kept = []
        for rule in rules:
            if rule.id not in self.disabled:
                changes = self.thresholds.get(rule.id)
                kept.append(dataclasses.replace(rule, **changes) if changes else rule)
        return tuple(kept)


def load(folder: Path, rules: Sequence[Rule]) -> Config:
    """The configuration in a folder; the defaults where there is none.

    Args:
        folder: where `doctor.cfg` and `setup.cfg` are looked for.
        rules: all rules.

    Raises:
        ConfigError: the file cannot be read, or names a rule or threshold that does not exist, or a value
            that is no number.
    """
    for name in FILES:
        path = folder / name
        if not path.is_file():
            continue
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(path.read_text(encoding="utf-8"), source=name)
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            why = str(error).splitlines()[0]
            raise ConfigError(f"The configuration {name!r} cannot be read: {why}; mend it.", slug="config") from None
        sections = [section for section in parser.sections() if section == "doctor" or section.startswith("doctor:")]
        if sections:
            return _config(name, parser, sections, rules)
    return Config()


def _config(name: str, parser: configparser.ConfigParser, sections: list[str], rules: Sequence[Rule]) -> Config:
    by_id = {rule.id: rule for rule in rules}
    disabled: set[str] = set()
    thresholds: dict[str, dict[str, float]] = {}
    for section in sections:
        if section == "doctor":
            for key, text in parser[section].items():
                if key != "disable":
                    raise _unknown(name, section, "option", key, ["disable"])
                for rule in filter(None, text.replace(",", " ").split()):
                    if rule not in by_id:
                        raise _unknown(name, section, "rule", rule, list(by_id))
                    disabled.add(rule)
            continue
        identity = section.removeprefix("doctor:").strip()
        if identity not in by_id:
            raise _unknown(name, section, "rule", identity, list(by_id))
        fields = {one.name: one for one in dataclasses.fields(by_id[identity])}
        for key, text in parser[section].items():
            if key not in fields:
                raise _unknown(name, section, "threshold", key, list(fields))
            whole = isinstance(fields[key].default, int)
            try:
                thresholds.setdefault(identity, {})[key] = int(text) if whole else float(text)
            except ValueError:
                kind = "a whole number" if whole else "a number"
                raise ConfigError(
                    f"In {name!r}, section [{section}], {key} = {text!r} is not {kind}; give one "
                    f"(its default is {fields[key].default}).",
                    slug="config",
                ) from None
    return Config(name, frozenset(disabled), thresholds)


def _unknown(name: str, section: str, kind: str, given: str, known: list[str]) -> ConfigError:
    near = nearest(given, known)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(sorted(known)) or 'none'}."
    return ConfigError(f"In {name!r}, section [{section}], there is no {kind} {given!r}; {hint}", slug="config")


def nearest(given: str, known: list[str]) -> list[str]:
    """What a name may have been meant for: up to three known ones, none much less alike than the first."""
    near = difflib.get_close_matches(given, known, n=3, cutoff=0.5)
    alike = [difflib.SequenceMatcher(None, given, one).ratio() for one in near]
    return [one for one, ratio in zip(near, alike) if ratio > alike[0] - 0.2]
