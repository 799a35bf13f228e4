"""`inkmill alphabet` and `inkmill tokenizer` through the real command line."""

import json

import pytest

from corpora.alphabet import load_alphabet
from recognize.model_file import ModelFile, save_model
from recognize.preprocessing import Preprocessing
from tests.pretrain.conftest import toy_model

TEXT = "The kings of these things and the other kings of the north sing to the queen in the morning.\n"


@pytest.fixture
def text(tmp_path):
    lines = [TEXT.replace("kings", word) for word in ("kings", "wings", "songs", "rings", "lines", "hands")]
    (tmp_path / "text.txt").write_text("".join(lines) + "Ω naïve\n", encoding="utf-8")
    return tmp_path / "text.txt"


def test_show_lists_code_points_names_and_counts(inkmill, text):
    result = inkmill("alphabet", "show", "text.txt")
    assert result.returncode == 0, result.stderr
    assert "text.txt: " in result.stdout and "characters in NFC, fingerprint" in result.stdout
    [omega] = [line for line in result.stdout.splitlines() if "OMEGA" in line]
    assert omega.split() == ["U+03A9", "Ω", "GREEK", "CAPITAL", "LETTER", "OMEGA", "1"]
    assert "CLDR" in inkmill("alphabet", "show", "vi").stdout.splitlines()[1]
    found = json.loads(inkmill("alphabet", "show", "fr", "--form", "nfd", "--json").stdout)
    assert found["form"] == "NFD" and found["characters"]["\N{COMBINING CEDILLA}"] is None


def test_make_writes_an_alphabet_and_lists_what_it_left_out(inkmill, text, tmp_path):
    result = inkmill("alphabet", "make", "digits", "text.txt", "--min-count", "2", "--out", "mine.json")
    assert result.returncode == 0, result.stderr
    made = load_alphabet(str(tmp_path / "mine.json"))
    assert "Ω" not in made.ids and "7" in made.ids
    assert "left out, fewer than 2 times" in result.stdout and "U+03A9" in result.stdout
    built = inkmill("corpus", "build", "text.txt", "--alphabet", "mine.json", "--out", "corpus")
    assert built.returncode == 0, built.stderr


def test_diff_tells_look_alikes_and_fails_only_when_asked(inkmill):
    result = inkmill("alphabet", "diff", "uk", "en")
    assert result.returncode == 0
    assert "only in A" in result.stdout and "31 characters in both" in result.stdout
    [line] = [line for line in result.stdout.splitlines() if line.startswith("  U+0456")]
    assert "looks like i (U+0069 LATIN SMALL LETTER I)" in line
    assert inkmill("alphabet", "diff", "uk", "en", "--fail").returncode == 1
    assert inkmill("alphabet", "diff", "de+fr", "fr+de", "--fail", "--all").returncode == 0
    assert json.loads(inkmill("alphabet", "diff", "uk", "ru", "--json").stdout)["only_b"]


def test_diff_of_two_forms_says_so_and_compares_in_one_when_asked(inkmill, tmp_path):
    (tmp_path / "d.json").write_text(load_alphabet("fr", "NFD").to_json(), encoding="utf-8")
    assert "The Unicode forms differ" in inkmill("alphabet", "diff", "fr", "d.json").stdout
    assert inkmill("alphabet", "diff", "fr", "d.json", "--form", "NFD", "--fail").returncode == 0


def test_a_model_is_compared_with_what_it_is_to_read(inkmill, text, tmp_path):
    alphabet = load_alphabet("en")
    save_model(tmp_path / "model", ModelFile(toy_model(alphabet), alphabet, Preprocessing()))
    result = inkmill("alphabet", "diff", "model", "text.txt")
    assert result.returncode == 0, result.stderr
    assert "A: model: 83 characters in NFC" in result.stdout
    assert "U+03A9" in result.stdout.partition("only in B")[2]


def test_faults_are_told_without_a_traceback(inkmill, text):
    for arguments, expected in (
        (("alphabet", "show", "eng"), "did you mean 'en'?"),
        (("alphabet", "show", "en", "--form", "NFX"), "no Unicode form 'NFX'"),
        (("alphabet", "make", "text.txt", "--min-count", "9999", "--out", "x.json"), "No character of"),
        (("tokenizer", "train", "nothing", "--out", "x.json"), "There is no"),
        (("tokenizer", "train", "text.txt", "--pieces", "5000", "--out", "x.json"), "does not yield 5000"),
        (("tokenizer", "show", "text.txt"), "no tokenizer"),
    ):
        result = inkmill(*arguments)
        assert result.returncode in (2, 3), arguments
        assert expected in result.stderr and "Traceback" not in result.stderr
    assert not (text.parent / "x.json").exists()


def test_train_and_show_count_tokens(inkmill, text, tmp_path):
    made = inkmill("tokenizer", "train", "text.txt", "--pieces", "80", "--out", "bpe.json")
    assert made.returncode == 0, made.stderr
    assert "80 tokens, fingerprint" in made.stdout and "tokens a line, the longest" in made.stdout
    first = (tmp_path / "bpe.json").read_bytes()
    inkmill("tokenizer", "train", "text.txt", "--pieces", "80", "--out", "again.json")
    assert (tmp_path / "again.json").read_bytes() == first
    shown = inkmill("tokenizer", "show", "bpe.json", "--text", "the queen  sings", "--lines", "text.txt")
    [line] = [line for line in shown.stdout.splitlines() if "|" in line]
    pieces = line.partition("|")[2].removesuffix("|")
    assert pieces.replace("|", "") == "the queen  sings"
    assert "7 lines" in shown.stdout
    unknown = inkmill("tokenizer", "show", "bpe.json", "--text", "ñ 漢").stdout
    assert "unknown: 'ñ' (U+00F1" in unknown and "'漢' (U+6F22" in unknown
    listed = inkmill("tokenizer", "show", "bpe.json").stdout.splitlines()
    assert [row.split()[1] for row in listed[1:5]] == ["BOS", "PAD", "EOS", "UNK"] and len(listed) == 81


def test_a_tokenizer_is_trained_on_a_corpus_and_measured_on_drawn_lines(inkmill, text):
    assert inkmill("corpus", "build", "text.txt", "--out", "corpus", "--alphabet", "en").returncode == 0
    made = inkmill("tokenizer", "train", "corpus", "--pieces", "110", "--out", "bpe.json", "--target", "demo")
    assert made.returncode == 0, made.stderr
    assert "2,000 lines: " in made.stdout and "unknown" not in made.stdout
