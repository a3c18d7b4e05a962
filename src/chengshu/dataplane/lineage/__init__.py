"""Where columns come from: statements read into edges between columns, and questions asked of the edges."""
