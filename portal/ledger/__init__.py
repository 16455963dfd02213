"""What happened and who read: append-only events, hash-chained per subject, the record of every reading of personal data, and
security events: logins and refused accesses (`security`)."""
