"""Documents for the reader's tests, written as one line of text a row."""

from chengshu.documents.contracts import Cell, Document, Layout, Media, Place, Row


def grid_document(text: str, *, media: Media = Media.HTML, name: str = "form.html") -> Document:
    """Cells between bars; `^` is covered by the cell above, `<` by the cell on its left. A line without bars is prose, `---` begins a new page and table."""
    rows = []
    table = 1
    for number, line in enumerate(text.strip().splitlines(), start=1):
        fields = [field.strip().replace("\\n", "\n") for field in line.split("|")]
        if line.strip() == "---":
            table += 1
            continue
        if len(fields) == 1:
            rows.append(Row((Cell(fields[0], Place(line=number)),), Layout.LOOSE))
            continue
        cells = tuple(
            Cell(
                "" if field in ("^", "<") else field,
                Place(ref=f"T{table}R{number}C{column}"),
                covered=field in ("^", "<"),
            )
            for column, field in enumerate(fields, start=1)
        )
        rows.append(Row(cells, Layout.GRID, table))
    return Document(name, name, media, tuple(rows))


def tabbed_document(text: str, *, name: str = "form.txt") -> Document:
    """Cells between bars as tabbed text; a line without bars is a paragraph, a blank one ends a table."""
    rows = []
    table = 1
    for number, line in enumerate(text.strip("\n").splitlines(), start=1):
        fields = [field.strip() for field in line.split("|")]
        if len(fields) > 1:
            cells = tuple(Cell(field, Place(line=number, ref=f"C{i}")) for i, field in enumerate(fields, start=1))
            rows.append(Row(cells, Layout.TABBED, table))
        elif fields[0]:
            rows.append(Row((Cell(fields[0], Place(line=number)),), Layout.LOOSE))
        else:
            table += 1
    return Document(name, name, Media.TEXT, tuple(rows))
