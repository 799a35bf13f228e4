"""`inkmill verify`: is a data set whole?"""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    url: Annotated[str, typer.Argument(help="A finished data set: a folder, file:PATH or memory:NAME.")],
    quick: Annotated[bool, typer.Option("--quick", help="Compare names and sizes only.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Also decode every sample.")] = False,
) -> None:
    """Check a data set against its manifest: count, size and hash of every shard, and the records beside.

    Fails when a file is missing, cut, altered or foreign.
    """
    from common.errors import DataError, UsageError
    from common.progress import progress
    from shards.manifest import read_manifest
    from shards.store import open_store
    from shards.verify import verify

    if quick and deep:
        raise UsageError("--quick and --deep exclude each other", "one of them", "leave one out")
    store = open_store(url)
    with progress("Verifying shards", len(read_manifest(store).shards), "shards") as step:
        report = verify(store, "quick" if quick else "deep" if deep else "whole", step)
    for problem in report.problems:
        typer.echo(f"{problem.fault}\t{problem.name}\t{problem.detail}")
    if not report.whole:
        count = len(report.problems)
        raise DataError(
            f"{store.url} is not whole: "
            f"{f'{count} files are' if count > 1 else '1 file is'} not as the manifest says",
            remedy="delete them and run the same render command again, or upload again from a whole copy",
        )
    manifest = report.manifest
    typer.echo(f"whole\t{len(manifest.shards)} shards\t{manifest.samples} samples\t{manifest.bytes} bytes")
