"""The embedded benchmark: real digits, people apart, lines that show their text."""

import pickle
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
import pytest

from common.errors import EnvironmentProblem
from corpora.alphabet import load_alphabet
from corpora.handwriting import digits
from corpora.handwriting.spec import read_lines


@pytest.fixture(scope="module")
def lines():
    return read_lines("digits:")


def test_splits_have_their_sizes_and_share_no_people_digits_or_texts(lines):
    by_split = {
        name: [line for line in lines if line.split == name] for name in ("train", "validation", "test")
    }
    assert {name: len(found) for name, found in by_split.items()} == {
        "train": 2000,
        "validation": 300,
        "test": 500,
    }
    assert len({line.text for line in lines}) == len(lines)
    for kind in (lambda line: {line.writer}, lambda line: set(line.origin["digits"])):
        sets = [set().union(*map(kind, found)) for found in by_split.values()]
        assert sum(map(len, sets)) == len(set().union(*sets))


def test_lines_have_4_to_16_characters_of_the_alphabet(lines):
    alphabet = load_alphabet("digits")
    assert {len(line.text) for line in lines} <= set(range(4, 17))
    assert not alphabet.foreign("".join(line.text for line in lines))
    assert set("".join(line.text for line in lines)) == set(alphabet.characters)


def test_the_digits_drawn_are_the_digits_of_the_text_and_of_one_form(lines):
    from sklearn.datasets import load_digits

    labels = load_digits().target
    for line in lines[::50]:
        chosen = line.origin["digits"]
        assert "".join(str(labels[k]) for k in chosen) == "".join(filter(str.isdigit, line.text))
        forms = np.searchsorted(digits.FORMS, chosen, side="right")
        assert {f"form-{form:02d}" for form in forms} == {line.writer}


def test_every_form_repeats_the_template_that_shows_its_border():
    from sklearn.datasets import load_digits

    labels = "".join(map(str, load_digits().target))
    template = labels[: digits.FORMS[1]]
    for start, end in pairwise(digits.FORMS):
        assert SequenceMatcher(None, template, labels[start:end], autojunk=False).ratio() > 0.95
        assert labels[start : start + 9] in ("012345678", "123456789")


def test_pictures_are_dark_ink_on_light_paper_that_touches_no_border(lines):
    for line in lines[::140]:
        picture = line.load()
        assert picture.dtype == np.uint8 and picture.shape[0] == 56
        paper = np.median(picture)
        assert paper > 200
        assert picture.min() < paper - 100
        border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert border.min() > paper - 40
        assert picture.shape[1] > 12 * len(line.text)


def test_the_same_line_is_the_same_picture_in_any_process(lines):
    line = lines[123]
    again = pickle.loads(pickle.dumps(line))
    assert np.array_equal(line.load(), again.load())
    assert np.array_equal(line.load(), read_lines("digits:", "train")[123].load())


def test_one_split_is_the_same_lines_as_in_all(lines):
    assert [line.id for line in read_lines("digits:", "test")] == [
        line.id for line in lines if line.split == "test"
    ]


def test_other_digits_are_refused(monkeypatch):
    monkeypatch.setattr(digits, "FORMS", (*digits.FORMS[:-1], 1800))
    with pytest.raises(EnvironmentProblem, match="other digits"):
        read_lines("digits:")
