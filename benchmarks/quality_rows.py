"""Rows of a register of persons for the bench of quality, made by DuckDB from a seed, with faults at known rates."""

from pathlib import Path

import duckdb

SEED = 20_240_101
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def write_persons(path: Path, rows: int) -> None:
    """Write a Parquet file: row_id (a hundred thousandth repeats), id_number (2 % wrong digit, 1 % null) and so on."""
    digits = " + ".join(f"(ascii(substr(body, {i}, 1)) - 48) * {w}" for i, w in enumerate(_WEIGHTS, start=1))
    places = " + ".join(
        f"(strpos('{_ALPHABET}', substr(firm, {i}, 1)) - 1) * {w}" for i, w in enumerate(_CODE_WEIGHTS, start=1)
    )
    statement = f"""
    WITH drawn AS (
        SELECT i,
               printf('%06d', 110000 + _draw(i, 1, 500000)) || strftime(DATE '1930-01-01' + _draw(i, 2, 33000), '%Y%m%d')
                   || printf('%03d', _draw(i, 3, 1000)) AS body,
               '91' || printf('%06d', 110000 + _draw(i, 4, 500000)) || printf('%08d', _draw(i, 5, 100000000))
                   || substr('{_ALPHABET}', _draw(i, 6, 31) + 1, 1) AS firm
        FROM range({rows}) AS t(i)
    ), summed AS (
        SELECT *, (({digits}) % 11)::INTEGER AS id_rest, (({places}) % 31)::INTEGER AS code_rest FROM drawn
    )
    SELECT CASE WHEN _draw(i, 7, 100000) = 0 THEN i - 1 ELSE i END AS row_id,
           CASE WHEN _draw(i, 8, 100) = 0 THEN NULL
                ELSE body || substr('10X98765432', (id_rest + (_draw(i, 9, 50) = 0)::INTEGER) % 11 + 1, 1) END AS id_number,
           CASE WHEN _draw(i, 10, 200) = 0 THEN '9' ELSE (_draw(i, 11, 2) + 1)::VARCHAR END AS sex,
           (_draw(i, 12, 100) + (_draw(i, 13, 500) = 0)::INTEGER * 200)::INTEGER AS age,
           firm || substr('{_ALPHABET}', (31 - (code_rest + (_draw(i, 14, 50) = 0)::INTEGER) % 31) % 31 + 1, 1) AS firm_code,
           CASE WHEN _draw(i, 15, 100) = 0 THEN '1' || _draw(i, 16, 1000)::VARCHAR
                ELSE '1' || printf('%010d', _draw(i, 17, 1000000000)) END AS phone
    FROM summed
    """  # noqa: S608 - numbers and literals of this file
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute(f"CREATE MACRO _draw(i, salt, below) AS (hash(i * 64 + salt + {SEED}) % below)::INTEGER")
        engine.execute(f"COPY ({statement}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
