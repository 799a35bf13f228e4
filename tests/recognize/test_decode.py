"""Search: what greedy and beam decoding promise, on models small enough to be searched by hand."""

from __future__ import annotations

import itertools

import pytest
import torch

from corpora.alphabet import BOS, EOS, PAD, UNK
from models.drethtr import DRetHTR, DRetHTRConfig, ImageMemory
from recognize.decode import beam, greedy


@pytest.fixture(scope="module")
def model() -> DRetHTR:
    torch.manual_seed(3)
    config = DRetHTRConfig(
        vocabulary=8, embedder="residual_cnn", height=16, max_image_tokens=32, width=16, layers=2, heads=2,
        feed_forward=32, key_mask=True,
    )  # fmt: skip
    made = DRetHTR(config).double().eval()
    with torch.no_grad():
        made.output.weight.mul_(40)  # opinions strong enough that hypotheses differ
    return made


@pytest.fixture(scope="module")
def memory(model: DRetHTR) -> ImageMemory:
    generator = torch.Generator().manual_seed(5)
    pixels = torch.randn(4, 1, 16, 40, generator=generator, dtype=torch.float64)
    with torch.inference_mode():
        return model.encode(pixels, torch.tensor([40, 40, 24, 9]))


def log_probability(model: DRetHTR, memory: ImageMemory, picture: int, ids: tuple[int, ...]) -> float:
    """The log-probability of a text and its end mark, step by step, with specials forbidden."""
    one = memory.select(torch.tensor([picture]))
    states, total, last = model.start(one), 0.0, BOS
    for token in (*ids, EOS):
        logits, _, states = model.step(torch.tensor([last]), one, states)
        logits[:, [BOS, PAD, UNK]] = float("-inf")
        total += float(logits.log_softmax(-1)[0, token])
        last = token
    return total


def test_one_beam_is_greedy(model: DRetHTR, memory: ImageMemory) -> None:
    for alone, best in zip(greedy(model, memory, 12), beam(model, memory, 1, 12), strict=True):
        assert best == [alone]


def test_enough_beams_find_the_most_probable_text(model: DRetHTR, memory: ImageMemory) -> None:
    texts = [t for n in range(3) for t in itertools.product(range(4, 8), repeat=n)]
    for picture, hypotheses in enumerate(beam(model, memory, 64, limit=3)):
        ended = {h.ids: h.score for h in hypotheses if not h.truncated}
        with torch.inference_mode():
            truth = {text: log_probability(model, memory, picture, text) for text in texts}
        best = max(truth, key=lambda text: truth[text])
        assert ended[best] == pytest.approx(truth[best], abs=1e-9)
        assert max(ended, key=lambda text: ended[text]) == best


def test_finished_hypotheses_are_frozen(model: DRetHTR, memory: ImageMemory) -> None:
    for picture, hypotheses in enumerate(beam(model, memory, 5, limit=20)):
        for found in hypotheses:
            assert not {BOS, PAD, EOS, UNK}.intersection(found.ids)
            assert len(found.ids) == len(found.log_probs) == len(found.columns)
            if not found.truncated:
                with torch.inference_mode():
                    expected = log_probability(model, memory, picture, found.ids)
                assert found.score == pytest.approx(expected, abs=1e-9)


def test_hypotheses_come_best_first_and_differ(model: DRetHTR, memory: ImageMemory) -> None:
    for hypotheses in beam(model, memory, 5, limit=6):
        scores = [found.score for found in hypotheses]
        assert scores == sorted(scores, reverse=True)
        assert len({(found.ids, found.truncated) for found in hypotheses}) == len(hypotheses)


def test_the_limit_ends_every_reading_and_says_so(model: DRetHTR, memory: ImageMemory) -> None:
    for found in greedy(model, memory, limit=2):
        assert len(found.ids) <= 2
        assert found.truncated == (len(found.ids) == 2)
