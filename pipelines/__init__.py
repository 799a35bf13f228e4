"""What is run: the `inkmill` command, render jobs, executors, upload, verification, demo and bench."""

ROOMS = ("common", "corpora", "fonts", "synth", "shards", "models", "recognize", "pretrain", "pipelines")
