"""A picture inside the page itself, as a data URI."""

from __future__ import annotations

import base64
import io

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image


def picture(image: NDArray[np.uint8], alt: str, width: int | None = None) -> Markup:
    """An `<img>` that carries its own PNG.

    Args:
        image: uint8, (height, width) grey or (height, width, 3) colour.
        alt: what it shows, for those who do not see it.
        width: shown width in CSS pixels, by default the picture's own; never wider than the page.
    """
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG", optimize=True)
    data = base64.b64encode(file.getvalue()).decode()
    height = round(image.shape[0] * (width or image.shape[1]) / image.shape[1])
    return Markup('<img src="data:image/png;base64,{}" alt="{}" width="{}" height="{}">').format(
        data, alt, width or image.shape[1], height
    )
