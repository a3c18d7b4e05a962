"""The settings of what checks and processing compute on; `env` lists them among all others."""

from chengshu.config.parsing import boolean, one_of, pairs
from chengshu.config.setting import Setting

ENGINE = Setting(
    "CHENGSHU_ENGINE",
    one_of("duckdb", "spark"),
    default="duckdb",
    zh="检查和加工用什么计算：duckdb（本机）或 spark。平台的检查、复检、加工和 chengshu resources check 都按它；命令的 --engine 优先。",
    en="What checks and processing compute on: duckdb (this machine) or spark. --engine of `chengshu resources check` comes first.",
)
SPARK_MASTER = Setting(
    "CHENGSHU_SPARK_MASTER",
    str,
    default="",
    zh="Spark 主节点的地址，如 spark://主机:7077。不填则在本机运行。",
    en="Address of the Spark master, such as spark://host:7077. Empty: Spark runs on this machine.",
)
SPARK_SETTINGS: Setting[tuple[tuple[str, str], ...]] = Setting(
    "CHENGSHU_SPARK_SETTINGS",
    pairs,
    default=(),
    zh="Spark 自己的设置，写成 名称=值，多个用分号分开，如 spark.executor.memory=8g;spark.cores.max=32。",
    en="Spark's own settings as name=value, separated by semicolons, such as spark.executor.memory=8g;spark.cores.max=32.",
)
SPARK_SHARED = Setting(
    "CHENGSHU_SPARK_SHARED",
    str,
    default="",
    zh="Spark 各节点与本机以同一路径挂载的共享目录。用集群时必须有。",
    en="Folder that the nodes of the Spark cluster and this machine mount under one path. A cluster needs it.",
)
SPARK_READS_S3 = Setting(
    "CHENGSHU_SPARK_READS_S3",
    boolean,
    default=False,
    zh="Spark 已装 hadoop-aws，由它自己读对象存储里的数据湖；不打开时，由本机把要读的文件取到共享目录。",
    en="Spark has the jars of hadoop-aws and reads a lake in S3 by itself; else its files are copied to the shared folder.",
)
