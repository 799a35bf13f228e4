"""One SPEC grammar for real handwriting, and faults told by file and line."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError, UsageError
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines


def picture(path: Path, shade: int = 200) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (40, 20), shade).save(path)


@pytest.fixture
def table(tmp_path):
    for k in range(3):
        picture(tmp_path / "lines" / f"l{k}.png", 100 + k)
    (tmp_path / "train.tsv").write_text(
        'file\ttext\twriter\tpage\nlines/l0.png\tcafe\u0301 "au  lait"\tw1\tp1\nlines/l1.png\tsecond\t\tp1\n',
        encoding="utf-8",
    )
    (tmp_path / "val.tsv").write_text("file\ttext\twriter\tpage\nlines/l2.png\tthird\tw2\tp2\n")
    return tmp_path


def test_a_folder_of_tables(table):
    lines = read_lines(f"tsv:{table}")
    assert [(line.id, line.text, line.split, line.writer, line.page) for line in lines] == [
        ("lines/l0", 'café "au lait"', "train", "w1", "p1"),
        ("lines/l1", "second", "train", None, "p1"),
        ("lines/l2", "third", "validation", "w2", "p2"),
    ]
    assert [int(line.load()[0, 0]) for line in lines] == [100, 101, 102]
    assert [line.id for line in read_lines(f"tsv:{table}", "validation")] == ["lines/l2"]


def test_lines_pickle_for_workers(table):
    line = pickle.loads(pickle.dumps(read_lines(f"tsv:{table}")[0]))
    assert line.load().shape == (20, 40)


@pytest.mark.parametrize(
    ("name", "split"),
    [("train", "train"), ("val", "validation"), ("validation", "validation"), ("Test", "test")],
)
def test_a_lone_table_named_after_a_split_is_that_split(table, name, split, caplog):
    (table / "train.tsv").rename(table / f"{name}.tsv")
    lines = read_lines(f"tsv:{table}/{name}.tsv", split)
    assert [line.id for line in lines] == ["lines/l0", "lines/l1"]
    assert not caplog.text
    with pytest.raises(DataError, match=rf"no lines for .* a split that is there: {split}\. What to do"):
        read_lines(f"tsv:{table}/{name}.tsv", "train" if split != "train" else "test")


@pytest.fixture
def lone(tmp_path):
    """200 lines of 40 writers without any split: as a table, a list, and a folder of pairs."""
    picture(tmp_path / "mine" / "p.png")
    names = [f"l{k:03d}" for k in range(200)]
    for name in names:
        (tmp_path / "mine" / f"{name}.png").hardlink_to(tmp_path / "mine" / "p.png")
        (tmp_path / "mine" / f"{name}.gt.txt").write_text(name)
    (tmp_path / "mine" / "p.png").unlink()
    (tmp_path / "mine" / "all.ln").write_text("".join(f"{name}.png\n" for name in names))
    rows = [f"{name}.png\t{name}\tw{k % 40}\n" for k, name in enumerate(names)]
    (tmp_path / "mine" / "all.tsv").write_text("file\ttext\twriter\n" + "".join(rows))
    (tmp_path / "mine" / "turned.tsv").write_text("file\ttext\twriter\n" + "".join(reversed(rows)))
    plain = "".join(f"{row.rsplit(chr(9), 1)[0]}\n" for row in rows)
    (tmp_path / "mine" / "plain.tsv").write_text("file\ttext\n" + plain)
    return tmp_path / "mine"


@pytest.mark.parametrize("spec", ["tsv:{}/all.tsv", "tsv:{}/plain.tsv", "ln:{}/all.ln", "pairs:{}"])
def test_lines_without_splits_are_drawn_into_them_with_one_warning(lone, spec, caplog):
    spec = spec.format(lone)
    parts = {
        split: {line.id for line in read_lines(spec, split)} for split in ("train", "validation", "test")
    }
    assert sum(map(len, parts.values())) == len(set().union(*parts.values())) == 200
    assert len(parts["train"]) > 120 and min(len(parts["validation"]), len(parts["test"])) > 8
    assert {split: {line.id for line in read_lines(spec) if line.split == split} for split in parts} == parts
    [warning] = caplog.messages
    assert "names no splits" in warning and "To decide it yourself" in warning


def test_drawn_splits_keep_writers_apart_and_do_not_depend_on_the_order(lone, caplog):
    lines = read_lines(f"tsv:{lone}/all.tsv")
    assert len({(line.writer, line.split) for line in lines}) == 40
    turned = read_lines(f"tsv:{lone}/turned.tsv")
    assert {(line.id, line.split) for line in lines} == {(line.id, line.split) for line in turned}
    assert "every writer is drawn" in caplog.text


def test_the_lines_of_one_writer_are_drawn_one_by_one(lone, caplog):
    rows = (lone / "all.tsv").read_text().splitlines()
    (lone / "me.tsv").write_text("\n".join([rows[0], *(row.rsplit("\t", 1)[0] + "\tme" for row in rows[1:])]))
    assert {line.split for line in read_lines(f"tsv:{lone}/me.tsv")} == {"train", "validation", "test"}
    assert "every line is drawn" in caplog.text
    assert "Too few to fill all three, so splits share them: writers (1)." in caplog.text


def test_a_table_of_a_header_alone_is_told_without_nonsense(table):
    (table / "onlyhead.tsv").write_text("file\ttext\n")
    with pytest.raises(DataError, match=r"holds no line that can be used\. Expected: at least one picture"):
        read_lines(f"tsv:{table}/onlyhead.tsv", "test")


def test_the_remedy_for_a_missing_picture_can_be_followed(table):
    (table / "bad.tsv").write_text("file\ttext\nlines/none.png\tone\n")
    with pytest.raises(DataError, match=r"mend its name.* or remove the line") as error:
        read_lines(f"tsv:{table}/bad.tsv")
    assert "policy" not in str(error.value)


def test_what_is_skipped_is_told_once_however_many_splits_are_read(table, caplog):
    with (table / "train.tsv").open("a") as file:
        file.write("lines/l2.png\t\tw1\tp1\n")
    read_lines(f"tsv:{table}", "train")
    read_lines(f"tsv:{table}", "validation")
    assert [message.partition(": ")[2] for message in caplog.messages] == [
        f"1 line skipped, empty-label; the first is {table}/train.tsv line 4"
    ]


def test_other_column_names_order_and_a_split_column(table):
    (table / "all.tsv").write_text(
        "Transcription\tsplit\tpath\none\tdev\tlines/l0.png\r\ntwo\ttest\tlines/l1.png\r\n"
    )
    lines = read_lines(f"tsv:{table}/all.tsv")
    assert [(line.text, line.split) for line in lines] == [("one", "validation"), ("two", "test")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("lines/l0.png\tone\n", "has no header: its first line is 'lines/l0.png"),
        ("", "has no header"),
        ("file\ttext\nlines/l0.png\n", "line 2 has 1 fields"),
        ("file\ttext\n\nlines/l0.png\ta\tb\n", "line 3 has 3 fields"),
        ("file\ttext\nlines/none.png\tone\n", r"line 2: the picture .*none\.png does not exist"),
        ("file\ttext\nlines/l0.png\ta\x07b\n", r"line 2: the text holds the control character U\+0007 at 1"),
        ("file\ttext\tsplit\nlines/l0.png\ta\tother\n", "line 2: unknown split 'other'"),
        ("file\ttext\nlines/l0.png\ta\nlines/l0.png\tb\n", "lists lines/l0 2 times"),
        ("file\ttext\nlines/l0.png\t \n", "no line that can be used"),
    ],
)
def test_faulty_tables_are_told_by_file_and_line(table, content, message):
    (table / "bad.tsv").write_text(content)
    with pytest.raises(DataError, match=message):
        read_lines(f"tsv:{table}/bad.tsv")


def test_tables_in_another_encoding_or_missing_are_told(table):
    (table / "bad.tsv").write_bytes(b"file\ttext\nlines/l0.png\tcaf\xe9\n")
    with pytest.raises(DataError, match="not UTF-8 at byte 26"):
        read_lines(f"tsv:{table}/bad.tsv")
    with pytest.raises(DataError, match="does not exist"):
        read_lines(f"tsv:{table}/none.tsv")
    with pytest.raises(DataError, match=r"holds no train\.tsv"):
        read_lines(f"tsv:{table}/lines")


def test_empty_labels_are_skipped_and_counted_missing_pictures_by_policy(table, caplog):
    (table / "bad.tsv").write_text("file\ttext\nlines/l0.png\tone\nlines/l1.png\t\nlines/none.png\ttwo\n")
    policy = Policy(missing_picture="skip")
    assert [line.text for line in read_lines(f"tsv:{table}/bad.tsv", policy=policy)] == ["one"]
    assert policy.skipped == {
        "empty-label": [f"{table}/bad.tsv line 3"],
        "missing-picture": [f"{table}/bad.tsv line 4"],
    }
    assert "1 line skipped, empty-label" in caplog.text
    with pytest.raises(DataError, match=r"bad\.tsv line 3: the text of lines/l1\.png is empty"):
        read_lines(f"tsv:{table}/bad.tsv", policy=Policy(empty_label="error"))


def test_lists_with_the_text_beside_the_picture(tmp_path):
    for name, text in (("a01-000u-00", "A  MOVE\nto"), ("a01-000u-01", "stop"), ("b02", "third")):
        picture(tmp_path / "lines" / f"{name}.png")
        (tmp_path / "lines" / f"{name}.txt").write_text(text)
    (tmp_path / "train.ln").write_text("a01-000u-01.png\na01-000u-00.png")
    (tmp_path / "test.ln").write_text("b02.png\n")
    lines = read_lines(f"ln:{tmp_path}")
    assert [(line.id, line.text, line.split) for line in lines] == [
        ("a01-000u-01", "stop", "train"),
        ("a01-000u-00", "A MOVE to", "train"),
        ("b02", "third", "test"),
    ]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "test.ln").rename(tmp_path / "elsewhere" / "test.ln")
    found = read_lines(f"ln:{tmp_path}/elsewhere/test.ln?pictures={tmp_path}/lines")
    assert [line.load().shape for line in found] == [(20, 40)]


def test_faulty_lists_are_told_by_file_and_line(tmp_path):
    (tmp_path / "train.ln").write_text("a.png\n")
    with pytest.raises(DataError, match=r"train\.ln line 1: the picture .*a\.png does not exist"):
        read_lines(f"ln:{tmp_path}")
    picture(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"train\.ln line 1: .*no text beside it"):
        read_lines(f"ln:{tmp_path}")
    policy = Policy(missing_label="skip")
    with pytest.raises(DataError, match="no line that can be used"):
        read_lines(f"ln:{tmp_path}", policy=policy)
    assert list(policy.skipped) == ["missing-label"]


def test_pairs_prefer_gt_and_know_split_folders(tmp_path):
    for folder, name, ending in (("train", "x", ".gt.txt"), ("val", "y", ".txt")):
        picture(tmp_path / folder / f"{name}.png")
        (tmp_path / folder / f"{name}{ending}").write_text(f"text of {name}\n")
    (tmp_path / "train" / "x.txt").write_text("other")
    lines = read_lines(f"pairs:{tmp_path}")
    assert [(line.id, line.text, line.split) for line in lines] == [
        ("train/x", "text of x", "train"),
        ("val/y", "text of y", "validation"),
    ]
    assert [line.split for line in read_lines(f"pairs:{tmp_path}/train")] == ["train"]


def test_pairs_with_the_texts_in_a_folder_of_their_own(tmp_path):
    picture(tmp_path / "images" / "1_1_10.jpg")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "1_1_10.txt").write_text("зело многа в гафѣ i непърестано выхо", encoding="utf-8")
    [line] = read_lines(f"pairs:{tmp_path}/images?labels={tmp_path}/words")
    assert (line.id, line.text) == ("1_1_10", "зело многа в гафѣ i непърестано выхо")
    (tmp_path / "words" / "1_1_10.txt").unlink()
    with pytest.raises(DataError, match=r"1_1_10\.jpg has no text in .*words"):
        read_lines(f"pairs:{tmp_path}/images?labels={tmp_path}/words")


def test_pairs_without_pictures_or_labels_are_told(tmp_path):
    with pytest.raises(DataError, match="no folder"):
        read_lines(f"pairs:{tmp_path}/none")
    with pytest.raises(DataError, match="no pictures"):
        read_lines(f"pairs:{tmp_path}")
    picture(tmp_path / "x.png")
    with pytest.raises(DataError, match="no text beside it"):
        read_lines(f"pairs:{tmp_path}")


@pytest.mark.parametrize("spec", ["digit:", "tvs:/data", "/data", "pairs"])
def test_unknown_specs_name_the_nearest(spec):
    with pytest.raises(UsageError, match="Expected: one of: alto:, bentham:, digits:, hf:, iam:, lam:, ln:"):
        read_lines(spec)


def test_a_spec_without_path():
    with pytest.raises(UsageError, match="names no path"):
        read_lines("tsv:")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["copiste", "archive"])
def test_real_handwriting_is_read_as_it_is(name, shared):
    folder = shared / "data" / "lines" / name
    lines = read_lines(f"tsv:{folder}")
    assert {line.split for line in lines} == {"train", "validation", "test"}
    assert all(line.load().ndim == 2 for line in lines[::500])
    writers = {split: {line.writer for line in lines if line.split == split} for split in ("train", "test")}
    assert name == "archive" or not writers["train"] & writers["test"]


def test_pictures_stay_on_disk_until_asked_for(table):
    lines = read_lines(f"tsv:{table}")
    (table / "lines" / "l0.png").write_bytes(b"no picture any more")
    with pytest.raises(DataError, match="no picture or is damaged"):
        lines[0].load()
    assert isinstance(lines[1].load(), np.ndarray)
