"""From a draft to a bundle, in one transaction: checked once more, then written by one statement."""
