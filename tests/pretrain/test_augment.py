"""Augmentation: pixels and boxes move alike, widths are planned, and nothing but the seed decides."""

from __future__ import annotations

import numpy as np
import pytest

from common.errors import UsageError
from common.seeds import stream
from corpora.alphabet import Alphabet
from pretrain.augment.frames import Frame, draw_frames, set_into
from pretrain.augment.settings import CHANCES, NONE, PAPER, PRESETS, USUAL, AugmentSettings
from pretrain.augment.strokes import bend, grow_grain, redraw, thicken, thin
from pretrain.loader import Loader
from pretrain.settings import BatchSettings, load_settings
from recognize.preprocessing import Preprocessing
from tests.pretrain.conftest import LETTERS, ToyLines

READY = Preprocessing(height=64, bucket=32, max_width=800)
WIDTHS = np.array([1, 40, 300, 790, 800, 0])
ALWAYS = PAPER.model_copy(update=dict.fromkeys(CHANCES, 1.0))


def blocks(count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Black blocks on light paper, and their boxes."""
    image = np.full((64, 40 * count), 230, np.uint8)
    boxes = np.array([[40 * k + 8, 14 + k, 40 * k + 30, 50 - k] for k in range(count)], np.int32)
    for left, top, right, bottom in boxes:
        image[top:bottom, left:right] = 0
    return image, boxes


def inked(image: np.ndarray) -> np.ndarray:
    """The boxes of the blocks as they are seen, left to right."""
    import cv2

    _, _, found, _ = cv2.connectedComponentsWithStats((image < 115).astype(np.uint8))
    left, top, width, height, size = found[1:].T
    seen = np.stack((left, top, left + width, top + height), axis=1)[size > 20]
    return seen[np.argsort(seen[:, 0])]


@pytest.mark.parametrize("seed", range(8))
def test_boxes_follow_padding_and_stretching_to_the_pixel(seed: int) -> None:
    image, boxes = blocks()
    frame = draw_frames(np.array([image.shape[1]]), READY, ALWAYS, seed, 0)[0]
    framed, moved = set_into(image, boxes, frame)
    assert moved is not None and framed.shape == (64, frame.width)
    assert np.abs(inked(framed) - moved).max() <= 1


@pytest.mark.parametrize("seed", range(8))
def test_boxes_follow_bending(seed: int) -> None:
    image, boxes = blocks()
    bent, moved = bend(image, boxes, (0.4, 0.9), stream(seed, 0, "bend"))
    assert moved is not None and (bent != image).any()
    assert np.abs(inked(bent) - boxes).max() >= 2, "nothing was bent"
    assert np.abs(inked(bent) - moved).max() <= 2
    assert np.abs(inked(bent) - moved).mean() < 0.6 * np.abs(inked(bent) - boxes).mean()


def test_a_frame_keeps_the_papers_bounds() -> None:
    frames = draw_frames(np.full(3000, 300), READY.model_copy(update={"max_width": 5000}), PAPER, 1, 2)
    scale = frames.up / 64
    assert scale.min() >= 1 / 1.5 - 0.01 and scale.max() == 1
    factor = frames.across / (300 * scale)
    assert factor.min() >= 0.79 and factor.max() <= 1.21
    assert (frames.left / scale).max() <= 130 and (frames.left / scale).max() > 110
    right = frames.widths - frames.left - frames.across
    assert right.max() > 100 and np.corrcoef(frames.left, right)[0, 1] < 0.95
    still = (frames.up == 64) & (frames.left == 0)
    assert 0.4 < still.mean() < 0.6
    assert 0.4 < (factor[still] == 1).mean() < 0.6


def test_frames_are_a_pure_function_of_seed_epoch_and_line() -> None:
    def drawn(widths: np.ndarray, seed: int, epoch: int) -> list[Frame]:
        frames = draw_frames(widths, READY, PAPER, seed, epoch)
        return [frames[i] for i in range(len(WIDTHS))]

    first = drawn(WIDTHS, 3, 1)
    assert drawn(WIDTHS, 3, 1) == first
    assert drawn(np.concatenate((WIDTHS, WIDTHS)), 3, 1) == first
    assert drawn(WIDTHS, 3, 2) != first != drawn(WIDTHS, 4, 1)


@pytest.mark.parametrize("settings", PRESETS.values(), ids=PRESETS)
def test_no_line_is_lost_or_wider_than_the_model(settings: AugmentSettings) -> None:
    for epoch in range(50):
        frames = draw_frames(WIDTHS, READY, settings, 0, epoch)
        assert ((frames.widths > 0) == (WIDTHS > 0)).all()
        assert frames.widths.max() <= READY.max_width
        assert (frames.left + frames.across <= frames.widths)[:-1].all()
        assert (frames.top + frames.up <= 64).all() and (frames.up >= 1).all() and (frames.across >= 1).all()


def test_without_augmentation_a_picture_is_not_touched() -> None:
    image, boxes = blocks()
    frames = draw_frames(np.array([480]), READY, NONE, 0, 0)
    framed, moved = set_into(image, boxes, frames[0])
    drawn, kept = redraw(framed, moved, NONE, stream(0, 0, "augment"))
    assert drawn is image and kept is boxes


def test_thicker_and_thinner_strokes_change_by_the_asked_pixels() -> None:
    image, boxes = blocks()
    width = boxes[:, 2] - boxes[:, 0]
    for size in (2, 3, 4):
        thick, lean = inked(thicken(image, size)), inked(thin(image, size))
        assert (thick[:, 2] - thick[:, 0] == width + size - 1).all()
        assert (lean[:, 2] - lean[:, 0] == width - size + 1).all()
    darkness = [float((255 - thicken(image, size)).sum()) for size in (1.0, 1.3, 1.7, 2.0)]
    assert darkness == sorted(darkness) and len(set(darkness)) == 4
    assert (thicken(image, 1.0) == image).all()


def test_grain_has_the_asked_strength() -> None:
    image = np.full((64, 900), 128, np.uint8)
    noisy = grow_grain(image, 10.0, stream(0, 0, "grain"))
    assert noisy.astype(float).std() == pytest.approx(10, rel=0.25)


def test_what_is_drawn_depends_on_the_stream_alone() -> None:
    image, boxes = blocks()
    before = image.copy()
    first, second, other = (redraw(image, boxes, ALWAYS, stream(0, i, "x"))[0] for i in (1, 1, 2))
    assert (first == second).all() and (first != other).any()
    assert (image == before).all()


@pytest.mark.parametrize("chance", CHANCES[2:])
def test_every_augmentation_has_a_chance_of_its_own(chance: str) -> None:
    image, boxes = blocks()
    settings = PAPER.model_copy(update={**dict.fromkeys(CHANCES, 0.0), chance: 0.5})
    changed = [(redraw(image, boxes, settings, stream(0, i, "x"))[0] != image).any() for i in range(100)]
    assert 30 < sum(changed) < 70


@pytest.mark.parametrize("height", [8, 9, 64, 200])
@pytest.mark.parametrize("width", [1, 3, 500])
def test_pictures_of_any_size_are_augmented(height: int, width: int) -> None:
    image = np.full((height, width), 200, np.uint8)
    image[height // 2 :, : width // 2 + 1] = 20
    ready = Preprocessing(height=height)
    for i in range(10):
        frame = draw_frames(np.array([width]), ready, ALWAYS, i, 0)[0]
        framed, _ = set_into(image, None, frame)
        drawn, _ = redraw(framed, None, ALWAYS, stream(0, i, "x"))
        assert drawn.shape == (height, frame.width) and drawn.dtype == np.uint8


def test_settings_are_a_preset_or_ones_own() -> None:
    assert load_settings("demo").augment == NONE
    assert load_settings("demo", ["augment=paper"]).augment == PAPER
    assert load_settings("finetune").augment == USUAL
    own = load_settings("demo", ["augment={elastic: 0.3}"]).augment
    assert own == AugmentSettings(elastic=0.3)
    with pytest.raises(UsageError, match="'paper'"):
        load_settings("demo", ["augment=papper"])


def test_batches_are_planned_with_the_widths_of_their_epoch() -> None:
    ready = Preprocessing(height=16, bucket=24, max_width=300, stretch=False)
    lines = ToyLines(80)
    loader = Loader(
        lines, Alphabet(tuple(LETTERS)), ready, BatchSettings(lines=8, pixels=1200, window=2), ALWAYS, 5
    )
    seen: dict[int, dict[str, int]] = {0: {}, 1: {}}
    for batch in loader.stream():
        if batch.epoch > 1:
            break
        padded = batch.pixels.shape[3]
        assert padded * len(batch.keys) <= 1200 or len(batch.keys) == 1
        assert all(ready.bucket_width(width) == padded for width in batch.widths.tolist())
        seen[batch.epoch].update(zip(batch.keys, batch.widths.tolist(), strict=True))
        for spans, width, length in zip(batch.spans, batch.widths, batch.lengths, strict=True):
            known = spans[: int(length)]
            assert known.min() >= 0 and known.max() <= width and (known[:, 1] > known[:, 0]).all()
    assert len(seen[0]) == len(seen[1]) == 80, "every line comes once an epoch"
    assert seen[0] != seen[1], "every epoch has other widths"
