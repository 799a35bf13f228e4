"""One line of text, one hand, one recipe and (seed, index) -> one picture, proven to show its label.

A pure function: no file but the font is read, no global generator is touched, so a sample is the same in any
process, order or retry. Each station draws from its own stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.augraphy_effects import apply_augraphy
from synth.degrade import degrade
from synth.geometry import place
from synth.ink import apply_ink
from synth.paper import lay_ink, make_paper
from synth.proof import prove_drawing, prove_picture
from synth.raster import rasterise
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected
from synth.shaping import Undrawable, shape


def render(
    text: TextLine,
    hand: Hand,
    recipe: Recipe,
    seed: int,
    index: int,
    keep_clean: bool = False,
    attempt: int = 0,
) -> LineSample | Rejected:
    """Write a line.

    Args:
        text: what to write; the label is exactly this.
        hand: who writes.
        recipe: how.
        seed: of the run.
        index: of the sample in the run.
        keep_clean: also return the strokes as black ink on white, before ink, paper and degradations.
        attempt: another draw of the same sample, after a rejection; 0 is the first.

    Returns:
        The sample, or the reason why there is none: ``uncovered``, ``missing-glyph``, ``no-outline``,
        ``bad-outline``, ``mixed-direction``, ``no-ink``, ``too-wide``, or one of ``synth.proof``.

    Raises:
        DataError: the font file is missing, changed or broken.
    """
    if not hand.covers(text.text):
        return Rejected("uncovered", "".join(sorted(set(text.text) - hand.characters)))
    try:
        made = _written(text, hand, recipe, partial(_stream, seed, index, attempt), keep_clean)
    except Undrawable as problem:
        return Rejected(str(problem))
    if isinstance(made, Rejected):
        return made
    return replace(made, provenance={"seed": seed, "index": index, "attempt": attempt, **made.provenance})


def _stream(seed: int, index: int, attempt: int, purpose: str) -> np.random.Generator:
    return stream(seed, index, f"{purpose}/{attempt}" if attempt else purpose)


def _written(
    text: TextLine,
    hand: Hand,
    recipe: Recipe,
    draws: Callable[[str], np.random.Generator],
    keep_clean: bool,
) -> LineSample | Rejected:
    line = shape(text.text, hand)
    if not any(len(glyph.outline.points) for glyph in line.glyphs):
        return Rejected("no-ink")
    placed = place(line, hand.x_height, recipe.hand, recipe.output, draws("hand"), hand.variant)
    if placed.width > recipe.output.max_width:
        return Rejected("too-wide", f"{placed.width} px")
    drawn = rasterise(line, placed)
    if fault := prove_drawing(drawn, text.text, line.rtl, placed.x_height, recipe.proof, recipe.output):
        return fault
    opacity, level, ink = apply_ink(drawn.coverage, recipe.ink, draws("ink"))
    sheet, paper = make_paper(opacity.shape, placed.baseline, recipe.paper, draws("paper"))
    image, effects = degrade(lay_ink(sheet, opacity, level), recipe.degrade, draws("degrade"))
    image, foreign = apply_augraphy(image, recipe.augraphy, draws("augraphy"))
    if fault := prove_picture(image, drawn, text.text, recipe.proof):
        return fault
    provenance: dict[str, Any] = {
        "source": text.source,
        "document": text.document,
        "edits": list(text.edits),
        "font": hand.id,
        "hand": {name: round(value, 4) for name, value in placed.drawn.items()},
        "ink": ink,
        "paper": paper,
        "effects": effects + foreign,
    }
    clean = np.subtract(255, drawn.coverage, dtype=np.uint8) if keep_clean else None
    return LineSample(image, text.text, drawn.boxes, provenance, clean)
