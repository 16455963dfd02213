"""Issuing, rendering, storing, finding and changing the status of certificates."""
