"""The rules of one language: its phrases, its capitals, its broken words.

A language is a YAML file in ``presets/rules``: templates by rule over lists of words, see
:mod:`corpora.rules.templates`. Which line gets which rule is decided in :mod:`corpora.sampler`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import field_validator

from common.errors import UsageError, nearest
from common.seeds import Draws
from common.settings import Settings, load
from corpora.alphabet import Alphabet
from corpora.rules.templates import FIELD, Grammar, Writer

PRESETS = Path(__file__).parent.parent / "presets" / "rules"
PHRASES = ("numbers", "dates", "amounts", "names", "addresses", "abbreviations", "lists")
SHORTEST = 2  # letters of a broken word on either side


class LanguagePreset(Settings):
    """A language as it is shipped.

    Attributes:
        description: the language in words.
        hyphenation: name of the pyphen dictionary; None where words are not broken.
        marks: what stands at a broken word; repeat one to have it more often.
        capitals: ways to write capitals: what is replaced before everything becomes a capital.
        rules: templates by rule.
        words: templates by name, for the templates.
    """

    description: str
    hyphenation: str | None = None
    marks: tuple[str, ...] = ("-",)
    capitals: tuple[dict[str, str], ...] = ({},)
    rules: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]

    @field_validator("rules")
    @classmethod
    def _known(cls, rules: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := sorted(set(rules).difference(PHRASES)):
            raise ValueError(f"there is no rule {unknown[0]}; there are {', '.join(PHRASES)}")
        return rules


class LanguageRules:
    """What one language writes by rule with the characters of one alphabet.

    Args:
        name: a shipped language, or a YAML file.
        alphabet: the characters that may be written, and their Unicode form.

    Raises:
        UsageError: no such language, or a faulty file.
        DataError: a faulty template.
    """

    def __init__(self, name: str, alphabet: Alphabet) -> None:
        self.preset = load_language(name)
        self._known = known = frozenset(alphabet.characters)
        self._form = alphabet.form
        grammar = Grammar({name: self._formed(words) for name, words in self.preset.words.items()}, known)
        self._writers: dict[str, Sequence[Writer]] = {
            rule: grammar.writers(self._formed(templates)) for rule, templates in self.preset.rules.items()
        }
        marks = self.preset.marks if self.preset.hyphenation else ()
        self.marks = [mark for mark in marks if known.issuperset(mark)]
        self._capitals = [str.maketrans(table) for table in self.preset.capitals]

    def phrase(self, rule: str, rng: Draws) -> str:
        """A phrase of one of ``PHRASES``; empty where the alphabet cannot write the one that was drawn."""
        writers = self._writers.get(rule)
        phrase = rng.choice(writers)(rng) if writers else ""
        return phrase if self._known.issuperset(phrase) else ""

    def capitals(self, text: str, rng: Draws) -> str:
        """A text in capitals, as the language writes them; it may be longer than it was."""
        composed = unicodedata.normalize("NFC", text).translate(rng.choice(self._capitals))
        return unicodedata.normalize(self._form, composed.upper())

    def breaks(self, word: str) -> Sequence[int]:
        """Where a word of letters may be broken: characters before the break, at least two on either side.

        Breaks that change the spelling are left out.
        """
        if self._dictionary is None or len(word) < 2 * SHORTEST:
            return ()
        most = len(word) - SHORTEST
        return [int(k) for k in self._dictionary.positions(word) if SHORTEST <= k <= most and k.data is None]

    @property
    def script(self) -> str:
        """The script of its words, such as LATIN."""
        words = (word for words in self.preset.words.values() for word in words)
        return main_script(Counter("".join(FIELD.sub("", word) for word in words)))

    def _formed(self, texts: Sequence[str]) -> list[str]:
        return [unicodedata.normalize(self._form, text) for text in texts]

    @cached_property
    def _dictionary(self) -> Any:
        if self.preset.hyphenation is None:
            return None
        import pyphen

        return pyphen.Pyphen(lang=self.preset.hyphenation)


def main_script(counts: Mapping[str, int]) -> str:
    """The script most letters belong to, as Unicode names it, such as CYRILLIC; empty without letters."""
    scripts: Counter[str] = Counter()
    for character, count in counts.items():
        if character.isalpha():
            scripts[unicodedata.name(character, "UNNAMED").split()[0]] += count
    return max(scripts, key=scripts.__getitem__, default="")


def load_language(name: str) -> LanguagePreset:
    """A shipped language by name, or a YAML file.

    Raises:
        UsageError: no such language, or a faulty file.
    """
    known = [path.stem for path in PRESETS.glob("*.yaml")]
    if name not in known and not name.endswith((".yaml", ".yml")):
        remedy = (
            "write a YAML file like those of corpora/presets/rules, or take one of these with --rule none"
        )
        raise UsageError(f"There are no rules of the language '{name}'", nearest(name, known), remedy)
    return load(LanguagePreset, name, PRESETS)
