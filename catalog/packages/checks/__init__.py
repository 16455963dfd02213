"""What the files of a package say about each other."""
