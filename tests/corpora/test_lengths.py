"""Length targets: the facts of the presets, drawing, and a fit test that can say no."""

from collections import Counter

import numpy as np
import pytest

from common.errors import DataError, UsageError
from corpora.lengths import LengthPreset, LengthTarget, compare, load_target


def draw(target: LengthTarget, count: int = 5000) -> list[int]:
    rng = np.random.default_rng(7)
    return [target.draw(rng)[0] for _ in range(count)]


def test_iam_has_the_lengths_of_the_paper():
    target = load_target("iam")
    lengths = np.array(target.lengths)
    usual = target.probabilities[(lengths >= 30) & (lengths <= 60)].sum()
    assert (lengths[0], lengths[-1]) == (4, 93)
    assert usual == pytest.approx(0.90, abs=0.02)


@pytest.mark.parametrize(
    ("name", "shortest", "longest"), [("iam", 4, 93), ("demo", 4, 32), ("digits", 4, 16)]
)
def test_presets_draw_within_their_range_and_fit_themselves(name, shortest, longest):
    target = load_target(name)
    drawn = draw(target)
    assert min(drawn) >= shortest and max(drawn) <= longest
    assert np.mean(drawn) == pytest.approx(target.mean, rel=0.02)
    assert target.probabilities.sum() == pytest.approx(1)
    assert compare(drawn, target).p > 0.001


def test_the_demo_is_most_often_18_long():
    target = load_target("demo")
    assert target.lengths[int(target.probabilities.argmax())] == 18


def test_the_fit_refuses_other_lengths():
    target = load_target("demo")
    drawn = draw(target)
    shifted = compare([length + 1 for length in drawn if length < 32], target)
    assert shifted.p < 1e-6
    assert shifted.distance == pytest.approx(1, abs=0.3)
    assert compare([*drawn, 200], target).p == 0
    assert compare(drawn, load_target("iam")).p == 0
    with pytest.raises(DataError):
        compare([], target)


def test_lengths_counted_from_texts():
    target = LengthTarget.fit(["ab", "cd", "abcd", ""])
    assert target.lengths == (2, 4)
    assert target.probabilities.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert set(draw(target, 100)) == {2, 4}
    assert target.words == (((1, 2.0),), ((1, 1.0),))
    with pytest.raises(DataError, match="no text"):
        LengthTarget.fit(["", ""])


def test_words_are_drawn_with_the_characters_they_were_counted_with():
    target = LengthTarget.fit(["one two", "a b c d", "letters", "letters", "no"])
    rng = np.random.default_rng(1)
    drawn = Counter(target.draw(rng) for _ in range(4000))
    assert set(drawn) == {(7, 2), (7, 4), (7, 1), (2, 1)}
    assert drawn[7, 1] / 4000 == pytest.approx(0.4, abs=0.03)
    assert target.words_mean == pytest.approx((2 + 4 + 1 + 1 + 1) / 5)
    assert target.word_probabilities.tolist() == pytest.approx([0, 0.6, 0.2, 0, 0.2])
    assert target.fingerprint != LengthTarget("x", target.lengths, target.weights).fingerprint


def test_the_fit_tells_variation_and_words():
    target = LengthTarget.fit(["one two", "a b c d", "no"])
    perfect = compare([7, 7, 2], target, [2, 4, 1])
    assert (perfect.variation, perfect.words_variation, perfect.words_distance) == pytest.approx((0, 0, 0))
    assert perfect.words_mean == pytest.approx(7 / 3)
    off = compare([7, 7, 7], target, [2, 2, 2])
    assert off.variation == pytest.approx(1 / 3)
    assert off.words_variation == pytest.approx(2 / 3)
    assert off.words_distance == pytest.approx((2 + 1) / 3)
    assert compare([7], target).words_variation is None
    assert compare([18], load_target("demo"), [3]).words_variation is None


def test_chance_is_the_variation_of_a_perfect_sampler():
    target = load_target("iam")
    seen = [compare(draw(target, 2000), target).variation]
    rng = np.random.default_rng(8)
    seen += [compare([target.draw(rng)[0] for _ in range(2000)], target).variation for _ in range(9)]
    assert np.mean(seen) == pytest.approx(compare(draw(target, 2000), target).chance, rel=0.1)


@pytest.mark.parametrize(
    ("name", "mean", "words"),
    [
        ("rimes", 45.1, 7.2),
        ("bentham", 48.0, 9.3),
        ("read2016", 25, 4.1),
        ("lam", 43, None),
        ("vnondb", 66.3, 15.2),
    ],
)
def test_benchmarks_have_the_means_of_their_sources(name, mean, words):
    target = load_target(name)
    assert target.mean == pytest.approx(mean, abs=0.3)
    assert target.words_mean == words
    assert "reconstructed" in target.source


def test_a_preset_must_tell_its_source():
    with pytest.raises(UsageError, match="source"):
        LengthPreset.parse({"description": "", "knots": [[4, 1], [5, 1]]}, "test")


def test_a_single_length():
    target = LengthTarget.fit(["abc"])
    assert set(draw(target, 50)) == {3}
    assert compare([3] * 50, target).p > 0.5


def test_lengths_from_a_file_of_texts(tmp_path):
    file = tmp_path / "lines.txt"
    file.write_text("one line\n\nanother\n", encoding="utf-8")
    assert load_target(str(file)).lengths == (7, 8)


def test_lengths_from_a_handwriting_spec():
    target = load_target("digits:")
    assert (target.lengths[0], target.lengths[-1]) == (4, 15)


def test_unknown_targets_and_faulty_files(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'demo'"):
        load_target("demos")
    with pytest.raises(DataError, match="does not exist"):
        load_target(str(tmp_path / "none.txt"))
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        load_target(str(tmp_path / "latin.txt"))


@pytest.mark.parametrize("knots", [[[4, 1]], [[4, 1], [4, 2]], [[0, 1], [4, 1]], [[4, -1], [5, 1]]])
def test_knots_must_rise_and_not_be_negative(knots):
    with pytest.raises(UsageError, match="knots"):
        LengthPreset.parse({"description": "", "source": "", "knots": knots}, "test")
