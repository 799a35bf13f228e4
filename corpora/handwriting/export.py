"""Real handwriting written as plain files that any program reads: grey PNGs and tables of tabs.

    lines/train-000000.png ...     the pictures as they are read: cut, straightened, drawn
    train.tsv  val.tsv  test.tsv   file, text, writer, page, id; ``tsv:DIR`` reads them back
    source.json                    the SPEC, counts, the SHA-256 of the ids

The folder appears when everything is in it, or not at all. Whose data they are, and what may be done with
them, does not change by copying.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from common.errors import DataError
from common.files import write_atomic, write_json
from corpora.handwriting.known_lists import list_hash
from corpora.handwriting.record import HandwrittenLine, Split

TABLES: dict[Split, str] = {"train": "train.tsv", "validation": "val.tsv", "test": "test.tsv"}
HEADER = "file\ttext\twriter\tpage\tid\n"


def export_lines(
    spec: str, lines: Sequence[HandwrittenLine], out: Path, on_line: Callable[[], None] = lambda: None
) -> Path:
    """Write all lines and their pictures.

    Args:
        spec: where they come from.
        lines: of all splits, in the order to be kept.
        out: the folder to make.
        on_line: told after every line.

    Returns:
        ``out``.

    Raises:
        DataError: ``out`` is there and not empty, or a picture cannot be read; then nothing is left behind.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(
            f"{out} is there already", "a folder that is new or empty", "name another, or remove it"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part"))
    try:
        _write(spec, lines, temporary, on_line)
        temporary.chmod(0o755)
        temporary.replace(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return out


def _write(spec: str, lines: Sequence[HandwrittenLine], folder: Path, on_line: Callable[[], None]) -> None:
    from PIL import Image

    (folder / "lines").mkdir()
    rows: dict[Split, list[str]] = defaultdict(list)
    for line in lines:
        name = f"lines/{line.split}-{len(rows[line.split]):06d}.png"
        Image.fromarray(line.load()).save(folder / name, compress_level=3)
        cells = (name, line.text, line.writer or "", line.page or "", line.id)
        rows[line.split].append("\t".join(cells) + "\n")
        on_line()
    for split, written in rows.items():
        write_atomic(folder / TABLES[split], HEADER + "".join(written))
    hashes = {split: list_hash(line.id for line in lines if line.split == split) for split in rows}
    counts = {split: len(written) for split, written in rows.items()}
    write_json(folder / "source.json", {"spec": spec, "lines": counts, "list_sha256": hashes})
