"""The error rates: known values, defined corners, and independence of order and batches."""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DataError
from recognize.confusions import Confusion, confusions
from recognize.metrics import characters, compare, normalise, score, score_line

TEXTS = st.text(alphabet="abé '\u0301", max_size=12)


def test_counts_and_rates_of_a_small_corpus() -> None:
    result = score(["hello", "abcd ef"], ["hallo", "abc ef!"], draws=10)
    assert (result.characters.substitutions, result.characters.deletions, result.characters.insertions) == (
        1,
        1,
        1,
    )
    assert result.cer == 3 / 12
    assert result.cer_line_mean == pytest.approx((1 / 5 + 2 / 7) / 2)
    assert result.wer == 1.0
    assert (result.lines, result.exact_lines, result.exact_rate) == (2, 0, 0.0)


def test_the_pooled_rate_is_not_the_mean_of_the_lines() -> None:
    result = score(["a", "b" * 99], ["x", "b" * 99], draws=10)
    assert result.cer == 0.01
    assert result.cer_line_mean == 0.5


def test_the_rate_may_exceed_one() -> None:
    assert score(["a"], ["wxyz"], draws=10).cer == 4.0


@pytest.mark.parametrize(
    ("reference", "prediction", "rate"), [("", "", 0.0), ("", "three", 1.0), ("ab", "", 1.0), ("  ", "", 0.0)]
)
def test_empty_sides_are_defined(reference: str, prediction: str, rate: float) -> None:
    line = score_line(reference, prediction)
    assert line.characters.rate == line.words.rate == rate


def test_empty_references_are_counted_and_their_insertions_pooled() -> None:
    result = score(["", "abcd"], ["xy", "abcd"], draws=10)
    assert result.empty_references == 1
    assert result.cer == 0.5


def test_both_forms_of_an_accent_are_one_character() -> None:
    composed, decomposed = "café", unicodedata.normalize("NFD", "café")
    assert score([composed], [decomposed], draws=1).cer == 0
    assert score([composed], [decomposed], rule="raw", draws=1).cer > 0


def test_a_mark_without_composed_form_stays_with_its_base() -> None:
    assert characters("q\u0308a") == ["q\u0308", "a"]
    assert score(["q\u0308a"], ["qa"], draws=1).cer == 0.5


def test_the_loose_rule_forgives_typography_but_not_case() -> None:
    assert normalise("“ſo—it  is”", "loose") == '"so-it is"'
    assert score(["“ſo”"], ['"so"'], rule="loose", draws=1).cer == 0
    assert score(["So"], ["so"], rule="loose", draws=1).cer == 0.5
    assert score(["a\u00a0b"], ["a b"], draws=1).cer == 0


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: list[tuple[str, str]], chance: random.Random) -> None:
    shuffled = chance.sample(pairs, len(pairs))
    one, other = (score(*map(list, zip(*side, strict=True)), draws=20) for side in (pairs, shuffled))
    assert one == replace(other, cer_line_mean=pytest.approx(one.cer_line_mean))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=12), st.data())
def test_the_pooled_rate_is_that_of_its_batches_together(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(pairs) - 1))
    whole, *parts = (
        score([a for a, _ in side], [b for _, b in side], draws=1)
        for side in (pairs, pairs[:cut], pairs[cut:])
    )
    assert whole.characters.total == sum(part.characters.total for part in parts)
    assert whole.characters.length == sum(part.characters.length for part in parts)


def test_the_interval_holds_the_rate_and_narrows_with_more_lines() -> None:
    chance = random.Random(0)
    predictions = ["abcdefghij" if chance.random() < 0.7 else "abcdexghij" for _ in range(900)]
    few = score(["abcdefghij"] * 30, predictions[:30])
    many = score(["abcdefghij"] * 900, predictions)
    assert few.cer_interval.low < few.cer < few.cer_interval.high
    assert many.cer_interval.low < many.cer < many.cer_interval.high
    assert many.cer_interval.high - many.cer_interval.low < few.cer_interval.high - few.cer_interval.low


def test_writers_are_drawn_whole_where_all_are_known() -> None:
    references, predictions = ["abcd"] * 40, ["abcd"] * 20 + ["wxyz"] * 20
    writers = ["a"] * 20 + ["b"] * 20
    over_writers = score(references, predictions, writers)
    assert (over_writers.cer_interval.over, over_writers.cer_interval.groups) == ("writers", 2)
    assert (over_writers.cer_interval.low, over_writers.cer_interval.high) == (0.0, 1.0)
    some_unknown = score(references, predictions, [None, *writers[1:]])
    assert (some_unknown.cer_interval.over, some_unknown.cer_interval.groups) == ("lines", 40)


def test_the_same_seed_gives_the_same_interval() -> None:
    arguments = (["abc", "def", "ghi"], ["abx", "def", "xxi"])
    assert score(*arguments, seed=3) == score(*arguments, seed=3)


def test_a_paired_comparison_sees_a_small_steady_gain() -> None:
    references = ["abcdefghij"] * 50
    better, worse = ["abcdefghix"] * 50, ["abcdefghxx"] * 50
    result = compare(references, better, worse)
    assert result.cer == pytest.approx(-0.1)
    assert (result.interval.high < 0, result.a_better) == (True, 1.0)
    assert compare(references, better, better).a_better == 0.5


def test_confusions_name_pairs_omissions_and_inventions() -> None:
    found = confusions(["anna", "nn"], ["auua", "nnx"])
    assert found == [Confusion("n", "u", 2, 0.5), Confusion("", "x", 1, 0.0)]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
def test_confusions_add_up_to_the_errors(pairs: list[tuple[str, str]]) -> None:
    references, predictions = map(list, zip(*pairs, strict=True))
    total = sum(one.count for one in confusions(references, predictions))
    assert total == score(references, predictions, draws=1).characters.total


def test_scores_are_json() -> None:
    tree = json.loads(json.dumps(score(["a b"], ["a c"], draws=5).to_json()))
    assert tree["cer"] == pytest.approx(1 / 3)
    assert tree["cer_interval"]["over"] == "lines"
    assert "NFC" in tree["normalisation"]


@pytest.mark.parametrize(("references", "predictions"), [([], []), (["a"], []), (["a"], ["a", "b"])])
def test_nothing_to_measure_is_refused(references: list[str], predictions: list[str]) -> None:
    with pytest.raises(DataError):
        score(references, predictions)
