"""What officers and applicants do with a sub-item."""
