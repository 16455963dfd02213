"""Pure: the shapes of inquiries and replies, and what is asked for a case. No Django, no database, no clock."""
