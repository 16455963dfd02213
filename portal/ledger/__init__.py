"""What happened and who read: append-only events, hash-chained per subject, and the record of every reading of personal data."""
