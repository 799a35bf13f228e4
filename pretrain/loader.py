"""From planned batches to tensors: reading, augmentation and collation.

The stream of batches is endless, starts anywhere, and depends on (seed, epoch, batch) alone.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from common.errors import DataError
from common.seeds import stream
from corpora.alphabet import BOS, EOS, PAD, Alphabet
from pretrain.augment.frames import Frame, draw_frames, set_into
from pretrain.augment.settings import AugmentSettings
from pretrain.augment.strokes import redraw
from pretrain.batches import bucket_widths, plan_epoch, scaled_widths
from pretrain.lines import LineSet, TrainingLine
from pretrain.prefetch import prefetch
from pretrain.settings import BatchSettings
from recognize.preprocessing import Preprocessing, prepare_with_boxes, stack


@dataclass(frozen=True, slots=True)
class Batch:
    """What the loop gets.

    Attributes:
        pixels: (B, 1, H, W) float32, ink = +1, paper = -1.
        widths: (B,) real pixels across.
        tokens: (B, T) BOS and the text, padded.
        targets: (B, T) the text and EOS, padded.
        lengths: (B,) characters of each text.
        spans: (B, T, 2) left and right of each target's character as pixels of ``pixels``; NaN for EOS,
            padding and lines without boxes.
        keys: of the samples.
        epoch, number: where in the stream it stands.
    """

    pixels: Tensor
    widths: Tensor
    tokens: Tensor
    targets: Tensor
    lengths: Tensor
    spans: Tensor
    keys: tuple[str, ...]
    epoch: int
    number: int

    def to(self, device: torch.device) -> Batch:
        """The batch on another device."""
        moved = (
            t.to(device, non_blocking=True) for t in (self.pixels, self.widths, self.tokens, self.targets)
        )
        pixels, widths, tokens, targets = moved
        lengths, spans = self.lengths.to(device), self.spans.to(device)
        return Batch(pixels, widths, tokens, targets, lengths, spans, self.keys, self.epoch, self.number)


@dataclass(frozen=True)
class Loader:
    """An endless, resumable stream of batches.

    Attributes:
        augment: chances and bounds of the augmentations; the frames are part of the plan of an epoch.
        seed: of the order and of the augmentations.
    """

    lines: LineSet
    alphabet: Alphabet
    preprocessing: Preprocessing
    batches: BatchSettings
    augment: AugmentSettings
    seed: int

    def __post_init__(self) -> None:
        if not scaled_widths(self.lines, self.preprocessing).any():
            raise DataError(
                f"Every line is wider than {self.preprocessing.max_width} pixels at height "
                f"{self.preprocessing.height}",
                "lines that the model takes",
                "cut them, or raise max_image_tokens",
            )

    @property
    def too_wide(self) -> int:
        """Lines that are left out because the model does not take their width."""
        return int((scaled_widths(self.lines, self.preprocessing) == 0).sum())

    def stream(self, epoch: int = 0, number: int = 0, ahead: int = 0) -> Generator[Batch, None, None]:
        """Batches from ``number`` of ``epoch`` on, for ever.

        Args:
            ahead: batches prepared in a background thread; 0 prepares each when it is asked for.
        """
        batches = self._batches(epoch, number)
        return prefetch(batches, ahead) if ahead else batches

    def _batches(self, epoch: int, number: int) -> Generator[Batch, None, None]:
        own = scaled_widths(self.lines, self.preprocessing)
        while True:
            frames = draw_frames(own, self.preprocessing, self.augment, self.seed, epoch)
            widths = bucket_widths(frames.widths, self.preprocessing)
            plan = plan_epoch(widths, self.lines.groups, self.batches, self.seed, epoch)
            for k in range(number, len(plan)):
                members = [(int(i), frames[i]) for i in plan[k]]
                yield self._collate(members, int(widths[plan[k][0]]), epoch, k)
            epoch, number = epoch + 1, 0

    def _collate(self, members: list[tuple[int, Frame]], width: int, epoch: int, number: int) -> Batch:
        lines = [self._line(i, frame, epoch) for i, frame in members]
        pixels, widths = stack([line.image for line in lines], width)
        ids = [self.alphabet.encode(line.text) for line in lines]
        length = max(map(len, ids)) + 1
        tokens = np.full((len(lines), length), PAD, np.int64)
        targets = tokens.copy()
        spans = np.full((len(lines), length, 2), np.nan, np.float32)
        for row, (line, text) in enumerate(zip(lines, ids, strict=True)):
            tokens[row, : len(text) + 1] = [BOS, *text]
            targets[row, : len(text) + 1] = [*text, EOS]
            if line.boxes is not None:
                spans[row, : len(text)] = line.boxes[:, [0, 2]]
        return Batch(
            torch.from_numpy(pixels),
            torch.from_numpy(widths),
            torch.from_numpy(tokens),
            torch.from_numpy(targets),
            torch.tensor([len(text) for text in ids]),
            torch.from_numpy(spans),
            tuple(line.key for line in lines),
            epoch,
            number,
        )

    def _line(self, i: int, frame: Frame, epoch: int) -> TrainingLine:
        """Read, prepare and augment one line; boxes follow."""
        line = self.lines.load(i)
        image, boxes = prepare_with_boxes(line.image, line.boxes, self.preprocessing, line.key)
        image, boxes = set_into(image, boxes, frame)
        image, boxes = redraw(image, boxes, self.augment, stream(self.seed, i, f"augment/{epoch}"))
        return TrainingLine(line.key, image, line.text, boxes)
