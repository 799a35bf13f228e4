"""Sources: every kind of file, damage that is told with its place, and prose that reads as English."""

import gzip
import json
import lzma
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from common.errors import DataError, UsageError
from corpora.builtin import is_prose, prose
from corpora.raw_text import Loss
from corpora.sources import identify, parse_spec, read_source

TEXT = "first line\nsecond línea\n\nthird line\n"
PACKERS = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def texts(spec: str, losses: list[Loss] | None = None) -> list[str]:
    return [raw.text for raw in read_source(spec, losses)]


def kept(spec: str, losses: list[Loss] | None = None) -> list[str]:
    return [text for text in texts(spec, losses) if text.strip()]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_lines_are_paragraphs_and_empty_lines_end_documents(tmp_path):
    raws = list(read_source(f"file:{write(tmp_path / 'a.txt', TEXT)}"))
    assert [(raw.text, raw.document) for raw in raws] == [
        ("first line", 0),
        ("second línea", 0),
        ("third line", 1),
    ]


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_text_reads_like_plain_text(tmp_path, suffix):
    path = write(tmp_path / f"a.txt{suffix}", PACKERS[suffix](TEXT.encode()))
    assert texts(str(path)) == ["first line", "second línea", "third line"]


def test_windows_line_ends_and_byte_order_mark(tmp_path):
    path = write(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\r\n")
    assert texts(str(path)) == ["one", "two"]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_json_lines(tmp_path, suffix):
    content = "\n".join(json.dumps({"id": k, "text": f"number {k}\nmore"}) for k in range(3)).encode()
    path = write(tmp_path / f"a.jsonl{suffix}", gzip.compress(content) if suffix else content)
    raws = list(read_source(str(path)))
    assert [raw.text for raw in raws] == ["number 0", "more", "number 1", "more", "number 2", "more"]
    assert [raw.document for raw in raws] == [0, 0, 1, 1, 2, 2]


def test_broken_json_lines_are_losses(tmp_path):
    losses: list[Loss] = []
    path = write(tmp_path / "a.jsonl", '{"text": "good"}\n{"text": \n{"text": 3}\n{"id": 1}\n')
    assert texts(str(path), losses) == ["good"]
    assert [(loss.position, loss.reason) for loss in losses] == [
        (17, "not-json"),
        (27, "not-text"),
        (39, "not-text"),
    ]


def test_parquet_with_a_named_column(tmp_path):
    pq.write_table(pa.table({"title": ["t1", "t2"], "body": ["one", None]}), tmp_path / "a.parquet")
    assert texts(f"file:{tmp_path}/a.parquet") == ["one"]
    assert texts(f"file:{tmp_path}/a.parquet?column=title") == ["t1", "t2"]
    with pytest.raises(UsageError, match="did you mean 'title'"):
        texts(f"file:{tmp_path}/a.parquet?column=titel")


def test_cut_parquet_is_refused(tmp_path):
    pq.write_table(pa.table({"text": ["one"]}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    write(tmp_path / "a.parquet", whole[:-9])
    with pytest.raises(DataError, match="not a whole Parquet file"):
        texts(str(tmp_path / "a.parquet"))


def test_a_column_without_usual_name_must_be_named(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"id": "x", "words": "y"}\n')
    with pytest.raises(DataError, match="columns id, words"):
        texts(str(path))
    assert texts(f"{path}?column=words") == ["y"]


def test_folders_and_globs_in_name_order(tmp_path):
    (tmp_path / "deep er").mkdir()
    write(tmp_path / "b.txt", "bee")
    write(tmp_path / "deep er" / "c.txt.gz", gzip.compress(b"sea"))
    write(tmp_path / "a.png", "not text")
    assert texts(f"file:{tmp_path}") == ["bee", "sea"]
    assert texts(f"file:{tmp_path}/*/?.txt.gz") == ["sea"]
    assert {raw.document for raw in read_source(str(tmp_path))} == {0, 1}


def test_odd_file_names_are_read_and_written_as_utf8(tmp_path):
    for name in (b"caf\xe9.txt", "été #1?.txt".encode(), b"a [b].TXT"):
        (tmp_path / os.fsdecode(name)).write_text(f"text of {len(name)}")
    raws = list(read_source(str(tmp_path)))
    assert sorted(raw.text for raw in raws) == ["text of 13", "text of 8", "text of 9"]
    assert all(raw.source.encode() for raw in raws)
    assert texts(f"file:{tmp_path}/été #1?.txt") == ["text of 13"]
    assert texts(f"{tmp_path}/a [b].TXT") == ["text of 9"]


@pytest.mark.parametrize("suffix", PACKERS)
def test_the_good_part_of_a_cut_stream_is_used_and_the_loss_told(tmp_path, suffix):
    lines = [f"line {k} {k * 7919 % 10007:x} of a long text" for k in range(20000)]
    packed = PACKERS[suffix]("\n".join(lines).encode())
    losses: list[Loss] = []
    found = texts(str(write(tmp_path / f"a.txt{suffix}", packed[: len(packed) * 2 // 3])), losses)
    assert found == lines[: len(found)]
    assert 1000 < len(found) < 20000
    assert [loss.reason for loss in losses] == ["truncated"]
    assert losses[0].position == len("\n".join(found)) + 1


def test_zstd_frames_follow_each_other(tmp_path):
    frames = b"".join(PACKERS[".zst"](part.encode()) for part in ("one\ntw", "o\nthree"))
    assert texts(str(write(tmp_path / "a.txt.zst", frames))) == ["one", "two", "three"]


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_stream_with_a_broken_byte_is_a_loss_not_a_traceback(tmp_path, suffix):
    packed = bytearray(PACKERS[suffix]("\n".join(map(str, range(50000))).encode()))
    packed[len(packed) // 2] ^= 0xFF
    losses: list[Loss] = []
    texts(str(write(tmp_path / f"a.txt{suffix}", bytes(packed))), losses)
    assert {loss.reason for loss in losses} & {"damaged", "truncated"}


def test_lines_in_another_encoding_are_losses_with_their_byte(tmp_path):
    losses: list[Loss] = []
    path = write(tmp_path / "a.txt", b"good\nca\xe9\nfine\ncut \xc3")
    assert kept(str(path), losses) == ["good", "fine"]
    assert [(loss.position, loss.reason) for loss in losses] == [(7, "not-utf8"), (18, "not-utf8")]


@pytest.mark.parametrize("content", [b"", b"\n \n\n"])
def test_empty_sources_are_refused(tmp_path, content):
    path = write(tmp_path / "a.txt", content)
    with pytest.raises(DataError, match=r"is empty|holds no text"):
        texts(str(path))


def test_a_folder_of_empty_files_is_refused(tmp_path):
    write(tmp_path / "a.txt", "")
    write(tmp_path / "b.txt", "")
    with pytest.raises(DataError, match="is empty"):
        read_source(str(tmp_path))
    write(tmp_path / "b.txt", "\n\n")
    with pytest.raises(DataError, match="holds no text"):
        texts(str(tmp_path))


def test_missing_sources_are_refused_before_reading(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_source(f"file:{tmp_path}/none.txt")
    with pytest.raises(DataError, match="in the folder"):
        read_source(str(tmp_path))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("fil:x", "did you mean 'file'"),
        ("builtin:eng", "did you mean 'en'"),
        ("builtin:", "names nothing"),
        ("hf:x?colum=a", "did you mean 'column'"),
        ("builtin:en?split=a", "unknown option"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(spec, message):
    with pytest.raises(UsageError, match=message):
        read_source(spec)


def test_a_spec_taken_apart():
    parsed = parse_spec("hf:user/set:config?split=test&column=body")
    assert (parsed.scheme, parsed.target) == ("hf", "user/set:config")
    assert parsed.options == {"split": "test", "column": "body"}
    assert parse_spec("some/dir:odd.txt").scheme == "file"
    assert parse_spec("file:a?.txt").target == "a?.txt"


@pytest.mark.parametrize(
    "spec", ["builtin:en", "some/a.txt", "file:a.jsonl?column=x", "hf:user/set", "url:s3://b/a.txt"]
)
def test_any_source_may_have_a_weight(spec):
    assert parse_spec(spec).weight is None
    weighed = parse_spec(f"{spec}{'&' if '?' in spec else '?'}weight=2.5")
    assert weighed.weight == 2.5
    assert (weighed.scheme, weighed.target) == (parse_spec(spec).scheme, parse_spec(spec).target)
    assert "weight" not in weighed.options


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "much", ""])
def test_a_weight_is_a_positive_number(weight):
    with pytest.raises(UsageError, match="positive number"):
        parse_spec(f"file:a.txt?column=x&weight={weight}")


def test_identity_changes_with_the_file(tmp_path):
    path = write(tmp_path / "a.txt", "one")
    before = identify(str(path))
    assert identify(str(path)) == before
    write(path, "two more")
    assert identify(str(path)) != before


def test_builtin_english_is_deterministic_prose():
    raws = list(read_source("builtin:en"))
    assert raws == list(read_source("builtin:en"))
    assert sum(len(raw.text) for raw in raws) > 50_000
    assert all(is_prose(raw.text) for raw in raws)
    assert not any("```" in raw.text or "::" in raw.text or "http:" in raw.text for raw in raws)


def test_builtin_numbers_are_deterministic():
    raws = texts("builtin:numbers")
    assert raws == texts("builtin:numbers")
    assert set("".join(raws)) == set("0123456789/.,-: +")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The name is bound to the object in the local namespace.", True),
        ("Is this the case when it is used as a key?", True),
        ("x = foo(bar) is how it is used in the code.", False),
        ("the sentence begins in the middle of the text.", False),
        ("The sentence has no end and is not used", False),
        ("See https://example.org for the rest of the text.", False),
        ("The foo_bar of the object is not used here.", False),
        ("Install now.", False),
        ("Linux Windows Darwin Solaris FreeBSD Android.", False),
        ("Nadie sabe nunca nada sobre este libro antiguo.", False),
    ],
)
def test_what_reads_as_english(sentence, expected):
    assert is_prose(sentence) is expected


def test_markup_and_code_are_left_out_of_prose():
    text = """# Title

This is the **first** sentence of [the text](https://x.org). It is
wrapped and it goes on to the end.

```python
The code is not for the reader of this text.
```

    The indented block is not for the reader either.

* The item of a list is a paragraph of its own.
* pip install x
"""
    runs = [" ".join(run) for run in prose(text)]
    assert runs == [
        "This is the first sentence of the text. It is wrapped and it goes on to the end. "
        "The item of a list is a paragraph of its own."
    ]
