"""Where alphabets come from: every kind of place, its counts, unions and minimum counts."""

import pytest
from PIL import Image

from common.errors import DataError, UsageError
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from corpora.inventory import take_inventory
from corpora.texts import texts_at


@pytest.fixture
def handwriting(tmp_path):
    """Three lines in a table; the test line alone has a Z."""
    rows = ["file\ttext\tsplit", "a.png\tcafé\ttrain", "b.png\tcab\tval", "c.png\tZoo\ttest"]
    for name in "abc":
        Image.new("L", (8, 8), 255).save(tmp_path / f"{name}.png")
    (tmp_path / "lines.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "lines.tsv"


def test_real_handwriting_gives_characters_and_counts_without_its_test_lines(handwriting):
    found = take_inventory(f"tsv:{handwriting}")
    assert found.counts == {"c": 2, "a": 2, "f": 1, "é": 1, "b": 1}
    assert found.alphabet.characters == tuple("abcfé")
    assert take_inventory(str(handwriting)).counts == found.counts


def test_a_test_set_by_itself_is_counted(handwriting):
    handwriting.with_name("test.tsv").write_text("file\ttext\na.png\tZoo\n", encoding="utf-8")
    assert take_inventory(f"tsv:{handwriting.with_name('test.tsv')}").counts == {"Z": 1, "o": 2}


def test_the_form_decides_what_is_counted(handwriting):
    found = take_inventory(f"tsv:{handwriting}", "NFD")
    assert found.counts["\N{COMBINING ACUTE ACCENT}"] == found.counts["e"] == 1
    assert found.alphabet.form == "NFD"


def test_a_corpus_gives_its_alphabet_with_what_never_occurs(tmp_path):
    (tmp_path / "text.txt").write_text("Der Bär\n", encoding="utf-8")
    build_corpus([str(tmp_path / "text.txt")], load_alphabet("de"), tmp_path / "corpus")
    found = take_inventory(str(tmp_path / "corpus"))
    assert found.alphabet == load_alphabet("de")
    assert (found.counts["r"], found.counts["ß"]) == (2, 0)
    decomposed = take_inventory(str(tmp_path / "corpus"), "NFD")
    assert decomposed.counts["\N{COMBINING DIAERESIS}"] == 1
    assert decomposed.counts["a"] == 1


def test_a_corpus_at_a_url_is_one_too(tmp_path, monkeypatch):
    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "text.txt").write_text("Ein Wort\n", encoding="utf-8")
    build_corpus([str(tmp_path / "text.txt")], load_alphabet("de"), "memory://alphabets/corpus")
    assert take_inventory("memory://alphabets/corpus").counts["o"] == 1
    assert list(texts_at("memory://alphabets/corpus")) == ["Ein Wort"]
    assert texts_at("klingon") is texts_at("klingon:x") is None


def test_a_text_source_is_read_whatever_it_is_packed_in(tmp_path):
    import gzip

    (tmp_path / "text.txt.gz").write_bytes(gzip.compress(b"Ein Wort\n"))
    assert take_inventory(f"file:{tmp_path / 'text.txt.gz'}").counts["o"] == 1


def test_unions_join_characters_and_keep_counts_apart(tmp_path, handwriting):
    (tmp_path / "more.txt").write_text("café Ω", encoding="utf-8")
    found = take_inventory(f"digits+{tmp_path / 'more.txt'}+tsv:{handwriting}")
    assert set(found.alphabet.characters) == set(load_alphabet("digits").characters) | set("abcfé Ω")
    assert found.counts["é"] == 2
    assert "1" not in found.counts and " " not in found.counts  # a preset has them whatever was counted


def test_a_path_with_a_plus_is_a_path(tmp_path):
    (tmp_path / "a+b.txt").write_text("xyz", encoding="utf-8")
    assert take_inventory(str(tmp_path / "a+b.txt")).alphabet.characters == tuple("xyz")


def test_rare_characters_are_left_out_and_told_but_never_those_of_a_preset(tmp_path):
    (tmp_path / "text.txt").write_text("aaab 7Ω", encoding="utf-8")
    kept, rare = take_inventory(f"digits+{tmp_path / 'text.txt'}").at_least(2)
    assert rare == {"b": 1, "Ω": 1}
    assert set(kept.alphabet.characters) == set(load_alphabet("digits").characters) | {"a"}
    assert kept.alphabet.form == "NFC"


def test_forms_are_not_mixed_in_silence(tmp_path):
    (tmp_path / "d.json").write_text(load_alphabet("fr", "NFD").to_json(), encoding="utf-8")
    with pytest.raises(DataError, match="--form"):
        take_inventory(f"{tmp_path / 'd.json'}+en")
    joined = take_inventory(f"{tmp_path / 'd.json'}+vi", "NFD")
    assert joined.alphabet.form == "NFD"


@pytest.mark.parametrize("place", ["en+", "+en", "en+klingon", "nowhere:x"])
def test_what_is_no_place_is_refused(place):
    with pytest.raises((UsageError, DataError), match="There is no"):
        take_inventory(place)


def test_a_damaged_alphabet_file_is_told_in_one_sentence(tmp_path):
    (tmp_path / "a.json").write_bytes(b'{"characters": "a\xff')
    with pytest.raises(DataError, match="This is no alphabet"):
        take_inventory(str(tmp_path / "a.json"))
