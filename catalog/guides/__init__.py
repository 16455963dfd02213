"""What the public guides, the questions and the checklist show."""
