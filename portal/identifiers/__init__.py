"""Identity numbers, credit codes, telephone numbers and names: validated, masked, explained. Pure but for its wording."""
