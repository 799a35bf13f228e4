"""What the reasons for dropping mean, in words, for the report."""

from __future__ import annotations

from types import MappingProxyType

MEANING = MappingProxyType(
    {
        # fonts
        "absurd-scale": "letters fill next to nothing, or more than the line",
        "bitmap-only": "no outlines to draw with",
        "hairline": "strokes too thin to survive scaling",
        "heavy": "strokes too thick for a pen",
        "dingbats": "letters or digits are icons, or those of another script",
        "dotted-or-outlined": "letters are outlines, dots or arrows",
        "duplicate": "the same text stands elsewhere in the corpus",
        "guide-lines": "ruled lines are drawn into every letter",
        "narrow-space": "words touch, and the label has a blank that nobody sees",
        "no-ink": "nothing is drawn",
        "one-picture": "many characters share one picture",
        "unicase": "small letters look like capitals, so the label's case would lie",
        # text
        "foreign": "characters outside the alphabet, beyond repair",
        "empty": "nothing is left after cleaning",
        # rendering
        "boxes-disordered": "characters overlap so far that their order is lost",
        "boxes-outside": "a character's box leaves the picture",
        "clipped-ink": "ink touches the border",
        "ink-share": "too little or too much ink for a line of writing",
        "lost-letter": "a letter has faded into the paper",
        "low-contrast": "ink and paper differ too little",
        "no-hand": "no hand can write every character",
        "too-wide": "the line is wider than the recipe allows",
        "uncovered": "the hand cannot write every character",
        "unreadable": "wear has eaten the strokes",
    }
)


def meaning(reason: str) -> str:
    """The reason in words; empty where its name says it all."""
    return MEANING.get(reason, "")
