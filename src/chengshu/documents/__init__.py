"""Any document in, located rows of cells out: text, Markdown, HTML, CSV, XLSX, DOCX, PDF, scans, archives.

Knows nothing of what the rows mean and nothing of Django. A reader of one format is one module.
"""
