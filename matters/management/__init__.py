"""What an operator does with applications from the command line: proving that they are whole."""
