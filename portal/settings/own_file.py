"""What 我的档案 is put together from, and its terms: no module here reads the environment but `base`."""

from __future__ import annotations

# The parts of 我的档案, in order: functions that take a `portal.accounts.own_file.parts.FileSubject` and return a `FilePart`, or None.
YIJIAN_DOSSIER_PARTS = [
    "portal.accounts.own_file.parts.registered",
    "matters.cases.own_file.facts",
    "matters.cases.own_file.cases",
    "matters.cases.own_file.papers",
    "matters.cases.promises.credit_records",
    "certificates.activities.own_file.certificates",
    "portal.sharing.own_file.consents",
    "portal.sharing.own_file.by_law",
    "portal.accounts.own_file.parts.organisations",
    "portal.accounts.mandates.own_file.mandates",
]
# Which cases of an organisation are in some matters: a function of its id and their slugs, whose rows are what consents call a case.
YIJIAN_CASES_IN_MATTERS = "matters.cases.access.cases_in_matters"
# What is added to these parts: what the person said against a fact, and the way to say so.
YIJIAN_DOSSIER_MARKS = "matters.cases.disputes.mark_disputes"
# Within how many working days a department answers a request to correct a fact.
YIJIAN_DISPUTE_DAYS = 10
# How many days a copy of one's file can be downloaded.
YIJIAN_EXPORT_DAYS = 7
# What of a person's is read, with its words: functions that take a `FileSubject` and return `portal.accounts.own_file.reading_groups.ReadSubject`s.
YIJIAN_READ_SUBJECTS = [
    "matters.cases.dossier.entry_read",
    "matters.cases.dossier.bundles_read",
    "certificates.activities.dossier.certificates_read",
]
YIJIAN_DOSSIERS = [
    "portal.accounts.own_file.dossier.own_readings",
    "matters.cases.dossier.readings_of_bundles",
    "matters.cases.dossier.readings_at_windows",
    "certificates.activities.dossier.readings_of_certificates",
]
