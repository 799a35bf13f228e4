"""One line of text, one hand, one recipe and (seed, index) -> one picture, proven to show its label.

A pure function: no file but the font is read, no global generator is touched, so a sample is the same in any
process, order or retry. Each station draws from its own streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.camera.augraphy_effects import apply_augraphy
from synth.camera.effects import photograph
from synth.colour import draw_response
from synth.hand.aim import aimed
from synth.hand.alternates import choose_forms
from synth.hand.geometry import place
from synth.hand.raster import DrawnLine, rasterise
from synth.hand.shaping import Undrawable, shape
from synth.ink.writing import apply_ink
from synth.paper.sheet import lay_ink, make_paper
from synth.proof import prove_drawing, prove_picture
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected
from synth.streams import Streams
from synth.surroundings.corrections import Manuscript, correct
from synth.surroundings.cut import cut
from synth.surroundings.stamps import stamp
from synth.surroundings.strokes import surround

Watch = Callable[[str, NDArray[Any]], None]


def render(
    text: TextLine,
    hand: Hand,
    recipe: Recipe,
    seed: int,
    index: int,
    keep_clean: bool = False,
    attempt: int = 0,
    watch: Watch | None = None,
) -> LineSample | Rejected:
    """Write a line.

    Args:
        text: what to write; the label is this, and ``#`` for what is crossed out where the recipe says so.
        hand: who writes.
        recipe: how.
        seed: of the run.
        index: of the sample in the run.
        keep_clean: also return the letters as black ink on white, before ink, paper and camera.
        attempt: another draw of the same sample, after a rejection; 0 is the first.
        watch: is shown the picture after every station, with the station's name; grey levels, uint8 or float.

    Returns:
        The sample, or the reason why there is none: ``uncovered``, ``missing-glyph``, ``no-outline``,
        ``bad-outline``, ``mixed-direction``, ``no-ink``, ``too-wide``, or one of ``synth.proof``.

    Raises:
        DataError: the font file is missing, changed or broken.
    """
    streams = Streams(seed, index, index // recipe.lines_per_page, attempt)
    look = recipe.look_of(seed, index, attempt)
    recipe = recipe.pages[look or 0]
    manuscript = correct(text.text, recipe.surroundings, streams.line("corrections"))
    if not hand.covers(manuscript.written):
        return Rejected("uncovered", "".join(sorted(set(manuscript.written) - hand.characters)))
    try:
        return _written(text, manuscript, hand, recipe, look, streams, keep_clean, watch)
    except Undrawable as problem:
        return Rejected(str(problem))


def _written(
    text: TextLine,
    manuscript: Manuscript,
    hand: Hand,
    recipe: Recipe,
    look: int | None,
    streams: Streams,
    keep_clean: bool,
    watch: Watch | None,
) -> LineSample | Rejected:
    def both(purpose: str) -> tuple[np.random.Generator, np.random.Generator]:
        return streams.kept(purpose), streams.line(purpose)

    def show(name: str, picture: Callable[[], NDArray[Any]]) -> None:
        if watch:  # the picture costs nothing where nobody looks
            watch(name, picture())

    share = recipe.hand.alternates
    forms = choose_forms(manuscript.written, hand, share, *both("alternates")) if share[1] else ()
    moves = aimed(recipe.hand, recipe.aim, hand)
    line = shape(manuscript.written, hand, forms, moves.fine)
    if not any(len(glyph.outline.points) for glyph in line.glyphs):
        return Rejected("no-ink")
    placed = place(line, hand.x_height, moves, recipe.output, *both("hand"), hand.variant)
    if placed.width > recipe.output.max_width:
        return Rejected("too-wide", f"{placed.width} px")
    drawn = rasterise(line, placed)
    if fault := prove_drawing(
        drawn, manuscript.written, line.order, placed.x_height, recipe.proof, recipe.output
    ):
        return fault
    show("letters", lambda: 255 - drawn.coverage)
    foreign = surround(manuscript, line, placed, drawn, recipe.surroundings, *both("surroundings"))
    covered = drawn.coverage if foreign is None else np.maximum(drawn.coverage, foreign)
    show("surroundings", lambda: 255 - covered)
    response = draw_response(recipe.colour, streams.kept("colour"))
    opacity, level, ink = apply_ink(covered, placed, recipe.ink, response, *both("ink"))
    show("ink", lambda: lay_ink(np.full(covered.shape, 255, np.float32), opacity, level))
    sheet, paper = make_paper(covered, placed, recipe.paper, response, *both("paper"))
    sheet, stamped = stamp(sheet, placed, recipe.surroundings, response, *both("stamp"))
    show("paper", lambda: sheet)
    page = lay_ink(sheet, opacity, level)
    show("page", lambda: page)
    image, effects = photograph(page, recipe.camera, *both("camera"))
    image, other_effects = apply_augraphy(image, recipe.augraphy, streams.line("augraphy"))
    show("camera", lambda: image)
    image, filled = cut(image, drawn.coverage, placed, recipe.surroundings, *both("cut"))
    show("cut", lambda: image)
    aside = _aside(drawn.coverage, foreign, stamped, filled)
    if fault := prove_picture(image, drawn, aside, manuscript.written, recipe.proof, manuscript.struck):
        return fault
    show("proof", lambda: image)
    provenance: dict[str, Any] = {
        "seed": streams.seed,
        "index": streams.index,
        "page": streams.page,
        "attempt": streams.attempt,
        "look": look,
        "source": text.source,
        "document": text.document,
        "edits": list(text.edits),
        "font": hand.id,
        "hand": {name: round(value, 4) for name, value in placed.drawn.items()},
        "response": response.name,
        "struck": [_joined(drawn.boxes, stretch).tolist() for stretch in manuscript.struck],
        "ink": ink,
        "paper": paper,
        "effects": effects + other_effects,
    }
    clean = np.subtract(255, drawn.coverage, dtype=np.uint8) if keep_clean else None
    return LineSample(image, manuscript.label, _boxes(manuscript, drawn), provenance, clean)


def _aside(
    coverage: NDArray[np.uint8],
    foreign: NDArray[np.uint8] | None,
    stamped: NDArray[np.bool_] | None,
    filled: NDArray[np.bool_] | None,
) -> NDArray[np.bool_] | None:
    """Pixels that are neither the line's ink nor its paper; ink that lies on a stamp is the line's."""
    own = None if stamped is None else stamped & (coverage == 0)
    planes = [plane for plane in (None if foreign is None else foreign > 0, own, filled) if plane is not None]
    return np.logical_or.reduce(planes) if planes else None


def _boxes(manuscript: Manuscript, drawn: DrawnLine) -> NDArray[np.int32]:
    """The boxes of the label's characters: each holds the characters that show it."""
    if manuscript.written == manuscript.label:
        return drawn.boxes
    boxes = drawn.boxes[[start for start, _ in manuscript.places]]
    for number, (start, stop) in enumerate(manuscript.places):
        if stop - start > 1:
            boxes[number] = _joined(drawn.boxes, (start, stop))
    return boxes


def _joined(boxes: NDArray[np.int32], stretch: tuple[int, int]) -> NDArray[np.int32]:
    """One box around those of a stretch of characters."""
    part = boxes[slice(*stretch)]
    return np.concatenate((part[:, :2].min(0), part[:, 2:].max(0)))
