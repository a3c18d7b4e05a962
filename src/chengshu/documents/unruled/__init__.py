"""Tables without rules, or with too few of them: cells, rows and columns from where the words stand."""
