"""The list pattern: columns, search, filters, sort and page from the address; export of what is seen."""
