"""Pure rules of the outbox: where one may send, how it is signed, how secrets are kept."""
