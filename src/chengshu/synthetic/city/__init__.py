"""What the departments of an invented city deliver, and the key to every fault in it. No Django."""
