"""`inkmill verify`: is a data set whole?"""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    url: Annotated[str, typer.Argument(help="A finished data set: a folder, file:PATH or memory:NAME.")],
    deep: Annotated[bool, typer.Option("--deep", help="Read every byte and decode every sample.")] = False,
) -> None:
    """Check shards against their manifest; fails when one is missing, cut, altered or foreign."""
    from common.errors import DataError
    from common.progress import progress
    from shards.manifest import read_manifest
    from shards.store import open_store
    from shards.verify import verify

    store = open_store(url)
    with progress("Verifying shards", len(read_manifest(store).shards), "shards") as step:
        report = verify(store, deep, step)
    for problem in report.problems:
        typer.echo(f"{problem.fault}\t{problem.name}\t{problem.detail}")
    if not report.whole:
        raise DataError(
            f"{store.url} is not whole: {len(report.problems)} files are not as the manifest says",
            remedy="delete them and run the same render command again, or upload again from a whole copy",
        )
    manifest = report.manifest
    typer.echo(f"whole\t{len(manifest.shards)} shards\t{manifest.samples} samples\t{manifest.bytes} bytes")
