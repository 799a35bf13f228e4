"""Pictures to look at: contact sheets, specimens, the variety of hands."""
