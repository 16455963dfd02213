"""What differs between two contents, or between the copies of one definition. Pure."""
