"""Learning: the streaming loader, augmentation, the loop, checkpoints, fine-tuning."""
