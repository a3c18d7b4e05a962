"""The findings report over many forms: laid out in a neutral shape first, then dressed for each format."""
