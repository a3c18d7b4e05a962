"""Organisations: a dated tree of city, districts, departments and units, and who follows whom."""
