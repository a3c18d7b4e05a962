"""Events of OpenLineage as others post them."""

from typing import Any

RUN = "3f5e83fa-3480-44ff-99c5-ff943904e5e8"


def an_event(
    kind: str = "COMPLETE", *, run: str = RUN, at: str = "2024-03-15T06:00:00Z", **more: Any
) -> dict[str, Any]:
    """Tell of a run that reads 婚姻登记信息 and writes a table of a warehouse, column by column."""
    source = {"namespace": "postgres://civil", "name": "mz.婚姻登记信息"}
    field = source | {"field": "xm", "transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}]}
    facet = {"_producer": "https://example.cn", "_schemaURL": "https://example.cn/a.json"}
    return {
        "eventType": kind,
        "eventTime": at,
        "producer": "https://example.cn/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run},
        "job": {"namespace": "warehouse", "name": "load_names"},
        "inputs": [source],
        "outputs": [
            {
                "namespace": "hive://warehouse",
                "name": "dw.names",
                "facets": {"columnLineage": facet | {"fields": {"name": {"inputFields": [field]}}}},
            }
        ],
    } | more
