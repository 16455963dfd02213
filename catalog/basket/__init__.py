"""Several matters or items put together by a visitor."""
