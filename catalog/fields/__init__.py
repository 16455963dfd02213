"""Types of fields, constraints on their values, and validating what people type. Pure."""
