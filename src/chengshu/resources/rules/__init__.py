"""Pure rules of the catalogue: grades, completeness, differences, words."""
