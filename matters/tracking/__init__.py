"""A bundle as its applicant follows it."""
