"""The sampler: a pure function, true lengths and words, whole words, stated shares."""

import pickle
import re
from collections import Counter

import numpy as np
import pytest

from common.errors import UsageError
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from corpora.lengths import LengthTarget, compare, count_words, load_target
from corpora.line_sample import draw_sample
from corpora.rules.settings import RULES, TextRules, load_rules
from corpora.sampler import TextSampler

NONE = TextRules.none()


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    return build_corpus(["builtin:en"], load_alphabet("en"), tmp_path_factory.mktemp("corpus") / "en")


def build(tmp_path, text, alphabet="en"):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    return build_corpus([str(tmp_path / "a.txt")], load_alphabet(alphabet), tmp_path / "out")


def only(rule, share=1.0, language="en"):
    return load_rules(language, ["none", f"{rule}={share}"])


def lines(corpus, target, count, rules=NONE, seed=0):
    sampler = TextSampler(corpus, target, seed, rules)
    return [sampler.line(index) for index in range(count)]


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


def test_fault_09_the_lines_do_not_depend_on_who_draws_them(english):
    whole = [line.text for line in lines(english, load_target("iam"), 600)]
    for workers in (2, 3):
        shared = {}
        for worker in range(workers):
            sampler = pickle.loads(pickle.dumps(TextSampler(english, load_target("iam"), 0, NONE)))
            shared |= {index: sampler.line(index).text for index in range(worker, 600, workers)}
        assert [shared[index] for index in range(600)] == whole
    assert max(Counter(whole).values()) <= 3  # of 600 lines from 200,000 characters, a few may meet by chance
    assert len(set(whole)) > 590


def test_global_random_generators_are_left_alone(english):
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    TextSampler(english, load_target("demo"), 0).line(0)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize("name", ["iam", "rimes", "read2016", "demo", "digits"])
def test_fault_05_drawn_lengths_follow_the_target(english, name):
    sampler = TextSampler(english, load_target(name), 0)
    fit = draw_sample(sampler, 4000).fit
    assert fit.p > 0.001
    assert fit.distance < 1
    assert fit.variation < 2 * fit.chance


def test_fault_05_words_follow_a_target_of_real_lines_too(english):
    real = [text[k : k + 38].rpartition(" ")[0] for text, _ in english for k in range(0, len(text) - 40, 97)]
    target = LengthTarget.fit([" ".join(text.split()) for text in real[:900] if text])
    fit = draw_sample(TextSampler(english, target, 0, NONE), 3000).fit
    assert fit.variation < 2 * fit.chance
    assert fit.words_variation < 0.04
    ignored = LengthTarget(target.name, target.lengths, target.weights)
    free = [count_words(line.text) for line in lines(english, ignored, 1500)]
    few = LengthTarget("few", (30,), (1.0,), (((4, 1.0),),))
    assert np.mean([count_words(line.text) for line in lines(english, few, 300)]) < np.mean(free)


def test_lines_are_whole_words_of_their_document(english):
    for line in lines(english, load_target("iam"), 300, seed=1):
        document, source = english[line.document]
        assert line.source == source == "builtin:en"
        assert f" {line.text} " in f" {document} "
        assert line.edits == (("cut",) if line.text != document else ())
        assert line.text == " ".join(line.text.split())


def test_fault_06_one_and_two_character_lines_are_drawn(english):
    found = lines(english, LengthTarget("tiny", (1, 2), (1.0, 1.0)), 200)
    assert {len(line.text) for line in found} == {1, 2}
    assert {"a", "is", "to"} <= {line.text for line in found}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_makes_its_share_of_the_lines(english, rule):
    found = lines(english, load_target("iam"), 1500, only(rule, 0.4), seed=2)
    assert sum(rule in line.edits for line in found) / 1500 == pytest.approx(0.4, abs=0.05)
    assert compare([len(line.text) for line in found], load_target("iam")).p > 0.001
    assert not english.alphabet.foreign("".join(line.text for line in found))


def test_numbers_teach_every_character(english):
    text = "".join(line.text for line in lines(english, load_target("iam"), 2000, only("numbers")))
    assert set("0123456789$%#!?KQZ") <= set(text)


def test_rules_make_what_they_say(english):
    target = load_target("iam")
    for line in lines(english, target, 200, only("capitals")):
        assert line.text == line.text.upper() or "capitals" not in line.edits
    listed = [line.text for line in lines(english, target, 200, only("lists")) if "lists" in line.edits]
    assert all(re.match(r"[-*(§\dA-Za-z]", text) for text in listed)
    assert sum(text.startswith("- ") for text in listed) > 5
    broken = [line for line in lines(english, target, 400, only("hyphens")) if "hyphens" in line.edits]
    assert sum(line.text[-1] in "-=" for line in broken) > 100
    assert sum(line.text[0] in "-=" for line in broken) > 10
    for line in broken:
        assert line.text.strip("-=") in english[line.document][0]


def test_a_phrase_stands_at_a_border_and_is_set_off_within_the_length(tmp_path):
    words = [f"{'abcdefgh'[k % 8] * (2 + k % 5)}{',' if k % 4 == 0 else ''}" for k in range(4000)]
    corpus, middles = build(tmp_path, " ".join(words)), 0
    for line in lines(corpus, LengthTarget("forty", (40,), (1.0,)), 400, only("names")):
        assert len(line.text) == 40 or "short" in line.edits
        found = line.text.split(" ")
        of_name = [k for k, word in enumerate(found) if word != word.lower()]
        if not of_name:
            continue
        first, last = of_name[0], of_name[-1]
        assert first == 0 or found[first - 1][-1] == ",", line.text
        assert last == len(found) - 1 or found[last][-1] in ".,", line.text
        middles += first > 0 and last < len(found) - 1
    assert middles > 100


def test_rules_in_another_script_are_told(tmp_path, english):
    russian = build(tmp_path, "слова и ещё слова, и так далее", "ru")
    target = LengthTarget("ten", (10,), (1.0,))
    assert "Cyrillic letters" in TextSampler(russian, target, 0).unlike_script
    assert not TextSampler(russian, target, 0, load_rules("ru")).unlike_script
    assert not TextSampler(russian, target, 0, NONE).unlike_script
    assert not TextSampler(english, target, 0).unlike_script


def test_no_rule_where_the_alphabet_lacks_its_characters(tmp_path):
    (tmp_path / "letters.txt").write_text("abcdefghijklmnopqrstuvwxyz ")
    corpus = build(tmp_path, "words and more words and so on and on", str(tmp_path / "letters.txt"))
    ten = LengthTarget("ten", (10,), (1.0,))
    for rule in ("numbers", "dates", "capitals", "hyphens", "lists"):
        assert all(line.edits == ("cut",) for line in lines(corpus, ten, 30, only(rule)))


def test_text_is_never_repeated_to_fill_a_line(tmp_path):
    line = lines(build(tmp_path, "short text\n"), LengthTarget("long", (60,), (1.0,)), 1)[0]
    assert line.text == "short text"
    assert "short" in line.edits


def test_a_word_longer_than_the_line_is_cut_between_graphemes(tmp_path):
    (tmp_path / "letters.txt").write_text("abq\u0323", encoding="utf-8")
    corpus = build(tmp_path, "abq\u0323abq\u0323ab\n", str(tmp_path / "letters.txt"))
    for length, text in ((2, "ab"), (3, "ab"), (4, "abq\u0323")):
        assert lines(corpus, LengthTarget("x", (length,), (1.0,)), 1)[0].text == text


def test_following_paragraphs_of_a_document_make_a_line_long_enough(tmp_path):
    corpus = build(tmp_path, "one two\nsix ten\nred sun\n\nother\n")
    found = lines(corpus, LengthTarget("eleven", (11,), (1.0,)), 40)
    assert "two six ten" in {line.text for line in found}


def test_sources_come_by_weight_or_by_size(tmp_path):
    (tmp_path / "small.txt").write_text("aa aa aa aa\n")
    (tmp_path / "large.txt").write_text(" ".join(f"{k * 7919 % 90 + 10}" for k in range(2000)))
    target = LengthTarget("five", (5,), (1.0,))

    def share(*weights):
        names = [
            f"{tmp_path / name}.txt{weight}" for name, weight in zip(("small", "large"), weights, strict=True)
        ]
        corpus = build_corpus(
            names, load_alphabet("en"), tmp_path / "-".join(("out", *weights)).replace("?", "")
        )
        return sum("small" in line.source for line in lines(corpus, target, 400)) / 400

    assert share("", "") < 0.03
    assert share("?weight=3", "?weight=1") == pytest.approx(0.75, abs=0.08)


def test_shares_that_do_not_fit_are_refused(english):
    with pytest.raises(UsageError, match="numbers"):
        load_rules("en", ["numbers=1.5"])
    with pytest.raises(UsageError, match="no rules of the language 'eng'"):
        TextSampler(english, load_target("iam"), 0, TextRules(language="eng"))


def test_fingerprint_tells_corpus_target_and_rules(english):
    target = load_target("iam")
    usual = TextSampler(english, target, 0).fingerprint
    assert usual == TextSampler(english, target, 9).fingerprint
    assert usual != TextSampler(english, target, 0, NONE).fingerprint
    assert usual != TextSampler(english, load_target("demo"), 0).fingerprint


@pytest.mark.shared
def test_a_hundred_thousand_lines_fit_to_two_hundredths(shared, tmp_path):
    corpus = build_corpus(
        [str(shared / "data" / "text" / "en-web.txt")], load_alphabet("en"), tmp_path / "web"
    )
    assert draw_sample(TextSampler(corpus, load_target("iam"), 0), 100_000).fit.variation <= 0.02


@pytest.mark.shared
def test_words_of_real_lines_are_met(shared, tmp_path):
    texts, real = shared / "data" / "text" / "fr.txt", shared / "data" / "lines" / "copiste" / "train.tsv"
    corpus = build_corpus([str(texts)], load_alphabet("en+fr"), tmp_path / "french")
    fit = draw_sample(TextSampler(corpus, load_target(f"tsv:{real}"), 0, load_rules("fr")), 30_000).fit
    assert fit.variation < 0.03
    assert fit.words_variation < 0.02
