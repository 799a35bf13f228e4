"""The networks: pure torch, no files, no command line."""
