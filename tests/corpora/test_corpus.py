"""The corpus folder: random access, honest counts, whole or not there."""

import gzip
import json
import os
import pickle

import pytest
import zstandard

from common.errors import DataError
from corpora import corpus as corpus_module
from corpora.alphabet import load_alphabet
from corpora.build import BuildOptions, build_corpus
from corpora.building import clean, documents
from corpora.corpus import load_corpus

ENGLISH = load_alphabet("en")
ALIKE = BuildOptions(near_repeats=0)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(
        "One “quoted” line.\nAnother line.\n\nЖук\nA third.\nAnother line.\n\u200b\nLast.\n", encoding="utf-8"
    )
    return path


def test_paragraphs_join_to_documents_and_everything_is_counted(text, tmp_path):
    corpus = build_corpus([str(text)], ENGLISH, tmp_path / "out")
    assert [document for document, _ in corpus] == ['One "quoted" line. Another line.', "A third.", "Last."]
    counts = corpus.counts
    assert (counts.paragraphs, counts.kept, counts.documents) == (7, 4, 3)
    assert counts.dropped == {"duplicate": 1, "empty": 1, "foreign": 1}
    assert counts.edited == {"quotes": 1}
    assert counts.paragraphs == counts.kept + sum(counts.dropped.values())
    assert "Жук" in counts.samples["foreign"][0] and "U+0416" in counts.samples["foreign"][0]
    assert counts.characters == sum(len(document) for document, _ in corpus) == corpus.characters.sum()
    assert corpus[1] == ("A third.", f"file:{text}")
    with pytest.raises(IndexError):
        corpus[3]


def test_documents_of_two_sources_do_not_join(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"Text {name}.\n")
    corpus = build_corpus([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], ENGLISH, tmp_path / "out")
    assert [source for _, source in corpus] == [f"file:{tmp_path}/a.txt", f"file:{tmp_path}/b.txt"]


def test_many_batches_are_indexed_right(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus_module, "BATCH", 4)
    monkeypatch.setattr(documents, "BATCH", 4)
    (tmp_path / "a.txt").write_text("\n\n".join(f"Document {k}" for k in range(11)))
    corpus = build_corpus([str(tmp_path / "a.txt")], ENGLISH, tmp_path / "out", ALIKE)
    assert [corpus[k][0] for k in range(11)] == [f"Document {k}" for k in range(11)]


def test_long_documents_are_divided(tmp_path):
    lines = [f"Line {k} of a long document without an empty line." for k in range(400)]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    corpus = build_corpus([str(tmp_path / "a.txt")], ENGLISH, tmp_path / "out", ALIKE)
    assert len(corpus) > 3 and max(corpus.characters) <= corpus_module.DOCUMENT_CHARACTERS
    assert " ".join(document for document, _ in corpus) == " ".join(lines)


def test_a_paragraph_without_end_is_cut_at_word_borders(tmp_path):
    words = " ".join(f"word{k}" for k in range(3000))
    (tmp_path / "a.txt").write_text(words)
    corpus = build_corpus([str(tmp_path / "a.txt")], ENGLISH, tmp_path / "out")
    assert corpus.counts.kept == 1
    assert max(corpus.characters) <= corpus_module.DOCUMENT_CHARACTERS
    assert " ".join(document for document, _ in corpus) == words


def test_limit_and_repeats(text, tmp_path):
    assert build_corpus([str(text)], ENGLISH, tmp_path / "two", BuildOptions(limit=2)).counts.kept == 2
    assert build_corpus([str(text)], ENGLISH, tmp_path / "rep", BuildOptions(repeats=2)).counts.dropped == {
        "empty": 1,
        "foreign": 1,
    }


def test_same_content_same_fingerprint_and_opened_again(text, tmp_path):
    first = build_corpus([str(text)], ENGLISH, tmp_path / "one")
    stamp = (tmp_path / "one" / "documents-00000.arrow").stat().st_mtime_ns
    assert build_corpus([str(text)], ENGLISH, tmp_path / "one").fingerprint == first.fingerprint
    assert (tmp_path / "one" / "documents-00000.arrow").stat().st_mtime_ns == stamp
    assert build_corpus([str(text)], ENGLISH, tmp_path / "two").fingerprint == first.fingerprint
    assert (
        build_corpus([str(text)], ENGLISH, tmp_path / "three", BuildOptions(limit=2)).fingerprint
        != first.fingerprint
    )
    assert load_corpus(tmp_path / "one").alphabet == ENGLISH


def test_the_fingerprint_is_of_content_not_of_time(text, tmp_path):
    first = build_corpus([str(text)], ENGLISH, tmp_path / "one")
    os.utime(text, (1, 1))
    assert build_corpus([str(text)], ENGLISH, tmp_path / "two").fingerprint == first.fingerprint
    with pytest.raises(DataError, match=r"\(sources changed in content: .*text.txt\)"):
        build_corpus([str(text)], ENGLISH, tmp_path / "one")


def test_a_corpus_from_other_settings_is_not_touched(text, tmp_path):
    build_corpus([str(text)], ENGLISH, tmp_path / "out")
    with pytest.raises(DataError, match=r"alphabet had nothing, has .*and 15 more instead"):
        build_corpus([str(text)], load_alphabet("fr"), tmp_path / "out")
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "thesis.doc").write_text("mine")
    with pytest.raises(DataError, match="not empty"):
        build_corpus([str(text)], ENGLISH, tmp_path / "busy")
    assert (tmp_path / "busy" / "thesis.doc").read_text() == "mine"


def test_an_alphabet_that_rejects_everything_is_told_and_leaves_nothing(text, tmp_path):
    with pytest.raises(
        DataError, match=r"No line of .* is left after cleaning: 1 empty, 6 foreign; for example 'One"
    ):
        build_corpus([str(text)], load_alphabet("digits"), tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"text.txt"}


def test_a_failing_source_leaves_nothing(text, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(5, "input/output error")

    monkeypatch.setattr(clean, "read_part_batches", fail)
    with pytest.raises(OSError, match="input/output"):
        build_corpus([str(text)], ENGLISH, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"text.txt"}


def test_losses_are_counted_with_their_place(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"A good line.\nA b\xe9d line.\n")
    corpus = build_corpus([str(tmp_path / "a.txt")], ENGLISH, tmp_path / "out")
    assert corpus.counts.dropped == {"not-utf8": 1}
    assert corpus.counts.losses[0]["position"] == 16
    assert (corpus.counts.paragraphs, corpus.counts.kept) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("a.txt", "Hello\nthere\nyou\n".encode("utf-16"), r"not-utf8.*iconv"),
        ("a.txt", "Crème brûlée\n".encode("latin-1") * 3, r"not-utf8.* Expected: UTF-8\. .*iconv"),
        (
            "a.txt.gz",
            b"This is plain text.\n",
            r"damaged.*byte 0 of .*fetch them again, or correct their suffix",
        ),
        ("a.txt.zst", b"This is plain text.\n", r"damaged.*fetch them again, or correct their suffix"),
        ("a.txt.gz", gzip.compress(b"text " * 9, mtime=0)[:12], "truncated.*fetch them again"),
        ("a.txt.zst", zstandard.compress(b"text " * 9)[:9], "truncated.*fetch them again"),
        ("a.jsonl", b"no json\n", "not-json.*check the file and its column"),
        ("a.txt", "Жук\n".encode(), "foreign.*use another alphabet"),
        ("a.txt", "Жук\nЖ\n".encode() + b"\xe9\n", "foreign.*use another alphabet"),
    ],
)
def test_the_remedy_is_that_of_what_dropped_most(tmp_path, name, content, remedy):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=remedy):
        build_corpus([str(tmp_path / name)], ENGLISH, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_file_among_others_is_counted(text, tmp_path):
    (tmp_path / "empty.txt").touch()
    counts = build_corpus([str(tmp_path)], ENGLISH, tmp_path / "out").counts
    assert (counts.kept, counts.dropped["empty-file"]) == (4, 1)
    assert [loss["source"] for loss in counts.losses] == [str(tmp_path / "empty.txt")]


def test_a_corpus_pickles_as_its_path(text, tmp_path):
    corpus = build_corpus([str(text)], ENGLISH, tmp_path / "out")
    packed = pickle.dumps(corpus)
    assert len(packed) < 500
    assert list(pickle.loads(packed)) == list(corpus)


def test_damaged_folders_are_told(text, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(DataError, match="json is missing"):
        load_corpus(out)
    build_corpus([str(text)], ENGLISH, out)
    facts = (out / "corpus.json").read_text()
    (out / "corpus.json").write_text(facts[:40])
    with pytest.raises(DataError, match="damaged"):
        load_corpus(out)
    (out / "corpus.json").write_text(json.dumps(json.loads(facts) | {"settings": {"format": 99}}))
    with pytest.raises(DataError, match="another format"):
        load_corpus(out)
    (out / "corpus.json").write_text(facts)
    table = (out / "documents-00000.arrow").read_bytes()
    (out / "documents-00000.arrow").write_bytes(table[: len(table) // 2])
    with pytest.raises(DataError, match="damaged"):
        load_corpus(out)
