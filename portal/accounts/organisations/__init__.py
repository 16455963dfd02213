"""Organisations, the people who act for them, and for whom somebody acts (`principals`)."""
