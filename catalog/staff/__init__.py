"""Who may do what in which department, and who manages the catalog. Rights are grants on departments, never on cases."""
