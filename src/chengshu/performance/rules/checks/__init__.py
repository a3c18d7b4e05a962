"""The checks of one form, one module a group; each is a plain function from the form's view to findings."""
