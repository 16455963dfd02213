"""A bundle as its applicant follows it: who has it, since when, until when, and the picture of what waits for what."""
