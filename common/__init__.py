"""What every room stands on: errors that help, seeds, whole files, validated settings, progress."""
