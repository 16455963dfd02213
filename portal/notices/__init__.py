"""Messages to people, once per fact, in their own inbox. What a message says is ``KINDS`` in
``portal.notices.wording``; there is no e-mail."""
