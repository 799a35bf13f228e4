"""XML files of strangers, read safely.

A document may name a DTD, as some benchmarks do; it is never fetched. Entities declared in a document are
refused before its first element, so nothing can be included from outside and nothing can grow: what remains
are the five entities of XML itself and character references. Namespaces are dropped from the names of
elements, for the same format comes with several.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from common.errors import DataError

MOST_BYTES = 256 * 2**20

Element = ElementTree.Element


class ForeignXml(DataError):
    """An XML file of another kind than the one asked for."""


def parse_xml(path: Path, root: str) -> Element:
    """The root element of an XML file in any encoding that its declaration names.

    Args:
        path: the file.
        root: the name that its root must have, without namespace.

    Raises:
        DataError: missing, larger than 256 MiB, not well-formed (with line and column), with entities of its
            own.
        ForeignXml: the root is another.
    """
    content = _content(path)
    try:
        _refuse_entities(path, content)
        found = ElementTree.fromstring(content)
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise DataError(
            f"{path} is no well-formed XML: {error}", "a whole XML file", "copy it again"
        ) from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise DataError(f"{path} cannot be decoded: {error}", "an encoding such as UTF-8") from None
    for element in found.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if found.tag != root:
        raise ForeignXml(f"{path} is XML of another kind, with the root <{found.tag}>", f"<{root}>")
    return found


def _content(path: Path) -> bytes:
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise DataError(f"{path} has {size:,} bytes", f"at most {MOST_BYTES:,} bytes of XML")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", "an XML file", "check the path") from None


class _Prologue(Exception):
    """The prologue, the only place for declarations, is over."""


def _refuse_entities(path: Path, content: bytes) -> None:
    def declared(name: str, *_: object) -> None:
        raise DataError(
            f"{path} declares the entity '{name}'",
            "XML without entities of its own",
            "resolve it in the file",
        )

    def over(*_: object) -> None:
        raise _Prologue

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = over
    try:
        parser.Parse(content, True)
    except _Prologue:
        return
