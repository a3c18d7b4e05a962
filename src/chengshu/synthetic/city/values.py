"""Values of an invented city: people, firms, places, numbers with right check digits. Nobody has these numbers.

The area code 319901 is none that was ever given out, and the phone numbers come from one small invented range.
"""

from datetime import date, timedelta
from random import Random

AREA = "319901"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰志建国庆文慧宇欣晨"
_STREETS = ("长风路", "金沙江支路", "曹安路", "石泉路", "桃浦东路", "真光路", "甘泉路", "宜川路")
_TOWNS = ("桃溪街道", "长征新村街道", "真北街道", "石泉桥街道", "万里镇")
_TRADES = ("信息技术", "网络工程", "物业管理", "建筑装饰", "办公设备", "绿化养护", "咨询服务", "印务")
_HEADS = ("申联", "海纳", "同舟", "恒泰", "明德", "新元", "锦程", "百川", "众诚", "博远")
_FORMS = ("有限公司", "股份有限公司", "服务中心", "商行")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRST_BIRTH, _BIRTH_DAYS = date(1945, 1, 1), 20_000


def draw_name(draw: Random) -> str:
    """Draw a person's name of two or three signs."""
    return draw.choice(_SURNAMES) + "".join(draw.choice(_GIVEN) for _ in range(draw.choice((1, 2, 2))))


def draw_citizen(draw: Random) -> tuple[str, str, str]:
    """Draw a citizen's number with the sex code (1, 2) and the day of birth (ISO) that it says."""
    born = _FIRST_BIRTH + timedelta(days=draw.randrange(_BIRTH_DAYS))
    order = draw.randrange(1, 1000)
    body = f"{AREA}{born:%Y%m%d}{order:03}"
    return body + id_sign(body), "1" if order % 2 else "2", born.isoformat()


def id_sign(body: str) -> str:
    """Give the check sign of the first 17 digits of a citizen's number (GB 11643-1999)."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def draw_credit_code(draw: Random) -> str:
    """Draw a unified social credit code."""
    body = f"91{AREA}" + "".join(draw.choice(_CREDIT_SIGNS) for _ in range(9))
    return body + credit_sign(body)


def credit_sign(body: str) -> str:
    """Give the check sign of the first 17 signs of a unified social credit code (GB 32100-2015)."""
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _CREDIT_SIGNS[-total % 31]


def draw_phone(draw: Random) -> str:
    """Draw a mobile number."""
    return f"1990000{draw.randrange(10_000):04}"


def draw_day(draw: Random, until: date, *, days: int = 700) -> str:
    """Draw one of the days before another, ISO."""
    return (until - timedelta(days=draw.randrange(1, days))).isoformat()


def draw_place(draw: Random) -> tuple[str, str, str]:
    """Draw an address with its town and its committee."""
    town, street = draw.choice(_TOWNS), draw.choice(_STREETS)
    address = f"示范区{street}{draw.randrange(1, 900)}弄{draw.randrange(1, 60)}号{draw.randrange(101, 1802)}室"
    return address, town, f"{street[:2]}第{draw.choice('一二三四五六')}居委会"


def draw_firm(draw: Random) -> str:
    """Draw a firm's full name."""
    return f"示范市{draw.choice(_HEADS)}{draw.choice(_HEADS)}{draw.choice(_TRADES)}{draw.choice(_FORMS)}"
