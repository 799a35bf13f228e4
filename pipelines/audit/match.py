"""How much the ink in a box looks like each of a font's characters.

Box and glyph are brought to one size, blurred and correlated: once where no other box lies, because letters
reach into their neighbours' boxes, and once whole, because little may be left. Size, proportions and height
over the baseline count too, by what the rest of the line says of its scale and slant. So slant, stretch,
pen and a writer's own forms do not matter much, and another character does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.audit.glyphs import FontGlyphs, Glyph

SIDE = 24  # pixels of a piece that was brought to one size, with
EDGE = 2  # pixels of paper around it, so that a bar is not an even piece
BLUR = 1.5  # pixels
SHEARS = np.linspace(-0.6, 0.6, 9)
SHARED = 0.1  # weight of ink that lies in another box as well
SIZE, PLACE = 0.12, 0.12  # what one e-fold of size, one height of a letter, counts against likeness
NEAR = 7  # characters on both sides that tell where the baseline runs
FAINT = 32  # ink below it does not count for a glyph's size

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Search:
    """Ways in which a character may stand otherwise than its line.

    Attributes:
        leans: shears against the line's.
        grows: pixels by which a box grows left, top, right and bottom, for hairlines too faint to be boxed.
    """

    leans: tuple[float, ...]
    grows: tuple[tuple[int, int, int, int], ...]


QUICK = Search((-0.1, 0.0, 0.1), ((0, 0, 0, 0),))
WIDE = Search(
    (-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4),
    ((0, 0, 0, 0), (2, 0, 0, 0), (0, 0, 2, 0), (2, 0, 2, 0), (1, 1, 1, 1), (0, 2, 0, 0), (0, 0, 0, 2)),
)


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of some characters.

    Attributes:
        owners: (t,) position of each form's character; ascending.
        glyphs: (t,) of them.
    """

    owners: NDArray[np.intp]
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What the line says of itself.

    Attributes:
        ink: (height, width), 255 = ink.
        shared: number of boxes over every pixel.
        boxes: (n, 4) of the characters that are judged.
        shear: pixels to the right per pixel upwards, against the font.
        scale: pixels across and up, for a pixel of the glyphs.
        base: (n,) height of the baseline under every box.
    """

    ink: NDArray[np.uint8]
    shared: NDArray[np.uint8]
    boxes: NDArray[np.int32]
    shear: float
    scale: tuple[float, float]
    base: Array

    @property
    def own(self) -> Array:
        """(n,) share of every box that no other box covers."""
        return np.array([(self.shared[_window(box)] <= 1).mean() for box in self.boxes])


@dataclass(frozen=True, slots=True)
class _Bank:
    pieces: Array  # (t, SIDE * SIDE)
    widths: Array  # (t,) as are the others; pixels
    heights: Array
    bottoms: Array


def forms_of(font: FontGlyphs, characters: str) -> Forms:
    """The forms of the characters that the font maps."""
    found = [(k, glyph) for k, character in enumerate(characters) for glyph in font.forms(character)]
    return Forms(np.array([k for k, _ in found], np.intp), tuple(glyph for _, glyph in found))


def measure_line(
    clean: NDArray[np.uint8], boxes: NDArray[np.int32], chosen: list[int], labels: list[int], forms: Forms
) -> Line:
    """Slant, scale and baseline of a line, by what its characters are said to be.

    Args:
        clean: (height, width); black letters on white.
        boxes: of all characters of the line.
        chosen: numbers of the n boxes that are judged.
        labels: for each of them its character, as a position in ``forms``.
        forms: of all characters.
    """
    ink = 255 - clean
    shared = np.zeros(ink.shape, np.uint8)
    for box in np.unique(boxes, axis=0):
        shared[_window(box)] += 1
    judged = boxes[chosen]
    pieces, weights = _cut(ink, shared, judged)
    mine = forms.owners == np.array(labels)[:, None]
    needed = mine.any(0)
    glyphs = [glyph for glyph, wanted in zip(forms.glyphs, needed, strict=True) if wanted]
    banks = [_bank(glyphs, float(shear)) for shear in SHEARS]
    fits = [np.where(mine[:, needed], _correlations(pieces, weights, bank.pieces), -2) for bank in banks]
    best = int(np.argmax([fit.max(1).mean() for fit in fits]))
    bank, form = banks[best], fits[best].argmax(1)
    scale_x, scale_y = (
        float(np.median((judged[:, side + 2] - judged[:, side] + 1.0) / (sizes[form] + 1)))
        for side, sizes in enumerate((bank.widths, bank.heights))
    )
    base = _running_median(judged[:, 3] - scale_y * bank.bottoms[form])
    return Line(ink, shared, judged, float(SHEARS[best]), (scale_x, scale_y), base)


def likenesses(line: Line, chosen: list[int], forms: Forms, search: Search) -> Array:
    """(2, n, characters): how much the ink in the chosen boxes looks like every character; 1 is the same.

    Seen where no other box lies, and seen whole.
    """
    boxes = line.boxes[chosen]
    cuts = [_cut(line.ink, line.shared, _grown(boxes, grow, line.ink.shape)) for grow in search.grows]
    banks = [_bank(forms.glyphs, line.shear + lean) for lean in search.leans]
    views = [
        np.max([_correlations(cut, weight(own), bank.pieces) for cut, own in cuts for bank in banks], axis=0)
        for weight in (lambda own: own, np.ones_like)
    ]
    bank = banks[len(banks) // 2]
    across = (boxes[:, 2] - boxes[:, 0] + 1.0)[:, None] / (bank.widths + 1) / line.scale[0]
    up = (boxes[:, 3] - boxes[:, 1] + 1.0)[:, None] / (bank.heights + 1) / line.scale[1]
    place = np.abs((boxes[:, 3] - line.base[chosen])[:, None] / line.scale[1] - bank.bottoms)
    unlike = _unlike(across, up, place / np.median(bank.heights))
    return np.stack([_best(form - unlike, forms.owners) for form in views])


def alikes(forms: Forms, shear: float) -> Array:
    """(characters, characters): how much the usual form of one looks like any form of another."""
    bank = _bank(forms.glyphs, shear)
    have, usual = np.unique(forms.owners, return_index=True)
    pieces = bank.pieces[usual]
    across, up = ((sizes[usual][:, None] + 1) / (sizes + 1) for sizes in (bank.widths, bank.heights))
    place = np.abs(bank.bottoms[usual][:, None] - bank.bottoms) / np.median(bank.heights)
    form = _correlations(pieces, np.ones_like(pieces), bank.pieces) - _unlike(across, up, place)
    alike = np.full((have[-1] + 1, have[-1] + 1), -1.0)
    alike[have] = _best(form, forms.owners)
    return alike


def _window(box: NDArray[np.int32]) -> tuple[slice, slice]:
    return slice(int(box[1]), int(box[3])), slice(int(box[0]), int(box[2]))


def _grown(
    boxes: NDArray[np.int32], grow: tuple[int, int, int, int], shape: tuple[int, ...]
) -> NDArray[np.int32]:
    grown = boxes + np.multiply(grow, (-1, -1, 1, 1))
    return np.asarray(np.clip(grown, 0, [*shape[::-1]] * 2), np.int32)


def _cut(ink: NDArray[np.uint8], shared: NDArray[np.uint8], boxes: NDArray[np.int32]) -> tuple[Array, Array]:
    """The pieces in boxes, and their weights: little on what other boxes cover too."""
    import cv2

    inner = (SIDE - 2 * EDGE, SIDE - 2 * EDGE)
    windows = [_window(box) for box in boxes]
    alone = [(shared[window] <= 1).astype(np.float32) for window in windows]
    own = [np.pad(cv2.resize(plane, inner, interpolation=cv2.INTER_AREA), EDGE, "edge") for plane in alone]
    weights = SHARED + (1 - SHARED) * np.stack(own).reshape(len(boxes), -1)
    return _pieces([ink[window] for window in windows]), weights


def _bank(glyphs: tuple[Glyph, ...] | list[Glyph], shear: float) -> _Bank:
    inks = [_sheared(glyph.ink, shear) for glyph in glyphs]
    return _Bank(
        _pieces(inks),
        np.array([ink.shape[1] for ink in inks], float),
        np.array([ink.shape[0] for ink in inks], float),
        np.array([glyph.bottom for glyph in glyphs], float),
    )


def _pieces(inks: list[NDArray[np.uint8]]) -> Array:
    """Pieces of ink brought to one size and blurred: (n, SIDE * SIDE)."""
    import cv2

    inner = (SIDE - 2 * EDGE, SIDE - 2 * EDGE)
    small = np.stack([cv2.resize(ink, inner, interpolation=cv2.INTER_AREA) for ink in inks])
    small = np.pad(small.astype(np.float32), ((0, 0), (EDGE, EDGE), (EDGE, EDGE)))
    distance = np.arange(SIDE)[:, None] - np.arange(SIDE)
    blur = np.exp(-(distance**2) / (2 * BLUR**2)).astype(np.float32)
    return np.asarray((blur @ small @ blur.T).reshape(len(inks), -1) / 255)


def _sheared(ink: NDArray[np.uint8], shear: float) -> NDArray[np.uint8]:
    """A glyph that leans, cut to its ink."""
    import cv2

    height, width = ink.shape
    lean = shear * (height - 1)
    matrix = np.array([[1.0, -shear, max(lean, 0.0)], [0.0, 1.0, 0.0]])
    leaning = cv2.warpAffine(ink, matrix, (width + int(np.ceil(abs(lean))), height))
    columns = np.flatnonzero(leaning.max(0) >= FAINT)
    return np.asarray(leaning[:, columns[0] : columns[-1] + 1] if len(columns) else leaning, np.uint8)


def _correlations(pieces: Array, weights: Array, others: Array) -> Array:
    """(n, t): Pearson's correlation of every piece with every other, under the piece's weights."""
    weights = weights / weights.sum(1, keepdims=True)
    mean, other_mean = (weights * pieces).sum(1, keepdims=True), weights @ others.T
    product = (weights * pieces) @ others.T - mean * other_mean
    spread = (weights * pieces**2).sum(1, keepdims=True) - mean**2
    other_spread = weights @ (others**2).T - other_mean**2
    return np.asarray(product / np.sqrt(np.maximum(spread * other_spread, 1e-9)))


def _unlike(across: Array, up: Array, place: Array) -> Array:
    """What another size and another place count against likeness."""
    return SIZE * (np.abs(np.log(across)) + np.abs(np.log(up))) + PLACE * np.minimum(place, 2)


def _best(by_form: Array, owners: NDArray[np.intp]) -> Array:
    """The best form of every character, (n, characters); -1 for those without one."""
    best = np.full((len(by_form), int(owners[-1]) + 1), -1.0)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    best[:, owners[starts]] = np.maximum.reduceat(by_form, starts, axis=1)
    return best


def _running_median(values: Array) -> Array:
    return np.array([np.median(values[max(0, i - NEAR) : i + NEAR + 1]) for i in range(len(values))])
