"""``inkmill data``: what it says of a data set, leaks between splits, the contact sheet, the export."""

import json

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError, UsageError
from corpora.handwriting.contact_sheet import write_sheet
from corpora.handwriting.description import describe, spread
from corpora.handwriting.export import export_lines
from corpora.handwriting.leaks import find_leaks
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines
from tests.corpora.handwriting_files import picture, written


@pytest.fixture
def table(tmp_path):
    rows = {
        "train": [
            ("a", "one \u0103", "w1", "p1", 10),
            ("b", "two three", "w2", "p2", 20),
            ("c", "same", "w2", "p2", 30),
        ],
        "val": [("d", "same", "w3", "p3", 30), ("e", "four", "w2", "p4", 40)],
        "test": [("f", "same", "w4", "p5", 60), ("g", "fi\u00e9\u00e9", "w5", "p4", 70)],
    }
    for split, lines in rows.items():
        for name, *_, shade in lines:
            picture(tmp_path / f"{name}.png", shade, (40 + shade, 20))
        body = "".join(f"{name}.png\t{text}\t{writer}\t{page}\n" for name, text, writer, page, _ in lines)
        written(tmp_path / f"{split}.tsv", "file\ttext\twriter\tpage\n" + body)
    return tmp_path


def test_fault_94_writers_pages_and_lines_in_two_splits_are_found(table):
    leaks = find_leaks(read_lines(f"tsv:{table}"))
    assert [(leak.kind, leak.splits, leak.values) for leak in leaks] == [
        ("line", ("train", "validation"), ("d",)),
        ("page", ("validation", "test"), ("p4",)),
        ("writer", ("train", "validation"), ("w2",)),
        ("text", ("train", "validation"), ("same",)),
        ("text", ("train", "test"), ("same",)),
        ("text", ("validation", "test"), ("same",)),
    ]
    assert [leak.serious for leak in leaks] == [True, True, True, False, False, False]


def test_fault_94_a_test_set_that_is_the_validation_set_is_found(table):
    copied = (table / "val.tsv").read_text()
    written(table / "test.tsv", copied)
    with pytest.raises(DataError, match="lists d 2 times"):
        read_lines(f"tsv:{table}")
    for name in "de":
        (table / f"{name}2.png").write_bytes((table / f"{name}.png").read_bytes())
    written(table / "test.tsv", copied.replace(".png", "2.png"))
    leaks = find_leaks(read_lines(f"tsv:{table}"))
    assert ("line", ("validation", "test"), ("d2", "e2")) in {
        (leak.kind, leak.splits, leak.values) for leak in leaks
    }


def test_splits_without_anything_in_common_have_no_leaks(table):
    lines = [line for line in read_lines(f"tsv:{table}") if line.id in ("a", "d", "g")]
    assert find_leaks(lines) == []


def test_the_figures_of_a_data_set(table):
    found = describe("mine", read_lines(f"tsv:{table}"), Policy(), None)
    train, validation, test = found.splits
    assert (train.lines, train.writers, train.pages, train.characters) == (3, 2, 2, 18)
    assert (train.length.least, train.length.median, train.length.most) == (4, 5, 9)
    assert (train.words.least, train.words.most) == (1, 2)
    assert (found.pictures, found.heights.most, found.widths.least, found.widths.most) == (7, 20, 50, 110)
    assert found.alphabet["\u0103"] == 1 and list(found.alphabet) == sorted(found.alphabet)
    assert test.unseen == {"f": 1, "i": 1, "\u00e9": 2}
    assert len(train.list_hash) == 64 and train.list_name == ""
    assert json.loads(json.dumps(found.to_json()))["splits"][1]["lines"] == validation.lines


def test_pictures_are_sampled_evenly(table):
    lines = read_lines(f"tsv:{table}")
    assert [line.id for line in spread(lines, 3)] == ["a", "c", "e"]
    assert describe("mine", lines, Policy(), 3).pictures == 3


def test_a_data_set_is_told_on_the_command_line(inkmill, table):
    done = inkmill("data", f"tsv:{table}", "--sheet", "sheet.png", "-n", "2")
    assert done.returncode == 0, done.stderr
    assert "train           3        2" in done.stdout
    assert "LEAK: train and validation share 1 writer, such as 'w2'" in done.stdout
    assert "only in test, not in train: 'f' 1, 'i' 1, 'é' 2" in done.stdout
    assert "validation  d  same" in done.stdout
    assert "7 pictures opened: height 20 to 20" in done.stdout


def test_figures_as_json_are_all_that_is_on_stdout(inkmill, table):
    done = inkmill("data", f"tsv:{table}", "--json", "--export", "copy")
    figures = json.loads(done.stdout)
    assert [split["lines"] for split in figures["splits"]] == [3, 2, 2]
    assert figures["leaks"][0] == {"kind": "line", "splits": ["train", "validation"], "values": ["d"]}
    assert "copy: 7 lines" in done.stderr


def test_pictures_that_cannot_be_read_are_named_and_told_by_the_exit_code(inkmill, table):
    (table / "b.png").write_bytes(b"no picture")
    done = inkmill("data", f"tsv:{table}")
    assert done.returncode == 3
    assert "cannot be read: b: " in done.stdout and "b.png is no picture or is damaged" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_wrong_spec_leaves_with_one_sentence(inkmill, tmp_path):
    done = inkmill("data", f"iam:{tmp_path}")
    assert (done.returncode, done.stdout) == (3, "")
    assert "holds no list of lines: it is empty. Expected: ascii/lines.txt or lines.txt" in done.stderr


def test_an_export_reads_back_as_the_same_lines(table):
    lines = read_lines(f"tsv:{table}")
    export_lines("mine", lines, table / "copy")
    again = read_lines(f"tsv:{table}/copy")
    assert [(line.id, line.text, line.split, line.writer, line.page) for line in again] == [
        (line.id, line.text, line.split, line.writer, line.page) for line in lines
    ]
    assert all(np.array_equal(a.load(), b.load()) for a, b in zip(lines, again, strict=True))
    assert json.loads((table / "copy" / "source.json").read_text())["lines"] == {
        "train": 3,
        "validation": 2,
        "test": 2,
    }


def test_an_export_is_whole_or_not_there(table):
    lines = read_lines(f"tsv:{table}")
    (table / "f.png").unlink()
    before = sorted(table.iterdir())
    with pytest.raises(DataError, match=r"f\.png does not exist"):
        export_lines("mine", lines, table / "copy")
    assert sorted(table.iterdir()) == before
    with pytest.raises(DataError, match="is there already"):
        export_lines("mine", lines, table)


@pytest.mark.parametrize("name", ["sheet.png", "sheet.html"])
def test_the_contact_sheet_shows_lines_and_texts(table, name):
    lines = read_lines(f"tsv:{table}")
    out = write_sheet(lines, table / name, "mine")
    if name.endswith("png"):
        sheet = np.asarray(Image.open(out).convert("L"))
        assert all((sheet == shade).sum() >= 20 * (40 + shade) for shade in (10, 20, 60, 70))
    else:
        page = out.read_text()
        assert (
            page.count("data:image/png") == 7
            and "fiéé" in page
            and "http" not in page.replace("http://www.w3", "")
        )


def test_a_sheet_of_another_kind_is_refused(table):
    with pytest.raises(UsageError, match=r"one of: \.png, \.html"):
        write_sheet(read_lines(f"tsv:{table}"), table / "sheet.gif", "mine")
