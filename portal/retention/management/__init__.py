"""What an operator does about terms from the command line."""
