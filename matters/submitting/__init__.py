"""From a draft to a bundle, in one transaction."""
