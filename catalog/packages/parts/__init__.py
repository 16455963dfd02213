"""Further sub-folders of a matter's folder: regional implementations and guides of other places."""
