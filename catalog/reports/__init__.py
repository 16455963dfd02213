"""Reports of mistakes in a guide, and their answers."""
