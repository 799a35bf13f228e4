"""The sampler: a pure function, true lengths, whole words, numbers at the stated share."""

import pickle

import numpy as np
import pytest

from common.errors import UsageError
from corpora.alphabet import load_alphabet
from corpora.borders import cut_at_border, pieces
from corpora.build import build_corpus
from corpora.lengths import LengthTarget, compare, load_target
from corpora.sampler import TextSampler


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    return build_corpus(["builtin:en"], load_alphabet("en"), tmp_path_factory.mktemp("corpus") / "en")


def build(tmp_path, text, alphabet="en"):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    return build_corpus([str(tmp_path / "a.txt")], load_alphabet(alphabet), tmp_path / "out")


def test_a_line_is_a_pure_function_of_seed_index_and_attempt(english):
    target = load_target("demo")
    sampler = TextSampler(english, target, 5)
    forward = [sampler.line(index) for index in range(50)]
    backward = [TextSampler(english, target, 5).line(index) for index in reversed(range(50))]
    assert forward == backward[::-1]
    assert pickle.loads(pickle.dumps(sampler)).line(7) == forward[7]
    assert sampler.line(3, attempt=1) != forward[3]
    assert sampler.line(3, attempt=1) == sampler.line(3, attempt=1)
    assert TextSampler(english, target, 6).line(0) != forward[0]


def test_global_random_generators_are_left_alone(english):
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    TextSampler(english, load_target("demo"), 0).line(0)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize("name", ["iam", "demo", "digits"])
def test_drawn_lengths_follow_the_target(english, name):
    sampler = TextSampler(english, load_target(name), 0)
    lines = [sampler.line(index) for index in range(4000)]
    fit = compare([len(line.text) for line in lines], sampler.target)
    assert fit.p > 0.001
    assert fit.distance < 0.5


def test_lines_are_whole_words_of_their_document(english):
    sampler = TextSampler(english, load_target("iam"), 1, numbers=0)
    for line in map(sampler.line, range(300)):
        document, source = english[line.document]
        assert line.source == source == "builtin:en"
        assert f" {line.text} " in f" {document} "
        assert line.edits == (("cut",) if line.text != document else ())
        assert line.text == " ".join(line.text.split())


def test_one_and_two_character_lines_are_drawn(english):
    sampler = TextSampler(english, LengthTarget("tiny", (1, 2), (1.0, 1.0)), 0, numbers=0)
    assert {len(sampler.line(index).text) for index in range(50)} == {1, 2}


def test_numbers_have_the_stated_share_and_teach_every_character(english):
    sampler = TextSampler(english, load_target("iam"), 2, numbers=0.2)
    lines = [sampler.line(index) for index in range(3000)]
    share = sum("number" in line.edits for line in lines) / len(lines)
    assert share == pytest.approx(0.2, abs=0.03)
    assert set("0123456789$%#!?KQZ") <= set("".join(line.text for line in lines))
    assert not english.alphabet.foreign("".join(line.text for line in lines))


def test_no_numbers_where_the_alphabet_lacks_digits(tmp_path):
    (tmp_path / "letters.txt").write_text("abcdefghijklmnopqrstuvwxyz ")
    corpus = build(tmp_path, "words and more words and so on and on", str(tmp_path / "letters.txt"))
    sampler = TextSampler(corpus, LengthTarget("ten", (10,), (1.0,)), 0, numbers=1)
    assert all(line.edits == ("cut",) for line in map(sampler.line, range(50)))


def test_text_is_never_repeated_to_fill_a_line(tmp_path):
    corpus = build(tmp_path, "short text\n")
    sampler = TextSampler(corpus, LengthTarget("long", (60,), (1.0,)), 0, numbers=0)
    line = sampler.line(0)
    assert line.text in ("short text", "text")
    assert "short" in line.edits


def test_following_paragraphs_of_a_document_make_a_line_long_enough(tmp_path):
    corpus = build(tmp_path, "one two\nsix ten\nred sun\n\nother\n")
    sampler = TextSampler(corpus, LengthTarget("eleven", (11,), (1.0,)), 0, numbers=0)
    assert "two six ten" in {sampler.line(index).text for index in range(40)}


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("one two three", 9, "one two"),
        ("one two three", 7, "one two"),
        ("one two", 10, "one two"),
        ("unbreakable", 5, "unbre"),
        ("aq\u0307\u0323b", 3, "a"),
    ],
)
def test_cutting_at_borders_never_parts_a_letter_from_its_marks(text, length, cut):
    assert cut_at_border(text, length) == cut


def test_pieces_are_the_text():
    assert list(pieces("one two three unbreakable", 7)) == ["one two", "three", "unbreak", "able"]
    assert list(pieces("", 7)) == []


def test_a_share_outside_zero_and_one_is_refused(english):
    with pytest.raises(UsageError, match="share of numbers"):
        TextSampler(english, load_target("iam"), 0, numbers=1.5)


def test_fingerprint_tells_corpus_target_and_share(english):
    target = load_target("iam")
    assert TextSampler(english, target, 0).fingerprint == TextSampler(english, target, 9).fingerprint
    assert TextSampler(english, target, 0).fingerprint != TextSampler(english, target, 0, 0.5).fingerprint
