"""The one command line, `chengshu`."""
