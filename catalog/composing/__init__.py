"""Writing a definition in the console: forms for every part of it, and what stands beside them while it is written.

``form_context`` holds what the forms of one page choose from; ``draft_check`` compiles and lints what is there; ``previewing`` shows it as an
applicant will see it; ``locking`` tells when somebody else saved first.
"""
