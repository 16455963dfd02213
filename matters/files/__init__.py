"""Proving what an uploaded file is: decoded, cleaned and written anew, within limits."""
