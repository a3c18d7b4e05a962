"""Keys of rows as they are kept: the cells of the key columns as text."""

import hashlib
import json
from collections.abc import Sequence


def digest_key(cells: Sequence[str | None]) -> str:
    """Give the SHA-256 of a row's key, by which rows are compared."""
    return hashlib.sha256(json.dumps(list(cells), ensure_ascii=False).encode(errors="surrogatepass")).hexdigest()
