"""What the table of a resource is called in the lake."""

import re

_REFUSED = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%#~]')


def lake_table_name(code: str) -> str:
    """Give the name of a resource's table: its code, with signs that folders cannot hold as `~` and two hex digits.

    Two codes never share a name.
    """
    name = _REFUSED.sub(lambda sign: f"~{ord(sign[0]):02x}", code.strip())
    return f"~{ord(name[0]):02x}{name[1:]}" if name[:1] in {".", "_"} else name
