"""What is run: render jobs, executors, upload, the demo, benchmarks, the `inkmill` command."""
