"""The column that names rows when no key is given."""

ROW = "行号"
"""As a spreadsheet counts, its header being row 1, for CSV and XLSX; from 1 in the order of reading for the rest."""
