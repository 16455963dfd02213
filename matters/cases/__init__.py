"""What a bundle and a sub-item hold, and the doors to it."""
