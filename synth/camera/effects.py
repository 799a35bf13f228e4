"""What happens to a written page and in the scanner: effects on grey levels that move no stroke.

Because nothing is moved, the clean coverage stays an exact map of the ink in the degraded picture, which is
what the proof of readability measures against. Geometry belongs to ``synth.hand.geometry``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.noise import smooth_noise
from synth.ranges import Effect, draw

Field = NDArray[np.float32]
Filter = Callable[[Field, float, np.random.Generator], Field]


class CameraSettings(Settings):
    """What happens to the page and in the scanner, in this order."""

    show_through: Effect = Effect()
    stains: Effect = Effect()
    fade: Effect = Effect()
    shadow: Effect = Effect()
    blur: Effect = Effect()
    low_resolution: Effect = Effect()
    noise: Effect = Effect()
    speckle: Effect = Effect()
    tone: Effect = Effect()
    jpeg: Effect = Effect()
    binarise: Effect = Effect()


def photograph(
    image: Field, settings: CameraSettings, kept: np.random.Generator, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """Apply the recipe's own effects, each with its chance, in the order of the settings.

    Args:
        image: float32 grey levels, (height, width); may lie a little outside 0..255.
        settings: the recipe's.
        kept: the page's stream: which effects, and how strong.
        rng: the line's stream: where and in which form.

    Returns:
        The picture, uint8, and the name and strength of what was applied.
    """
    applied = []
    for name in CameraSettings.model_fields:
        chosen = getattr(settings, name)
        chance, strength = kept.random(), draw(kept, chosen.strength)
        if chance < chosen.probability:
            image = EFFECTS[name](image, strength, rng)
            applied.append({"name": name, "strength": round(strength, 3)})
    return to_uint8(image), applied


def to_uint8(image: Field) -> NDArray[np.uint8]:
    """Rounded and clipped grey levels."""
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def _show_through(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """The other side of the sheet: the line's own mirror image, blurred and faint."""
    import cv2

    back = np.roll(image[:, ::-1], int(rng.integers(1, image.shape[1])), axis=1)
    faint = np.minimum(cv2.GaussianBlur(back, (0, 0), 1.2) - np.median(image), 0)
    return image + 0.35 * strength * faint


def _stains(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """Soft dark patches."""
    patches = np.clip(smooth_noise(rng, image.shape, 1.6 * image.shape[0]) - 0.3, 0, 1.5)
    return image * (1 - 0.25 * strength * patches)


def _shadow(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """Light that falls off towards one side."""
    ramp = np.linspace(0, 1, image.shape[1], dtype=np.float32) ** rng.uniform(0.7, 2.5)
    if rng.random() < 0.5:
        ramp = ramp[::-1]
    return image * (1 - 0.4 * strength * ramp)


def _fade(image: Field, strength: float, rng: np.random.Generator) -> Field:  # noqa: ARG001
    """Ink that has lost contrast with its paper."""
    paper = np.float32(np.median(image))
    return paper + (image - paper) * (1 - 0.7 * strength)


def _blur(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """A lens out of focus, not equally in both directions."""
    import cv2

    sigma = 0.3 + strength * image.shape[0] / 45
    return np.asarray(
        cv2.GaussianBlur(image, (0, 0), sigma, sigmaY=sigma * rng.uniform(0.7, 1.3)), np.float32
    )


def _low_resolution(image: Field, strength: float, rng: np.random.Generator) -> Field:  # noqa: ARG001
    """A scan with fewer dots, enlarged."""
    import cv2

    height, width = image.shape
    share = 1 - 0.6 * strength
    size = max(8, round(width * share)), max(8, round(height * share))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _noise(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """A sensor's noise."""
    return image + 25 * strength * rng.standard_normal(image.shape, np.float32)


def _speckle(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """Dust: dark and light dots."""
    count = rng.poisson(0.02 * strength * image.size / 4)
    rows, columns = rng.integers(0, image.shape[0], count), rng.integers(0, image.shape[1], count)
    result = image.copy()
    result[rows, columns] += rng.choice(np.array([-90.0, 60.0], np.float32), count)
    return result


def _tone(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """The scanner's curve: gamma and exposure."""
    gamma = np.exp(rng.uniform(-0.6, 0.6) * strength)
    curved = 255 * (np.clip(image, 0, 255) / 255) ** gamma
    return (curved * (1 + 0.15 * strength * rng.uniform(-1, 1))).astype(np.float32)


def _jpeg(image: Field, strength: float, rng: np.random.Generator) -> Field:  # noqa: ARG001
    """Lossy storage, quality 90 down to 20."""
    import cv2

    _, packed = cv2.imencode(".jpg", to_uint8(image), [cv2.IMWRITE_JPEG_QUALITY, round(90 - 70 * strength)])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.float32)


def _binarise(image: Field, strength: float, rng: np.random.Generator) -> Field:
    """A black and white scan; the threshold lies between ink and paper."""
    paper, ink = np.percentile(image, [60, 0.5])
    threshold = ink + (paper - ink) * (0.55 + 0.25 * strength * rng.uniform(-1, 1))
    return np.where(image < threshold, 0, 255).astype(np.float32)


EFFECTS: dict[str, Filter] = {
    "show_through": _show_through,
    "stains": _stains,
    "fade": _fade,
    "shadow": _shadow,
    "blur": _blur,
    "low_resolution": _low_resolution,
    "noise": _noise,
    "speckle": _speckle,
    "tone": _tone,
    "jpeg": _jpeg,
    "binarise": _binarise,
}
