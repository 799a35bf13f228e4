"""One preprocessing for training, evaluation and reading: upright, dark on light, of the model's height."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from corpora.alphabet import Alphabet
from corpora.handwriting.record import HandwrittenLine
from pretrain.augment.settings import NONE
from pretrain.lines import RealLines
from pretrain.loader import Loader
from pretrain.settings import BatchSettings
from recognize import preprocessing
from recognize.deslant import SHEARS, deslant, find_shear
from recognize.evaluate import evaluate
from recognize.model_file import ModelFile, load_model, save_model
from recognize.pictures import read_files
from recognize.preprocessing import Preprocessing, is_light_on_dark, prepare, prepare_with_boxes
from recognize.recognizer import Recognizer


def strokes(slant: float, height: int = 64, count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Strokes of two heights that lean ``slant`` to the right per pixel upwards, and their boxes."""
    image = np.full((height, 40 * count + height), 225, np.uint8)
    boxes = []
    for k in range(count):
        top, bottom = (8, 52) if k % 3 == 0 else (26, 52)
        foot = 30 + 40 * k
        head = round(foot + slant * (bottom - top))
        cv2.line(image, (foot, bottom), (head, top), 30, 4, cv2.LINE_AA)
        boxes.append((min(foot, head) - 3, top - 3, max(foot, head) + 4, bottom + 4))
    return image, np.array(boxes, np.int32)


@pytest.mark.parametrize("slant", SHEARS)
def test_deslanting_finds_the_shear(slant: float) -> None:
    assert find_shear(strokes(slant)[0]) == pytest.approx(slant)


@pytest.mark.parametrize("slant", [-0.7, 0.3, 0.6, 1.0])
def test_deslanted_strokes_stand_upright_in_their_boxes(slant: float) -> None:
    image, boxes = strokes(slant)
    upright, moved = deslant(image, boxes)
    assert upright.shape == image.shape and moved is not None
    assert abs(find_shear(upright)) <= 0.25
    ink = upright < 128
    covered = np.zeros_like(ink)
    for left, top, right, bottom in moved:
        covered[top:bottom, left:right] = True
        assert ink[top:bottom, left:right].any()
    assert not (ink & ~covered).any()


@pytest.mark.parametrize("picture", [np.full((30, 50), 255), np.full((30, 50), 0), np.full((1, 1), 9)])
def test_what_has_no_stroke_is_not_sheared(picture: np.ndarray) -> None:
    even = picture.astype(np.uint8)
    assert (deslant(even)[0] == even).all()


@pytest.mark.parametrize("settings", [{}, {"deslant": True}, {"invert": "auto", "deslant": True}])
@pytest.mark.parametrize("shape", [(64, 100), (30, 77), (150, 1), (9, 300)])
def test_the_width_depends_on_the_size_alone(settings: dict[str, object], shape: tuple[int, int]) -> None:
    ready = Preprocessing.parse({"height": 40, **settings}, "test")
    random = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    for picture in (random, np.full(shape, 200, np.uint8)):
        assert prepare(picture, ready).shape == (40, ready.scaled_width(*shape))


def test_light_writing_is_told_by_its_ground() -> None:
    dark, _ = strokes(0.2)
    assert not is_light_on_dark(dark) and is_light_on_dark(255 - dark)
    ready = Preprocessing(invert="auto")
    assert (prepare(dark, ready) == prepare(255 - dark, ready)).mean() > 0.99
    assert (prepare(255 - dark, Preprocessing(invert="always")) == prepare(dark, Preprocessing())).all()
    assert (prepare(255 - dark, Preprocessing()) != prepare(dark, Preprocessing())).any()


@pytest.mark.parametrize("height", [32, 64, 100])
def test_boxes_follow_the_whole_preprocessing(height: int) -> None:
    image, boxes = strokes(0.5)
    ready = Preprocessing(height=height, deslant=True, invert="auto")
    picture, moved = prepare_with_boxes(255 - image, boxes, ready)
    assert moved is not None
    for left, top, right, bottom in moved.tolist():
        window = picture[top:bottom, left:right]
        assert window.min() < 100, "the stroke is elsewhere"
    plain, alone = prepare_with_boxes(255 - image, None, ready)
    assert alone is None and (plain == picture).all()


def test_loader_evaluation_and_reading_prepare_alike(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the model gets is the same array, whoever asks."""
    ready = Preprocessing(height=16, bucket=24, max_width=96, deslant=True, invert="auto")
    image = cv2.resize(255 - strokes(0.5, count=4)[0], (60, 20), interpolation=cv2.INTER_AREA)
    Image.fromarray(image).save(tmp_path / "line.png")
    line = HandwrittenLine("line", "a", "test", lambda: image, None)
    seen: list[np.ndarray] = []

    def watched(self: Recognizer, pictures: list[np.ndarray], width: int, beams: int):  # type: ignore[no-untyped-def]
        seen.append(preprocessing.stack(pictures, width)[0])
        return original(self, pictures, width, beams)

    original = Recognizer._read_batch
    monkeypatch.setattr(Recognizer, "_read_batch", watched)
    reader = Recognizer(recognizer.model, recognizer.alphabet, ready)
    evaluate(reader, [line], "test")
    list(read_files(reader, [tmp_path / "line.png"]))
    loader = Loader(RealLines([line]), Alphabet(("a",)), ready, BatchSettings(), NONE, 0)
    trained = next(loader.stream()).pixels.numpy()
    assert len(seen) == 2
    assert all(np.array_equal(read, trained) for read in seen)


def test_it_is_saved_with_the_model_and_old_files_keep_theirs(recognizer: Recognizer, tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    ready = Preprocessing(height=16, bucket=24, max_width=96, deslant=True, invert="auto")
    path = save_model(tmp_path / "run", ModelFile(recognizer.model, recognizer.alphabet, ready, {}))
    assert load_model(path).preprocessing == ready
    with safe_open(path, framework="pt") as file:
        header = json.loads(file.metadata()["inkmill"])
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for added in ("deslant", "invert"):
        del header["preprocessing"][added]
    save_file(weights, path, metadata={"inkmill": json.dumps(header)})
    old = load_model(path).preprocessing
    assert (old.deslant, old.invert) == (False, "never")


@pytest.mark.shared
def test_real_slanted_lines_become_more_upright(shared: Path) -> None:
    """The score of the search rises, and what is upright already stays as it is."""
    folder = shared / "data" / "lines" / "copiste"
    pictures = sorted(folder.rglob("*.png"))[:40] or sorted(folder.rglob("*.jpg"))[:40]
    found = [np.asarray(Image.open(path).convert("L")) for path in pictures]
    before = [abs(find_shear(picture)) for picture in found]
    after = [abs(find_shear(deslant(picture)[0])) for picture in found]
    assert np.mean(after) < 0.6 * np.mean(before)
