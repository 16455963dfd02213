"""Proving the invariants on live data: one read-only snapshot, set-based questions, every breach named."""

from matters.integrity.checking import Report, check_integrity
from matters.integrity.findings import Breach

__all__ = ["Breach", "Report", "check_integrity"]
