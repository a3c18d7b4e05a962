"""Every setting that the environment may give, in one typed table; no other file reads the environment.

`docs/settings.md` is held to this table by a test.
"""

import os
from pathlib import Path
from typing import TypeVar

from chengshu.config import computing
from chengshu.config.parsing import boolean, one_of, positive, store_address, words
from chengshu.config.setting import Setting, SettingUnreadable

T = TypeVar("T")

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
#: The checkout when the package runs from one, else the folder that the command was started in.
ROOT = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else Path.cwd()


def read(setting: Setting[T]) -> T:
    """Return the value that the environment gives, or the default.

    Raises:
        SettingUnreadable: the variable's text cannot be read as the setting's type; names the variable.
    """
    text = os.environ.get(setting.name)  # noqa: TID251 - the one reading place that the ban points to
    if text is None:
        return setting.default
    try:
        return setting.parse(text.strip())
    except ValueError as error:
        raise SettingUnreadable(f"环境变量 {setting.name} 的值不对：{error}", name=setting.name) from error


DEBUG = Setting(
    "CHENGSHU_DEBUG",
    boolean,
    default=False,
    zh="开发模式：出错时显示细节，静态文件不改名。正式环境必须关闭。",
    en="Development mode: shows error details and serves static files under plain names. Never in production.",
)
SECRET_KEY = Setting(
    "CHENGSHU_SECRET_KEY",
    str,
    default="",
    zh="签名密钥。不填时首次启动生成一份，存入数据目录的 secret_key（仅本用户可读）。",
    en="Signing key. When empty, one is generated at first start and kept in secret_key of the data folder (0600).",
)
OLD_SECRET_KEYS: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_OLD_SECRET_KEYS",
    words,
    default=(),
    zh="从前的签名密钥，用逗号分开：换密钥后，旧密钥封存的口令仍可打开，直到用 chengshu resources reseal 重新封存。",
    en="Signing keys of before, separated by commas: what they sealed still opens until `chengshu resources reseal` was run.",
)
VAR_DIR = Setting(
    "CHENGSHU_VAR_DIR",
    Path,
    default=ROOT / "var",
    zh="数据目录：内嵌数据库、上传的文件、密钥和收集好的静态文件。",
    en="Data folder: embedded database, stored files, signing key and collected static files.",
)
DATABASE_URL = Setting(
    "DATABASE_URL",
    str,
    default="",
    zh="数据库地址，如 postgresql://用户:口令@主机/库名。不填时用数据目录里的 SQLite。",
    en="Database address, such as postgresql://user:password@host/name. Empty: SQLite in the data folder.",
)
ALLOWED_HOSTS: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_ALLOWED_HOSTS",
    words,
    default=("localhost", "127.0.0.1", "[::1]"),
    zh="允许访问的主机名，用逗号分开。",
    en="Host names that requests may be addressed to, separated by commas.",
)
TRUSTED_ORIGINS: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_TRUSTED_ORIGINS",
    words,
    default=(),
    zh="在反向代理之后提交表单所信任的来源，如 https://jx.example.gov.cn，用逗号分开。",
    en="Origins trusted for form posts behind a reverse proxy, with scheme, separated by commas.",
)
HTTPS = Setting(
    "CHENGSHU_HTTPS",
    boolean,
    default=False,
    zh="对外是否使用 HTTPS。打开后 Cookie 只走加密连接，发送 HSTS，并把 HTTP 请求转到 HTTPS。",
    en="Whether users reach the site by HTTPS. Turns on secure cookies, HSTS and the redirect from HTTP.",
)
BEHIND_PROXY = Setting(
    "CHENGSHU_BEHIND_PROXY",
    boolean,
    default=False,
    zh="前面有反向代理，且代理会覆盖 X-Forwarded-Proto、在 X-Forwarded-For 末尾写上来源地址时打开。",
    en="Set when a reverse proxy stands in front, overwrites X-Forwarded-Proto and writes who asks at the end of X-Forwarded-For.",
)
LOG_FORMAT = Setting(
    "CHENGSHU_LOG_FORMAT",
    one_of("auto", "json", "console"),
    default="auto",
    zh="日志格式：json 每行一个对象；console 便于阅读；auto 在终端上用 console，否则用 json。",
    en="Log format: json (an object a line), console (readable), auto (console on a terminal, else json).",
)
LOG_LEVEL = Setting(
    "CHENGSHU_LOG_LEVEL",
    one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    default="INFO",
    zh="日志级别：DEBUG、INFO、WARNING 或 ERROR。",
    en="Lowest level that is logged: DEBUG, INFO, WARNING or ERROR.",
)
LANGUAGE = Setting(
    "CHENGSHU_LANGUAGE",
    one_of("zh-hans", "en"),
    default="zh-hans",
    zh="界面的默认语言：zh-hans 或 en。使用者可以自己切换。",
    en="Default language of the pages: zh-hans or en. Users may switch.",
)
TIME_ZONE = Setting(
    "CHENGSHU_TIME_ZONE",
    str,
    default="Asia/Shanghai",
    zh="页面显示时间所用的时区。",
    en="Time zone in which pages show moments.",
)
SESSION_IDLE_MINUTES = Setting(
    "CHENGSHU_SESSION_IDLE_MINUTES",
    positive,
    default=60,
    zh="多少分钟没有操作后需要重新登录。",
    en="Minutes without a request after which a user has to log in again.",
)
SESSION_HOURS = Setting(
    "CHENGSHU_SESSION_HOURS",
    positive,
    default=10,
    zh="登录后多少小时需要重新登录。",
    en="Hours after which a user has to log in again.",
)
SECOND_FACTOR_ROLES: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_SECOND_FACTOR_ROLES",
    words,
    default=(),
    zh="哪些角色必须有第二重验证，用逗号分开，如 admin,finance_reviewer。",
    en="Roles that must have a second factor, separated by commas, such as admin,finance_reviewer.",
)
LOGIN_ATTEMPTS = Setting(
    "CHENGSHU_LOGIN_ATTEMPTS",
    positive,
    default=5,
    zh="同一登录名连续输错多少次口令后暂停登录。",
    en="Wrong passwords in a row after which a login name is paused.",
)
LOGIN_ADDRESS_ATTEMPTS = Setting(
    "CHENGSHU_LOGIN_ADDRESS_ATTEMPTS",
    positive,
    default=50,
    zh="同一来源地址在暂停时长之内共失败多少次后暂停登录，不论用的是哪些登录名。",
    en="Failures from one address, within as long as a pause lasts and whatever names were tried, after which it is paused.",
)
LOGIN_PAUSE_MINUTES = Setting(
    "CHENGSHU_LOGIN_PAUSE_MINUTES",
    positive,
    default=15,
    zh="登录名或来源地址暂停登录的分钟数。",
    en="Minutes for which a login name or an address is paused.",
)
CITY_ISSUER = Setting(
    "CHENGSHU_CITY_ISSUER",
    str,
    default="",
    zh="全市统一身份的签发者（OpenID Connect 的 issuer）。不填则不用统一身份登录。",
    en="Issuer of the city's identity provider (OpenID Connect). Empty: nobody comes in by it.",
)
CITY_ADDRESSES: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_CITY_ADDRESSES",
    words,
    default=(),
    zh="统一身份的地址，用逗号分开，依次为授权、令牌、公钥（jwks）和可以没有的退出地址。",
    en="Its addresses, separated by commas: authorization, token, keys (jwks), and the end of sessions if it has one.",
)
CITY_CLIENT_ID = Setting(
    "CHENGSHU_CITY_CLIENT_ID",
    str,
    default="",
    zh="统一身份给本系统的应用编号。",
    en="Client id that the city's identity provider gave us.",
)
CITY_CLIENT_SECRET = Setting(
    "CHENGSHU_CITY_CLIENT_SECRET",
    str,
    default="",
    zh="统一身份给本系统的应用密钥。",
    en="Client secret that the city's identity provider gave us.",
)
CITY_OPENS_ACCOUNTS = Setting(
    "CHENGSHU_CITY_OPENS_ACCOUNTS",
    boolean,
    default=False,
    zh="统一身份里有、这里没有账号的人首次登录时，是否自动开户（没有任何授权）。",
    en="Whether people whom the city knows and we do not get an account at their first log-in (without any grant).",
)
MAX_FILE_MB = Setting(
    "CHENGSHU_MAX_FILE_MB",
    positive,
    default=200,
    zh="单个上传文件的上限，单位 MB（1,048,576 字节）。",
    en="Largest file that may be stored, in MB (1,048,576 bytes).",
)
MAX_EVIDENCE_FACTS = Setting(
    "CHENGSHU_MAX_EVIDENCE_FACTS",
    positive,
    default=1_000_000,
    zh="一次计量最多逐条保存多少条事实作佐证；超过时只存摘要和样本。",
    en="Facts of one measurement that are kept as evidence line by line; beyond it only digest and sample are kept.",
)
FONT_DIR = Setting(
    "CHENGSHU_FONT_DIR",
    Path,
    default=ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc",
    zh="排印 PDF 所用中文字体（Noto Sans SC 的 TTF 文件）所在目录。",
    en="Folder with the Chinese font for PDF (TTF files of Noto Sans SC).",
)
FRONTEND_DIR = Setting(
    "CHENGSHU_FRONTEND_DIR",
    Path,
    default=ROOT / "var" / "frontend",
    zh="前端文件目录，由 scripts/install_frontend.py 从 node_modules 复制而来。",
    en="Folder of the front-end files that scripts/install_frontend.py copies out of node_modules.",
)
EXAMPLES_DIR = Setting(
    "CHENGSHU_EXAMPLES_DIR",
    Path,
    default=ROOT / "examples",
    zh="chengshu demo 载入的示例文件目录。",
    en="Folder of the example files that `chengshu demo` loads.",
)
HOST = Setting(
    "CHENGSHU_HOST",
    str,
    default="127.0.0.1",
    zh="服务监听的地址。",
    en="Address that the server listens on.",
)
PORT = Setting(
    "CHENGSHU_PORT",
    positive,
    default=8000,
    zh="服务监听的端口。",
    en="Port that the server listens on.",
)
WORKERS = Setting(
    "CHENGSHU_WORKERS",
    positive,
    default=1,
    zh="网页服务的进程数。",
    en="Number of web server processes.",
)
WORKER_TIMEOUT_SECONDS = Setting(
    "CHENGSHU_WORKER_TIMEOUT_SECONDS",
    positive,
    default=120,
    zh="后台任务多少秒没有心跳即视为中断。",
    en="Seconds without a heartbeat after which a background job counts as interrupted.",
)
EMAIL_URL = Setting(
    "CHENGSHU_EMAIL_URL",
    str,
    default="",
    zh="邮件服务器，如 smtp+tls://用户:口令@主机:587（smtps 为整段加密，smtp 不加密）。不填则不发邮件。",
    en="Mail server, such as smtp+tls://user:password@host:587 (smtps: encrypted from the start, smtp: not). Empty: no mail.",
)
EMAIL_FROM = Setting(
    "CHENGSHU_EMAIL_FROM",
    str,
    default="chengshu@localhost",
    zh="邮件的发件地址。",
    en="Address that mails are sent from.",
)
SITE_URL = Setting(
    "CHENGSHU_SITE_URL",
    str,
    default="",
    zh="本站对外的地址，如 https://jx.example.gov.cn，用于邮件和推送里的链接。不填则不带链接。",
    en="Address of this site for links in mails and webhooks, such as https://jx.example.gov.cn. Empty: no links.",
)
WEBHOOK_HOSTS: Setting[tuple[str, ...]] = Setting(
    "CHENGSHU_WEBHOOK_HOSTS",
    words,
    default=(),
    zh="允许推送的主机名，用逗号分开；以点开头的包括其下所有主机。不填则不推送。",
    en="Hosts that webhooks may be posted to, separated by commas; one that begins with a dot stands for all below it. Empty: none.",
)
WEBHOOK_LOOPBACK = Setting(
    "CHENGSHU_WEBHOOK_LOOPBACK",
    boolean,
    default=False,
    zh="是否允许推送到本机（可不加密）。只用于试验。",
    en="Whether webhooks may go to this machine itself, also unencrypted. For trials only.",
)
WEBHOOK_CA_FILE = Setting(
    "CHENGSHU_WEBHOOK_CA_FILE",
    str,
    default="",
    zh="推送时信任的证书颁发机构（PEM 文件）。不填用系统的。",
    en="Certificate authorities that webhooks trust (PEM file). Empty: those of the system.",
)
FILES_S3 = Setting(
    "CHENGSHU_FILES_S3",
    str,
    default="",
    zh="把文件内容存入 S3 兼容的存储：https://访问键:密钥@主机/桶/前缀?region=区域。不填则存在数据目录。",
    en="Keep file contents in an S3 store: https://key:secret@host/bucket/prefix?region=name. Empty: in the data folder.",
)
LAKE_S3 = Setting(
    "CHENGSHU_LAKE_S3",
    store_address,
    default="",
    zh="把数据湖的表存入 S3 兼容的存储：https://访问键:密钥@主机/桶/前缀?region=区域，见 docs/lake.md。不填则存在数据目录。",
    en="Keep the lake's tables in an S3 store: https://key:secret@host/bucket/prefix?region=name. Empty: in the data folder.",
)
LAKE_KEEP_DAYS = Setting(
    "CHENGSHU_LAKE_KEEP_DAYS",
    positive,
    default=400,
    zh="数据湖里每张表的旧版本保留多少天，过后每晚清去只有旧版本才用到的文件。保留期内可按版本复核检查结果。",
    en="Days for which earlier versions of the lake's tables stay readable; what only older ones need is removed each night.",
)
PIPELINES = Setting(
    "CHENGSHU_PIPELINES",
    str,
    default="",
    zh="放加工管道的目录：其中每个 .py 文件用 PLANS 列出本市的管道，见 docs/processing.md。不填则只有标准化。",
    en="Folder of pipelines: each .py file in it lists plans as PLANS, see docs/processing.md. Empty: standard tables only.",
)
DATA_CENTRE = Setting(
    "CHENGSHU_DATA_CENTRE",
    str,
    default="",
    zh="运行本平台的单位（如大数据中心）的组织代码：平台自己的记录、指标和没有另外登记责任部门的加工产出由它负责。不填则这些没有责任部门。",
    en="Code of the organisation that runs the platform: it answers for the platform's records, the indicators, and what pipelines make for nobody else.",
)
REFUSED_KEEP_DAYS = Setting(
    "CHENGSHU_REFUSED_KEEP_DAYS",
    positive,
    default=90,
    zh="整件被拒的来件（脚本、事件、更正表、推送、编目表）从最后一次来起留存多少天，过后连同原件清去。",
    en="Days for which input that was refused as a whole is kept after it last came; then it goes with its copy.",
)
CLAMD = Setting(
    "CHENGSHU_CLAMD",
    str,
    default="",
    zh="查毒程序 clamd 的地址：unix:/run/clamav/clamd.ctl 或 tcp://主机:3310。不填则不查毒。",
    en="Address of the virus scanner clamd: unix:/run/clamav/clamd.ctl or tcp://host:3310. Empty: nothing is scanned.",
)
ENGINE, SPARK_MASTER, SPARK_SETTINGS = computing.ENGINE, computing.SPARK_MASTER, computing.SPARK_SETTINGS
SPARK_SHARED, SPARK_READS_S3 = computing.SPARK_SHARED, computing.SPARK_READS_S3
CONTINUOUS_INTEGRATION = Setting(
    "CI",
    boolean,
    default=False,
    zh="持续集成环境：缺少浏览器或数据库时测试失败，而不是跳过。",
    en="Continuous integration: tests fail instead of being skipped when a browser or database is missing.",
)

ALL: tuple[Setting[object], ...] = tuple(value for value in list(globals().values()) if isinstance(value, Setting))


def name_settings_module() -> None:
    """Tell Django, in this process and its children, where its settings are, unless somebody chose others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengshu.config.settings")  # noqa: TID251 - as in `read`
