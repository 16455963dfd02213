"""Definitions as files and back: what a province keeps in version control, or a department fills in as a workbook.

``importing`` reads a folder or workbook into a ``Package``, checks what its files say about each other, and makes the rows say the same;
``exporting`` writes rows as files that, imported, change nothing. The schema in ``schema`` is the one description of both directions.
"""
