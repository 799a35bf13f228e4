"""Ordinary picture files as grey arrays; resizing and the like are the recogniser's preprocessing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError

if TYPE_CHECKING:
    from PIL import Image


def load_grey(path: Path) -> NDArray[np.uint8]:
    """Read a picture as uint8 grey, (height, width), upright.

    Colour becomes luma, transparency white paper, 16 bit the upper 8; CMYK, palettes, 1 bit and EXIF rotation
    are handled.

    Raises:
        DataError: the file is missing, may not be read, is no picture, or is cut.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _grey(upright)
    except FileNotFoundError:
        raise DataError(f"The picture {path} does not exist", "a picture file", "check the path") from None
    except (PermissionError, IsADirectoryError) as error:
        raise DataError(f"The picture {path} cannot be read: {error.strerror}") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(
            f"{path} is no picture or is damaged: {error}", "PNG, JPEG, TIFF or the like"
        ) from None


def _grey(image: Image.Image) -> NDArray[np.uint8]:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        return _from_wide(np.asarray(image), image.mode)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(paper, rgba)
    return np.array(image.convert("L"), dtype=np.uint8)


def _from_wide(values: NDArray[np.generic], mode: str) -> NDArray[np.uint8]:
    """16 bit integers by their upper byte; 32 bit floats and integers already in 0 to 255 as they are."""
    wide = values.astype(np.float64)
    scale = 257.0 if mode.startswith("I;16") or wide.max(initial=0) > 255 else 1.0
    return np.clip(np.rint(wide / scale), 0, 255).astype(np.uint8)
