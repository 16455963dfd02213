"""Who may do what in which department, and who manages the catalog."""
