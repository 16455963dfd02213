"""From a frozen face to the bytes of a page."""
