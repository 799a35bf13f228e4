"""Whether a measured face may write, and if not, why: pure rules over :class:`fonts.measure.Measures`.

What no number shows (a typeface that is no handwriting) stands in ``refusals.yaml``, each with its reason.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

OK = "ok"


def verdict(face: Mapping[str, Any]) -> str:
    """``ok``, or the first rule that the face breaks, such as ``guide-lines``.

    Args:
        face: the fields of :class:`fonts.measure.Measures`.
    """
    if reason := _refusals().get(_plain(face["family"])):
        return f"refused: {reason}"
    return next((name for name, broken in _rules(face).items() if broken), OK)


def _rules(face: Mapping[str, Any]) -> dict[str, bool]:
    """Rule -> whether it is broken; ruled lines come before letter shapes, which they spoil."""
    letters = face["letters"]
    return {
        "bitmap-only": not face["scalable"],
        "colour": face["colour"],
        "no-ink": not face["characters"].strip(),
        "guide-lines": face["line_fill"] > 0.97,
        "absurd-scale": not 0.08 <= face["x_height"] <= 1.2,
        "dotted-or-outlined": face["contours"] > 3.3,
        "one-picture": letters >= 10 and face["pictures"] < 0.75 * letters,
        "unicase": (letters >= 20 and face["twins"] > 0.7 * letters)
        or 0 < face["ascender_x"] < 1.08
        or (0 < face["ascender_x"] < 1.15 and face["descent_x"] < 0.15),
        "narrow-space": 0 < face["space"] < 0.32,  # words touch, and the label has a blank that nobody sees
        "hairline": letters > 0 and face["stroke_x"] < 0.045,
        "heavy": face["stroke_x"] > 0.32,
    }


@functools.cache
def _refusals() -> dict[str, str]:
    listed = yaml.safe_load((Path(__file__).parent / "refusals.yaml").read_text(encoding="utf-8"))
    return {_plain(family): reason for reason, families in listed.items() for family in families}


def _plain(family: str) -> str:
    """The name without case and blanks, which differ between releases of a family."""
    return "".join(filter(str.isalnum, family.casefold()))
