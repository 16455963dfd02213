"""Pages of certificates: a holder's library, and verification for everybody."""

from certificates.views.holder import detail, library, pdf
from certificates.views.public import status_list, verify, verify_form
from certificates.views.showing import show_certificate, shown_by_code, shown_form

__all__ = [
    "detail",
    "library",
    "pdf",
    "show_certificate",
    "shown_by_code",
    "shown_form",
    "status_list",
    "verify",
    "verify_form",
]
