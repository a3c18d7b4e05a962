"""What runs on tables of the lake; heavy, so imported where it runs."""
