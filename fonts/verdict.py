"""Whether a measured face may write, and if not, why: pure rules over :class:`fonts.measure.Measures`.

A defect keeps a face from writing; a note is recorded and keeps it from nothing. What no number shows (a
typeface that is no handwriting) stands in ``refusals.yaml``, each with its reason.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from fonts.family import plain

OK = "ok"
BASIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"()-&"
HAIRLINE, HEAVY = 0.053, 0.32  # x-heights: nobody holds a finer or a broader pen
TYPOGRAPHIC = "‘’“”‚„‹›«»–—…€£§°"  # what books and letters in Latin script need besides


def verdict(face: Mapping[str, Any]) -> str:
    """``ok``, or the first rule that the face breaks, such as ``guide-lines``.

    Args:
        face: the fields of :class:`fonts.measure.Measures`.
    """
    return next(iter(defects(face)), OK)


def defects(face: Mapping[str, Any]) -> tuple[str, ...]:
    """Every rule that a face breaks, the gravest first; of a face that spoils the others' measures only that.

    Args:
        face: the fields of :class:`fonts.measure.Measures`.
    """
    reason = _refusals().get(plain(face["family"]))
    refused = (f"refused: {reason}",) if reason else ()
    if spoiled := next((name for name, broken in _spoilers(face).items() if broken), None):
        return (*refused, spoiled)
    return (*refused, *(name for name, broken in _rules(face).items() if broken))


def notes(face: Mapping[str, Any]) -> tuple[str, ...]:
    """What a user may want to know of a face and what keeps it from nothing, such as ``full-width``.

    Args:
        face: the fields of :class:`fonts.measure.Measures`.
    """
    drawn = frozenset(face["characters"])
    told = {
        "missing-basic": not drawn.issuperset(BASIC),
        "missing-typographic": not drawn.issuperset(TYPOGRAPHIC),
        "undrawn": bool(face["undrawn"]),
        "full-width": bool(face["wide"]),
        "ink-outside-metrics": face["overflow"] > 0.05,
        "rough-outlines": face["points"] > 400,  # slow: a plain letter has 30 to 80
    }
    return tuple(name for name, holds in told.items() if holds)


def missing(face: Mapping[str, Any], wanted: str = BASIC + TYPOGRAPHIC) -> str:
    """The characters of ``wanted`` that a face does not draw, in that order."""
    drawn = frozenset(face["characters"])
    return "".join(c for c in wanted if c not in drawn)


def _spoilers(face: Mapping[str, Any]) -> dict[str, bool]:
    """Rules whose breach makes the measures of letters meaningless."""
    return {
        "bitmap-only": not face["scalable"],
        "colour": face["colour"],
        "no-ink": not face["characters"].strip(),
        "guide-lines": face["line_fill"] > 0.97 or face["blank_inked"],
    }


def _rules(face: Mapping[str, Any]) -> dict[str, bool]:
    letters = face["letters"]
    return {
        "absurd-scale": not 0.08 <= face["x_height"] <= 1.2,
        "dotted-or-outlined": face["pieces"] > 2 or face["digit_pieces"] > 2.5 or face["holes"] > 0.85,
        "one-picture": letters >= 10 and face["pictures"] < 0.75 * letters,
        "dingbats": face["legible"] < 0.2 or face["digits_legible"] < 0.15,
        "unicase": (letters >= 20 and (face["twins"] > 0.7 * letters or face["capitals"] > 0.45))
        or 0 < face["ascender_x"] < 1.08
        or (0 < face["ascender_x"] < 1.15 and face["descent_x"] < 0.15),
        "narrow-space": face["word_gap"] < 0.3,  # words touch, and the label has a blank that nobody sees
        "hairline": letters > 0 and face["stroke_x"] < HAIRLINE,
        "heavy": face["stroke_x"] > HEAVY,
    }


@functools.cache
def _refusals() -> dict[str, str]:
    listed = yaml.safe_load((Path(__file__).parent / "refusals.yaml").read_text(encoding="utf-8"))
    return {plain(family): reason for reason, families in listed.items() for family in families}
