"""Messages to people, once per fact, in their own inbox. What a message says is in the wording of the floor that sends it."""
