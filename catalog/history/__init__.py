"""The history of every definition, latest first: what was changed together is one entry. Triggers of the database write it."""
