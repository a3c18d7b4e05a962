"""How much of a file the readers will take before they call it a bomb."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one import; beyond them `DocumentTooLarge` is raised, before the memory is spent.

    `file_bytes`: size of one file. `expanded_bytes`: of all members of an archive, or of all parts of a workbook or a
    word document, once unpacked. `expansion`: unpacked ÷ packed of one archive, looked at beyond 16 MiB only, because
    honest small tables shrink a hundredfold. `members`: files in one archive. `pages`, `rows`, `cells`: of one
    document. `pixels`: of one picture or of one rendered page.
    """

    file_bytes: int = 200 * MIB
    expanded_bytes: int = 500 * MIB
    expansion: int = 200
    members: int = 5_000
    pages: int = 1_000
    rows: int = 500_000
    cells: int = 2_000_000
    pixels: int = 100_000_000
