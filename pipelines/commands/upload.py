"""`inkmill upload`: a finished data set to another store."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    src: Annotated[str, typer.Argument(help="A finished data set.")],
    dst: Annotated[str, typer.Argument(help="Where to: a folder, file:PATH or memory:NAME.")],
) -> None:
    """Copy a finished data set to another store; repeating the command finishes a broken upload."""
    from common.progress import progress
    from pipelines.upload import upload
    from shards.manifest import read_manifest
    from shards.store import open_store

    with progress("Uploading shards", len(read_manifest(open_store(src)).shards), "shards") as step:
        manifest = upload(src, dst, step)
    typer.echo(f"whole\t{len(manifest.shards)} shards\t{manifest.samples} samples\t{manifest.bytes} bytes")
