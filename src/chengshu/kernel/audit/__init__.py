"""An append-only record of who saw or changed what, when and why."""
