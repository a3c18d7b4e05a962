"""Pure rules of tickets: clocks, and what makes a kind possible."""
