"""What is done with certificates: issued, rendered, stored, found, checked, and their status changed.

A certificate's row is committed with the decision it rests on (``issuing``); its file is a job of the outbox (``rendering_work``). ``access`` is
the one way to a certificate.
"""
