"""Two alphabets side by side: what only one has, how often, and what merely looks alike."""

import json
import unicodedata

import pytest

from corpora.alphabet import Alphabet
from corpora.alphabet_diff import PRESETS, LookAlikes, diff, look_alikes
from corpora.inventory import Inventory, take_inventory


def inventory(text, form="NFC", counted=True):
    alphabet = Alphabet.from_texts([text], form)
    return Inventory(text, alphabet, {c: text.count(c) for c in alphabet.characters} if counted else {})


def test_what_each_side_has_alone_comes_with_its_counts():
    found = diff(inventory("aab"), inventory("bcc"))
    assert [(one.character, one.count) for one in found.only_a] == [("a", 2)]
    assert [(one.character, one.count) for one in found.only_b] == [("c", 2)]
    assert [(one.character, one.count_a, one.count_b) for one in found.shared] == [("b", 1, 1)]
    assert found and not diff(inventory("ab"), inventory("ba"))


def test_what_was_not_counted_has_no_count():
    found = diff(inventory("ab", counted=False), inventory("b"))
    assert found.only_a[0].count is None
    assert (found.shared[0].count_a, found.shared[0].count_b) == (None, 1)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("о", "o"),
        ("А", "A"),
        ("ο", "o"),
        ("’", "'"),
        ("”", '"'),
        ("—", "-"),
        ("Ð", "Đ"),
        ("\u00a0", " "),
        ("ﬁ", "fi"),
    ],
)  # Cyrillic, Cyrillic, Greek, quotes, dashes, crossed D, blanks, a ligature
def test_look_alikes_are_pointed_out_on_both_sides(here, there):
    found = diff(inventory(here), inventory(there))
    assert found.only_a[0].looks_like == (there,)
    if len(there) == 1:
        assert found.only_b[0].looks_like == (here,)


def test_a_look_alike_that_both_sides_have_is_pointed_out_too():
    assert diff(inventory("'’"), inventory("'")).only_a[0].looks_like == ("'",)


def test_a_letter_finds_its_parts_on_a_decomposed_side():
    found = diff(inventory("é"), inventory("é", "NFD"))
    assert found.only_a[0].looks_like == ("e\N{COMBINING ACUTE ACCENT}",)
    assert [one.character for one in found.only_b] == ["e", "\N{COMBINING ACUTE ACCENT}"]


def test_letters_that_differ_are_no_look_alikes():
    assert look_alikes("é", set("eèê")) == ()
    assert look_alikes("n", set("mu")) == ()


def test_groups_of_look_alikes_are_single_characters_none_of_them_twice():
    from common.settings import load

    groups = load(LookAlikes, "lookalikes", PRESETS).groups
    for group in groups:
        assert len(group) == len(set(group)) >= 2
        assert unicodedata.normalize("NFC", group) == group or "\N{GREEK QUESTION MARK}" in group


def test_the_difference_as_json_names_code_points():
    record = json.loads(json.dumps(diff(take_inventory("ru"), take_inventory("en")).to_json()))
    [letter] = [row for row in record["only_a"] if row["character"] == "А"]
    assert letter["name"] == "U+0410 CYRILLIC CAPITAL LETTER A"
    assert letter["looks_like"] == ["A"]
    assert record["a"]["characters"] == 104 and record["b"]["form"] == "NFC"
