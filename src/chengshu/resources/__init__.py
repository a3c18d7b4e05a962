"""大数据资源平台: the catalogue of the city's data, its collection, quality and lineage."""
