"""Pipelines of named, pure steps in one neutral SQL, compiled to what an engine speaks."""
