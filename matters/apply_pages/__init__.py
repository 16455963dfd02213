"""What the steps of an application show."""
