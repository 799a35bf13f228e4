"""Reading ordinary pictures as grey, upright, dark on light."""

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError
from corpora.handwriting.pictures import load_grey

GREY = np.tile(np.array([[0, 60, 130, 255]], np.uint8), (3, 1))


def save(tmp_path, image, name="a.png", **options):
    image.save(tmp_path / name, **options)
    return load_grey(tmp_path / name)


def test_grey_is_read_as_it_is(tmp_path):
    picture = save(tmp_path, Image.fromarray(GREY))
    assert picture.dtype == np.uint8
    assert picture.flags.writeable
    assert np.array_equal(picture, GREY)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_modes_that_hold_grey_give_it_back(tmp_path, mode):
    assert np.array_equal(save(tmp_path, Image.fromarray(GREY).convert(mode)), GREY)


@pytest.mark.parametrize("name", ["a.jpg", "a.tif"])
def test_cmyk(tmp_path, name):
    picture = save(tmp_path, Image.new("CMYK", (8, 8), (0, 0, 0, 255)), name)
    assert picture.max() <= 2


def test_one_bit(tmp_path):
    assert np.array_equal(save(tmp_path, Image.fromarray(GREY > 100)), np.where(GREY > 100, 255, 0))


def test_sixteen_bit(tmp_path):
    assert np.array_equal(save(tmp_path, Image.fromarray(GREY.astype(np.uint16) * 257)), GREY)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_white_paper(tmp_path, mode):
    assert save(tmp_path, Image.new(mode, (4, 4), 0)).min() == 255


def test_a_transparent_palette_colour_is_white_paper(tmp_path):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 9, 9, 9])
    assert save(tmp_path, image, transparency=1).min() == 255


def test_exif_rotation_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = save(tmp_path, Image.fromarray(GREY), exif=exif)
    assert picture.shape == (4, 3)
    assert np.array_equal(picture, np.rot90(GREY, -1))


def test_one_pixel(tmp_path):
    assert save(tmp_path, Image.new("L", (1, 1), 7)).tolist() == [[7]]


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_told(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.png is no picture or is damaged"):
        load_grey(tmp_path / "a.png")


def test_a_cut_picture_is_told(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged"):
        load_grey(tmp_path / "a.png")


def test_missing_pictures_and_folders_are_told(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        load_grey(tmp_path / "none.png")
    with pytest.raises(DataError, match="cannot be read"):
        load_grey(tmp_path)
