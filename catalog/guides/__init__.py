"""What the public guides, the guide questions, the checklist and the one-time notice show, in the reader's language.

A ``Situation`` is a matter under one set of answers; ``Guide`` adds what its page shows. Everything comes from a published (or, in a preview,
proposed) content, so that a guide never promises other than what is applied by.
"""
