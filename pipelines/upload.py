"""Copies a finished data set to another store: whole, proven by its own hashes, the manifest last.

What is there already and right is not sent again, so a broken upload is finished by repeating it.
"""

from __future__ import annotations

from collections.abc import Callable

from common.errors import DataError
from common.files import sha256_bytes
from fonts.ledger import LEDGER
from pipelines.ledger import is_barren
from shards.manifest import MANIFEST, PLAN, RECIPE, Manifest, read_manifest, record_name
from shards.store import Store, open_store


def upload(src_url: str, dst_url: str, on_shard: Callable[[int], None] = lambda _: None) -> Manifest:
    """Copy the data set at ``src_url`` to ``dst_url``.

    Args:
        on_shard: called with 1 after each shard.

    Raises:
        DataError: the source is not finished or not whole, or the destination holds something else.
        EnvironmentProblem: the destination is full.
    """
    source, destination = open_store(src_url), open_store(dst_url)
    manifest = read_manifest(source)
    with destination.writing():
        _check_free(source, destination)
        for name in (RECIPE, PLAN, LEDGER):
            if name != LEDGER or source.exists(name):  # data sets of the first version have none
                destination.put(name, source.get(name))
        for entry in manifest.shards:
            _send(source, destination, entry.name, entry.sha256)
            _send(source, destination, entry.index, entry.index_sha256)
            destination.put(record_name(entry), source.get(record_name(entry)))
            on_shard(1)
        destination.put(MANIFEST, source.get(MANIFEST))
    return manifest


def _check_free(source: Store, destination: Store) -> None:
    """A destination is empty, holds (a part of) the same data set: the same plan; or a plan and no shard."""
    found = [file.name for file in destination.list()]
    if not found or is_barren(destination):
        return
    if PLAN not in found or destination.get(PLAN) != source.get(PLAN):
        raise DataError(
            f"{destination.url} is not empty and holds something else ({found[0]}, {len(found)} files)",
            "an empty place, or an earlier upload of the same data set",
            "choose another place",
        )


def _send(source: Store, destination: Store, name: str, sha256: str) -> None:
    if destination.exists(name) and destination.sha256(name) == sha256:
        return
    content = source.get(name)
    if sha256_bytes(content) != sha256:
        raise DataError(
            f"{source.url}: {name} is cut or altered ({len(content)} bytes)",
            f"SHA-256 {sha256[:12]}…",
            "run inkmill verify; then the render command again",
        )
    destination.put(name, content)
    if destination.sha256(name) != sha256:
        raise DataError(f"{destination.url}: {name} did not arrive as it was sent", remedy="upload again")
