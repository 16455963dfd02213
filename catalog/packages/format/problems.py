"""What is wrong with a package: every mistake with its file and line, never only the first."""

from __future__ import annotations

from dataclasses import dataclass


class CellLine(int):
    """A row of a workbook's sheet, used wherever a file's line is: it knows its sheet and, for a cell, its column."""

    sheet: str
    column: str

    def __new__(cls, row: int, sheet: str, column: str = "") -> CellLine:
        line = super().__new__(cls, row)
        line.sheet, line.column = sheet, column
        return line


@dataclass(frozen=True, slots=True, order=True)
class PackageProblem:
    """One mistake. ``line`` counts from 1; 0 where the file as a whole is meant. In a workbook ``sheet`` and ``column`` say where."""

    file: str
    line: int
    code: str
    message: str
    sheet: str = ""
    column: str = ""

    @property
    def location(self) -> str:
        """Return ``file:line``, or ``file 表单字段!C5`` in a workbook."""
        if self.sheet:
            return f"{self.file} {self.sheet}!{self.column}{self.line or ''}"
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class Problems:
    """Gathers the mistakes of one reading. Stops listing (never counting) after ``LIMIT``."""

    LIMIT = 500

    def __init__(self) -> None:
        self.found: list[PackageProblem] = []
        self.total = 0

    def add(self, file: str, line: int, code: str, message: str) -> None:
        """Note a mistake."""
        self.total += 1
        if len(self.found) < self.LIMIT:
            sheet, column = getattr(line, "sheet", ""), getattr(line, "column", "")
            self.found.append(PackageProblem(file, int(line), code, message, sheet, column))

    def has(self, *codes: str) -> bool:
        """Return whether a mistake of one of these codes is listed."""
        return any(problem.code in codes for problem in self.found)

    def has_file(self, file: str) -> bool:
        """Return whether a mistake in this file is listed."""
        return any(problem.file == file for problem in self.found)

    def __bool__(self) -> bool:
        return self.total > 0

    def sorted(self) -> list[PackageProblem]:
        """Return the mistakes by file, sheet and line, each once."""
        return sorted(set(self.found), key=lambda each: (each.file, each.sheet, each.line, each))


class PackageInvalid(Exception):
    """The package was refused as a whole; nothing was changed. ``problems`` is sorted by file and line."""

    code = "package_invalid"

    def __init__(self, problems: list[PackageProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
