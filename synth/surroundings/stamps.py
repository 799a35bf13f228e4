"""Stamps: a round or rectangular frame with signs like letters, in an ink of its own, partly on the line.

A stamp is larger than a line, so a picture shows a piece of one. Its signs are letters of no alphabet: nobody
can expect them in the label.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.colour import Response, grey
from synth.hand.geometry import PlacedLine, Points
from synth.noise import smooth_noise
from synth.surroundings.settings import SurroundingsSettings

INKS = {"violet": (96, 70, 140), "blue": (58, 76, 150), "red": (176, 58, 52), "black": (58, 58, 62)}
OPACITY = 0.25, 0.7
SIZE = 2.2, 5.0  # half of a stamp's width, x-heights
FRAMES = 1.0, 0.9, 0.58  # where its lines run, shares of that half

_SCALE = 16.0  # of the coordinates that OpenCV draws with: four binary digits of a fraction
_ASIDE = 48  # cover of 255 from which a pixel is a stamp's
# The strokes that a sign may have, in a cell from 0 to 1: x and y of both ends.
_STEMS = np.array(((0, 0, 0, 1), (1, 0, 1, 1), (0.5, 0, 0.5, 1), (0, 1, 0.5, 0), (0.5, 0, 1, 1)))
_BARS = np.array(((0, 0, 1, 0), (0, 0.5, 1, 0.5), (0, 1, 1, 1), (0, 0, 1, 1), (0.5, 0.5, 1, 0.5)))


def stamp(
    sheet: NDArray[np.float32],
    placed: PlacedLine,
    settings: SurroundingsSettings,
    response: Response,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
    """Perhaps stamp a sheet, before the line's ink lies on it.

    Args:
        sheet: float32 grey levels, (height, width); not changed.
        placed: where the line runs and how high its letters are.
        settings: the recipe's.
        response: how the page's camera sees colours.
        kept: the page's stream: which stamp.
        rng: the line's stream: whether, and where on it.

    Returns:
        The sheet, and the pixels that are stamped, None without a stamp.
    """
    if not settings.stamp or rng.random() >= settings.stamp:
        return sheet, None
    ink = list(INKS.values())[int(kept.integers(len(INKS)))]
    half = kept.uniform(*SIZE) * placed.x_height
    paths = _round(half, kept) if kept.random() < 0.6 else _rectangular(half, kept)
    cover = _drawn(paths, _position(half, sheet.shape, rng), sheet.shape, max(1, round(half / 40)))
    worn = np.clip(0.75 + 0.4 * smooth_noise(rng, (sheet.shape[0], sheet.shape[1]), 4.0), 0.1, 1.0)
    opacity = cover * worn * np.float32(rng.uniform(*OPACITY) / 255)
    paler = 1 - opacity * np.float32(1 - grey(ink, response) / 255)
    return sheet * paler, np.asarray(cover >= _ASIDE)


def _position(
    half: float, shape: tuple[int, ...], rng: np.random.Generator
) -> tuple[float, NDArray[np.float64]]:
    """A stamp's turn, radians, and its middle, pixels: it reaches into the picture."""
    height, width = shape
    turn, x, y = rng.random(3)
    middle = np.array((x * width, -0.8 * half + y * (height + 1.6 * half)))
    return float((turn - 0.5) * 0.7), middle


def _drawn(
    paths: list[Points], position: tuple[float, NDArray[np.float64]], shape: tuple[int, ...], width: int
) -> NDArray[np.uint8]:
    """Coverage of paths that are turned and moved to their place, with edges as soft as rubber's."""
    import cv2

    turn, middle = position
    turned = np.array(((np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))))
    cover = np.zeros(shape, np.uint8)
    points = [np.rint((path @ turned + middle) * _SCALE).astype(np.int32) for path in paths]
    cv2.polylines(cover, points, False, 255, width, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.6), np.uint8)


def _round(half: float, kept: np.random.Generator) -> list[Points]:
    """Rings, signs between the two inner ones, and a word across."""
    angle = np.linspace(0, 2 * np.pi, 72)
    ring = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    around = _signs(int(kept.integers(16, 26)), kept)
    signs = []
    for path in around:
        radius = half * (0.65 + 0.18 * path[:, 1])
        signs.append(radius[:, None] * np.stack((np.cos(path[:, 0] / 4), np.sin(path[:, 0] / 4)), axis=1))
    return [half * share * ring for share in FRAMES] + signs + _word(0.8 * half, 0.3 * half, kept)


def _rectangular(half: float, kept: np.random.Generator) -> list[Points]:
    """Two frames and two or three words under each other."""
    frame = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)), np.float64)
    high = half * kept.uniform(0.35, 0.6)
    frames = [frame * (half - inset, high - inset) for inset in (0.0, 0.06 * half)]
    rows = int(kept.integers(2, 4))
    words = []
    for row in range(rows):
        down = np.array((0.0, high * (2 * (row + 0.5) / rows - 1) * 0.85))
        words += [path + down for path in _word(1.6 * half, 0.9 * high / rows, kept)]
    return frames + words


def _word(length: float, height: float, kept: np.random.Generator) -> list[Points]:
    """Signs beside each other, around the origin."""
    count = max(3, int(length / (0.8 * height)))
    shift = np.array((count / 2, 0.5))
    return [(path - shift) * (length / count, height) for path in _signs(count, kept)]


def _signs(count: int, kept: np.random.Generator) -> list[Points]:
    """Signs in cells beside each other, one wide: each two or three strokes."""
    chosen, sizes = kept.integers(len(_STEMS), size=(count, 3)), kept.integers(2, 4, count).tolist()
    paths = []
    for place, (stem, bar, other) in enumerate(chosen.tolist()):
        strokes = (_STEMS[stem], _BARS[bar], _STEMS[other])[: sizes[place]]
        paths += [stroke.reshape(2, 2) * (0.65, 1.0) + np.array((place + 0.15, 0.0)) for stroke in strokes]
    return paths
