"""What people are told: in the pages, by mail and by webhook."""
