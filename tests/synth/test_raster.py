"""The rasteriser: exact areas, and the same picture and boxes as drawing letter by letter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from common.seeds import stream
from synth.hand.geometry import place
from synth.hand.raster import INK, draw_outlines, rasterise
from synth.hand.shaping import Outline, shape
from tests.synth.hands import MOVED, make_hand


def polygon(*points: tuple[float, float]) -> tuple[Outline, np.ndarray]:
    """An outline of straight edges; only its kinds of points and its end are of use."""
    size = len(points)
    ends, tags = np.array([size - 1], np.int16), np.ones(size, np.uint8)
    return Outline(np.zeros((size, 2)), tags, ends), np.array(points)


def test_coverage_is_the_area() -> None:
    outline, points = polygon((2.25, 3.5), (6.5, 3.5), (6.5, 5.0), (2.25, 5.0))
    expected = np.zeros((8, 10))
    expected[3:5, 2:7] = np.outer((0.5, 1), (0.75, 1, 1, 1, 0.5))
    assert np.abs(draw_outlines([outline], points, (8, 10)) - 255 * expected).max() <= 1


def test_what_lies_beyond_the_borders_is_lost_and_nothing_else() -> None:
    rng = np.random.default_rng(3)
    shapes = [polygon(*(rng.uniform(-20, 60, 2) + rng.uniform(-15, 15, (5, 2)))) for _ in range(12)]
    outlines, points = [outline for outline, _ in shapes], np.concatenate([points for _, points in shapes])
    whole = draw_outlines(outlines, points + 64, (64 + 37 + 64, 64 + 41 + 64))
    assert np.array_equal(draw_outlines(outlines, points, (37, 41)), whole[64 : 64 + 37, 64 : 64 + 41])


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("text", ["The jugs, quickly", "fjfjfj", 'a "b" c'])
def test_a_line_is_the_union_of_its_letters_drawn_one_by_one(tmp_path: Path, text: str, index: int) -> None:
    hand = make_hand(tmp_path / "h.ttf")
    line = shape(text, hand)
    placed = place(
        line, hand.x_height, MOVED.hand, MOVED.output, stream(0, index, "a"), stream(0, index, "b")
    )
    drawn = rasterise(line, placed)
    united, start = np.zeros_like(drawn.coverage), 0
    for glyph in line.glyphs:
        size = len(glyph.outline.points)
        if not size:
            continue
        alone = draw_outlines([glyph.outline], placed.points[start : start + size], united.shape)
        rows, columns = np.nonzero(alone >= INK)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert drawn.boxes[line.clusters[glyph.cluster].start].tolist() == box
        united, start = np.maximum(united, alone), start + size
    assert np.array_equal(drawn.coverage, united)
