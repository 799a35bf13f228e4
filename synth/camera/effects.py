"""The camera: what light, lens, sensor and file do to a written page, effects that move no stroke.

Because nothing is moved, the clean coverage stays an exact map of the ink in the degraded picture, which is
what the proof of readability measures against. Geometry belongs to ``synth.hand.geometry``; each effect is a
function in this folder and a field here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.camera import binarisation, files, lens, light, sensor
from synth.camera.microfilm import microfilm
from synth.effects import Filter, Levels, apply_effects
from synth.ranges import Effect


class CameraSettings(Settings):
    """What happens to the page before the lens, behind it and in the file, in this order.

    Attributes:
        light: lamps that do not light every place alike.
        shadow: light that falls off, or a soft edge of shadow.
        vignette: darker borders.
        low_contrast: ink and paper come nearer to one grey.
        motion: page or camera moved.
        blur: out of focus.
        low_resolution: fewer dots, enlarged.
        halo: sharpening that leaves strokes a light rim.
        microfilm: hard contrast, grain, specks, scratches.
        noise: independent for every pixel.
        grain: noise whose neighbouring pixels are alike.
        banding: rows or columns that see more than others.
        dust: specks.
        scratches: thin straight lines.
        tone: gamma.
        underexposure: too little light.
        overexposure: too much light, up to clipped paper.
        jpeg: lossy storage.
        jpeg_again: and once more, with other blocks.
        binarise: black and white by one threshold.
        adaptive: black and white by a local threshold.
        ragged: black and white with rough edges.
        broken: black and white with breaks in thin strokes.
    """

    light: Effect = Effect()
    shadow: Effect = Effect()
    vignette: Effect = Effect()
    low_contrast: Effect = Effect()
    motion: Effect = Effect()
    blur: Effect = Effect()
    low_resolution: Effect = Effect()
    halo: Effect = Effect()
    microfilm: Effect = Effect()
    noise: Effect = Effect()
    grain: Effect = Effect()
    banding: Effect = Effect()
    dust: Effect = Effect()
    scratches: Effect = Effect()
    tone: Effect = Effect()
    underexposure: Effect = Effect()
    overexposure: Effect = Effect()
    jpeg: Effect = Effect()
    jpeg_again: Effect = Effect()
    binarise: Effect = Effect()
    adaptive: Effect = Effect()
    ragged: Effect = Effect()
    broken: Effect = Effect()


EFFECTS: dict[str, Filter] = {
    "light": light.light,
    "shadow": light.shadow,
    "vignette": light.vignette,
    "low_contrast": light.low_contrast,
    "motion": lens.motion,
    "blur": lens.blur,
    "low_resolution": lens.low_resolution,
    "halo": lens.halo,
    "microfilm": microfilm,
    "noise": sensor.noise,
    "grain": sensor.grain,
    "banding": sensor.banding,
    "dust": sensor.dust,
    "scratches": sensor.scratches,
    "tone": light.tone,
    "underexposure": light.underexposure,
    "overexposure": light.overexposure,
    "jpeg": files.jpeg,
    "jpeg_again": files.jpeg,
    "binarise": binarisation.binarise,
    "adaptive": binarisation.adaptive,
    "ragged": binarisation.ragged,
    "broken": binarisation.broken,
}


def photograph(
    image: Levels, settings: CameraSettings, kept: np.random.Generator, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """Apply the camera's effects, each with its chance, in the order of the settings.

    Args:
        image: grey levels, (height, width), float32 or uint8; may lie a little outside 0..255; not changed.
        settings: the recipe's.
        kept: the page's stream: which effects, how strong and in which form.
        rng: the line's stream: where.

    Returns:
        The picture, uint8, and the name and strength of what was applied.
    """
    image, applied = apply_effects(image, settings, EFFECTS, kept, rng)
    return light.to_uint8(image), applied
