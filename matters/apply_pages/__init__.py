"""What the four steps of an application show: questions, papers, the summary beside the form, the answers to check."""
