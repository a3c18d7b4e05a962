"""Paper out: a form or a findings report becomes XLSX, DOCX, PDF or HTML. Pure."""
