"""Rare characters: which are raised, how far, at what price in naturalness."""

import pytest

from common.errors import UsageError
from common.seeds import draws
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from corpora.lengths import LengthTarget
from corpora.line_sample import draw_sample
from corpora.naturalness import Bigrams
from corpora.rare import put_in
from corpora.rules.settings import TextRules
from corpora.sampler import TextSampler

TEXT = " ".join(f"this is line {k} of a long text that says little" for k in range(1, 3000))
TARGET = LengthTarget("short", (18, 19, 20, 21), (1.0, 1.0, 1.0, 1.0))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rare")
    quizzes = " ".join(f"the Quiz of {k * 7919}" for k in range(20))
    (folder / "a.txt").write_text(f"{TEXT} {quizzes} and so on\n", encoding="utf-8")
    return build_corpus([str(folder / "a.txt")], load_alphabet("en"), folder / "out")


def sample(corpus, floor, count=4000):
    rules = TextRules.none().model_copy(update={"rare_floor": floor})
    return draw_sample(TextSampler(corpus, TARGET, 0, rules), count)


def test_rare_characters_reach_the_floor(corpus):
    drawn = sample(corpus, 400)
    total = drawn.characters.total()
    rates = {c: drawn.characters[c] * 1e6 / total for c in corpus.alphabet.characters if c != " "}
    raised = [rates[c] for c in drawn.sampler.rare.characters]
    assert min(raised) > 150 and sum(raised) / len(raised) == pytest.approx(400, rel=0.15)
    assert set(rates) == {c for c in drawn.characters if c != " "}
    assert {len(line.text) for line in drawn.lines} == {18, 19, 20, 21}
    share = drawn.edits["rare"] / len(drawn.lines)
    assert share == pytest.approx(drawn.sampler.rare.share, abs=0.03)


def test_without_a_floor_they_stay_as_they_are(corpus):
    drawn = sample(corpus, 0, 1000)
    assert "rare" not in drawn.edits and drawn.sampler.rare.characters == ()


def test_a_line_is_cut_round_a_place_where_the_corpus_has_the_character(corpus):
    quizzes = [line for line in sample(corpus, 200).lines if "Q" in line.text]
    assert sum(line.text in corpus[line.document][0] for line in quizzes) >= 0.8 * len(quizzes) > 0


def test_the_price_is_told_in_bits(corpus):
    bits = sample(corpus, 200).bits
    assert bits["rare"] > bits[""] > 0
    model = Bigrams(corpus)
    assert model.bits(["this is line"]) < model.bits(["shit si enil"])


def test_a_floor_that_would_touch_most_lines_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("only a few letters here\n" * 3)
    small = build_corpus([str(tmp_path / "a.txt")], load_alphabet("en"), tmp_path / "out")
    long = LengthTarget("long", (90,), (1.0,))
    with pytest.raises(UsageError, match=r"90 in a million|rarer than 500"):
        TextSampler(small, long, 0, TextRules(rare_floor=500))


@pytest.mark.parametrize(
    ("text", "character", "expected"),
    [
        ("a quiet day", "Q", "a Quiet day"),  # the other case
        ("voila tout", "à", {"voilà tout"}),  # the same letter with another mark
        ("say, no", ";", "say; no"),  # the same category
        ("in 5 days", "7", "in 7 days"),
        ("wait (here", "§", {"wait §here"}),  # the same class: a sign
        ("all this", "Z", {"Zll this", "all Zhis"}),  # a capital at the beginning of a word
        ("an a", "\u0323", "a\u0323 a"),  # a mark goes onto a letter
        ("12", "x", "1x"),  # the last one
    ],
)
def test_what_stands_in(text, character, expected):
    assert put_in(text, character, draws(0, 0, "x")) in (
        {expected} if isinstance(expected, str) else expected
    )
