"""Published split lists, recognised by what is in them, whoever has copied them under whatever name.

The lists themselves are not here; a user has them with the data. Their fingerprint is the SHA-256 of the ids,
each once, sorted, without folder and ending, one a line: the same for a ``.lst``, an ``.ln`` in another
order, and a file with other line ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from common.files import sha256_bytes
from corpora.handwriting.labels import read_text
from corpora.handwriting.record import Split

ENDINGS = (".txt", ".lst", ".ln", ".uttlist", ".json")


@dataclass(frozen=True, slots=True)
class KnownList:
    """A published list: which of the splits that people use it belongs to, and which part of them it is."""

    variants: tuple[str, ...]
    split: Split


KNOWN = {  # of IAM: 6161, 966, 2915; 6482, 976; 900, 940, 1861 lines; 747, 115, 336 forms
    "bc716bd796932d0c949fe86fb39465e323ce7e537904681b1f562011b16f0467": KnownList(
        ("aachen", "official"), "train"
    ),
    "7b00ae313f5e885ef7635197125f69b88e31358ee862eb1f5eef77b62021f565": KnownList(("aachen",), "validation"),
    "ffa3f8550e9311fdee2ac62fed1604c42aabbdc9be43aaa764b7c075d33d1324": KnownList(("aachen", "rwth"), "test"),
    "e9cf6c3c3fa9e68849241771bd208ce3ee272d06e12e6344394d7528609bcc5b": KnownList(("rwth",), "train"),
    "4fd23cb2ca84387898a579f695a92310b537e91326abde72e8020c91f1a6ed4d": KnownList(("rwth",), "validation"),
    "cc05dd8ef8ba1def5d8bfe5de07e0f59ba6f567d5f52723014ab77e4eff9335f": KnownList(
        ("official",), "validation"
    ),
    "398455a4f09c6ff95a26b0144b90ec6e288f86fbb1c5507fd4885327a5c8419e": KnownList(
        ("official",), "validation"
    ),
    "7032bd5b1be3095d94f4977b0a9e8dd9b97f9a7eff6ce4e33ed3e146301301ae": KnownList(("official",), "test"),
    "4eb7863d325c4ed624927384c396f7322e64d4c816169f7bdc160bc21dfe11a1": KnownList(("forms",), "train"),
    "b7d42cef3d58b5760aa89e775d9044d6c87122b3d3a2ab02027252ad66ecd277": KnownList(("forms",), "validation"),
    "03bfd39708f3d44059de2935de2453a94d7f174caaca72b367f5366f6f7ab2c7": KnownList(("forms",), "test"),
    # of LAM, READ 2016 and VNOnDB as loaders of the literature list them
    "25849cb9a6f1de5c2e3ce73f0e2a62a7c8d6152af2fb55b7771c18bd0f999914": KnownList(("LAM",), "train"),
    "bc2f512440d9a4e0825225d313c56a62f2acd8cef3e16bd729fb7e4fab18e920": KnownList(("LAM",), "validation"),
    "ba64bc596a883b94a38e4250c104e895dfbead4f54ee142228f2aec01695abfa": KnownList(("LAM",), "test"),
    "a7b87c50ac09e5b335671cf545300abe5ba96c28f53a67800d441b65f333e129": KnownList(("READ 2016",), "train"),
    "5bc880ff7735b937f12b2550a08d924b22e3155b29812c219f52e339c728ec5f": KnownList(
        ("READ 2016",), "validation"
    ),
    "0b617f0e0042b5f6e81c4bc23082767fbd93d62c57dfec7a58f091993a8ae6cf": KnownList(("READ 2016",), "test"),
    "fc10dbe4e49bacdd36a3feb949c74a108431500f48a75ab66e12ff5ac376ec2d": KnownList(("VNOnDB",), "train"),
    "e30e0eaa34a4ee1dd5e5010b6bb4234c1d1a20327ae89bf73fe8a311893744e0": KnownList(("VNOnDB",), "validation"),
    "99ed0cbbff5205e3cc4f896c5f1d3f82515729b95ef6eccb056f61db9db1c7da": KnownList(("VNOnDB",), "test"),
}


def list_hash(ids: Iterable[str]) -> str:
    """The fingerprint of a list of ids: 64 hex digits."""
    return sha256_bytes("".join(f"{name}\n" for name in sorted(set(ids))).encode())


def read_ids(path: Path) -> list[str]:
    """The ids of a list, one a line, in its order; folders and the endings of pictures are dropped.

    Raises:
        DataError: the file cannot be read.
    """
    names = (row.strip().replace("\\", "/") for row in read_text(path).splitlines())
    return [plain_id(name) for name in names if name and not name.startswith("#")]


def plain_id(name: str) -> str:
    """The id in a file name: without folder, and without the ending of a picture or of an InkML file."""
    last = name.rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    return stem if dot and ending.lower() in ("png", "jpg", "jpeg", "tif", "tiff", "inkml", "txt") else last
