"""What an operator does with the catalog from the command line: import, export, lint, plan, search."""
