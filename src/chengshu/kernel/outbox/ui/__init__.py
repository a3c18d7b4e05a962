"""Pages for who manages the outbox: messages, endpoints, what was not delivered."""
