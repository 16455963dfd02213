"""Pages of certificates."""

from certificates.views.holder import detail, library, pdf
from certificates.views.public import verify, verify_form

__all__ = ["detail", "library", "pdf", "verify", "verify_form"]
