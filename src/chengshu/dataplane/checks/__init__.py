"""Rules of data quality as data; any number of them on a table answered by one scan, with the keys of failing rows.

`rules` says what can be asked, `rulefiles` reads people's files, `predicates` and `planning` turn rules into SQL through
sqlglot, `running` carries the plan out on an engine, `sources` brings files, lake tables and databases before it.
"""
