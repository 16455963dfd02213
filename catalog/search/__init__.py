"""Finding what can be applied for by the words people use."""
