"""From a package to rows of the database."""
