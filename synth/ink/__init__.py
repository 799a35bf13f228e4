"""The ink: how dark the pen leaves every covered pixel."""
