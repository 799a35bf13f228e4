"""One line of text + one hand + one recipe -> one picture, proven to show its label."""
