"""Settings from the environment, one small file per concern."""
