"""What a real line crop shows besides its line: neighbours, underlines, corrections, the cut."""
