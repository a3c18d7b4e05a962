"""绩效: the performance self-evaluation, from paper to checked and re-scored form and back to paper."""
