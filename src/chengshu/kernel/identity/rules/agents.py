"""What people call the browser and the machine that a User-Agent names."""

# The first that is found counts: Edge calls itself Chrome as well, and Chrome calls itself Safari.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_agent(agent: str) -> str:
    """Return browser and machine, such as `Edge · Windows`; the first word of what is not known, or ""."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _MACHINES)]
    return " · ".join(name for name in found if name) or agent.split("/", maxsplit=1)[0][:32]
