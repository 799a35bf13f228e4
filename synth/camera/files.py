"""What the file does: lossy storage, once or twice."""

from __future__ import annotations

import numpy as np

from synth.camera.light import to_uint8
from synth.effects import Chances, Field


def jpeg(image: Field, strength: float, chances: Chances) -> Field:
    """Lossy storage, quality 90 down to 20; its blocks start somewhere outside the picture."""
    import cv2

    top, left = chances.rng.integers(8, size=2).tolist()
    framed = cv2.copyMakeBorder(to_uint8(image), top, 0, left, 0, cv2.BORDER_REPLICATE)
    _, packed = cv2.imencode(".jpg", framed, [cv2.IMWRITE_JPEG_QUALITY, round(90 - 70 * strength)])
    stored = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
    return stored[top:, left:].astype(np.float32)
