"""Tables declared once as classes; documentation, schema, validation and sample rows follow from the declaration."""
