"""Long runs over archives of forms, in files rather than in the database."""
