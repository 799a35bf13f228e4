"""Ordinary picture files as grey arrays; resizing and the like are the recogniser's preprocessing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError

if TYPE_CHECKING:
    from PIL import Image


MOST_PIXELS = 89_000_000  # of one picture: where Pillow itself begins to warn


def load_grey(path: Path, upright: bool = True) -> NDArray[np.uint8]:
    """Read a picture as uint8 grey, (height, width).

    Colour becomes luma, transparency white paper, 16 bit the upper 8; CMYK, palettes, 1 bit and EXIF rotation
    are handled. Of a file of several pages the first is read.

    Args:
        path: PNG, JPEG, TIFF or the like.
        upright: turn it as its EXIF data ask.

    Raises:
        DataError: the file is missing, may not be read, is no picture, is cut, or has more than 89 million
            pixels.
    """
    try:
        with path.open("rb") as file:
            return _decode(file, str(path), upright)
    except FileNotFoundError:
        raise DataError(f"The picture {path} does not exist", "a picture file", "check the path") from None
    except (PermissionError, IsADirectoryError) as error:
        raise DataError(f"The picture {path} cannot be read: {error.strerror}") from None


def decode_grey(content: bytes, name: str) -> NDArray[np.uint8]:
    """As :func:`load_grey`, from the bytes of a file; ``name`` is what messages call it."""
    return _decode(io.BytesIO(content), name)


def _decode(file: IO[bytes], name: str, upright: bool = True) -> NDArray[np.uint8]:
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise DataError(
                    f"{name} has {opened.width} x {opened.height} pixels",
                    f"at most {MOST_PIXELS:,}",
                    "scale it down",
                )
            opened.load()
            return _grey(ImageOps.exif_transpose(opened) if upright else opened)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(
            f"{name} is no picture or is damaged: {error}", "PNG, JPEG, TIFF or the like"
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
