"""Pages of certificates: a holder's library, and verification for everybody."""

from certificates.views.holder import detail, library, pdf
from certificates.views.public import verify, verify_form

__all__ = ["detail", "library", "pdf", "verify", "verify_form"]
