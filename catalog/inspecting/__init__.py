"""Running lints and comparisons over files and over the whole catalog: the work behind ``lint_catalog`` and ``compare_regions``."""
