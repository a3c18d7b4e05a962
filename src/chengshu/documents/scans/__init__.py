"""Pictures of pages: set upright, rules found and erased, characters recognised, tables laid again.

page → upright, rulings, recogniser. Lengths are pixels of the picture until the page gives its rows.
"""
