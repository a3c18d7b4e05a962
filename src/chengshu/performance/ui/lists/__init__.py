"""The lists of the domain, as the list pattern asks for them."""
