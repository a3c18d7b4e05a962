"""The shell of the web interface: navigation, design tokens, layout, shared page patterns."""
