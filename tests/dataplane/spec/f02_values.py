"""What values become: numbers, dates, moments, texts, casts."""

from dataplane.spec.cases import Case, Feature

NUMBERS = """
n:integer | m:integer | d:decimal(12,2) | f:double
7 | 2 | 1.25 | 0.5
-7 | 2 | -2.50 | 2.675
5 | 0 | 0.00 | -1.5
- | 3 | - | -
"""
DAYS = """
id:integer | day:date | at:moment
1 | 2024-01-31 | 2024-01-31T23:30:00+08:00
2 | 2023-12-31 | 2023-12-31T23:59:59.999999Z
3 | 2024-02-29 | 2024-03-01T00:00:00+08:00
4 | - | -
"""
TEXTS = """
id:integer | s:text
1 | 上海市静安区
2 | '  a b　'
3 | ''
4 | -
5 | A-1,b-2
"""
RAW = """
id:integer | s:text
1 | 12
2 | ' -7 '
3 | 1.5
4 | 1e3
5 | 甲
6 | ''
7 | 2024
8 | 2024-02-30
9 | 2024-02-29
10 | 1_000
11 | 99999999999999999999
12 | -
13 | true
"""

FEATURES = (
    Feature(
        "整数与小数",
        "整数是 64 位，溢出是错误。小数是精确的，加减不损失，乘法的小数位相加。",
        NUMBERS,
        (
            Case(
                "整数运算",
                "SELECT n + m AS a, n - m AS b, n * m AS c, -n AS d, ABS(n) AS e FROM t",
                "a:integer|b:integer|c:integer|d:integer|e:integer\n9|5|14|-7|7\n-5|-9|-14|7|7\n5|5|0|-5|5\n-|-|-|-|-",
            ),
            Case(
                "小数精确",
                "SELECT d + 0.10 AS a, d * d AS b, d - d AS c FROM t",
                "a:decimal(14,2)|b:decimal(24,4)|c:decimal(13,2)\n1.35|1.5625|0.00\n-2.40|6.2500|0.00\n0.10|0.0000|0.00\n-|-|-",
            ),
            Case(
                "十个 0.10 是 1.00",
                "SELECT SUM(d) AS s FROM t",
                "s:decimal(38,2)\n1.00",
                t="d:decimal(10,2)\n" + "0.10\n" * 10,
            ),
            Case(
                "整数溢出是错误", "SELECT n * 10 AS x FROM t", fault="步骤“result”", t="n:integer\n9223372036854775807"
            ),
            Case("数与文本不能相加", "SELECT n + '1' AS x FROM t", fault="CAST"),
        ),
    ),
    Feature(
        "除法",
        "`/` 总是得浮点数；整除 `//` 与余数 `%` 只用于整数，向零取整。除以零得空值。",
        NUMBERS,
        (
            Case(
                "除",
                "SELECT n, n / m AS a, d / m AS b FROM t",
                "n:integer|a:double|b:double\n7|3.5|0.625\n-7|-3.5|-1.25\n5|-|-\n-|-|-",
            ),
            Case(
                "整除与余数",
                "SELECT n, n // m AS q, n % m AS r FROM t",
                "n:integer|q:integer|r:integer\n7|3|1\n-7|-3|-1\n5|-|-\n-|-|-",
            ),
            Case(
                "除以写出的零",
                "SELECT n / 0 AS a, n // 0 AS b, f / 0 AS c FROM t WHERE n = 7",
                "a:double|b:integer|c:double\n-|-|-",
            ),
        ),
    ),
    Feature(
        "取整",
        "ROUND 四舍五入（负数按绝对值）。钱请用小数：浮点数的末位取决于它的二进制值。CEIL 与 FLOOR 得整数。",
        NUMBERS,
        (
            Case(
                "小数四舍五入",
                "SELECT ROUND(d, 1) AS a, ROUND(d, 0) AS b FROM t",
                "a:decimal(12,1)|b:decimal(12,0)\n1.3|1\n-2.5|-3\n0.0|0\n-|-",
            ),
            Case(
                "浮点数四舍五入",
                "SELECT ROUND(f, 2) AS a, ROUND(f) AS b, ROUND(f, 1) AS c FROM t",
                "a:double|b:double|c:double\n0.5|1|0.5\n2.68|3|2.7\n-1.5|-2|-1.5\n-|-|-",
            ),
            Case(
                "向上与向下",
                "SELECT CEIL(d) AS a, FLOOR(d) AS b, CEIL(f) AS c, FLOOR(f) AS e FROM t",
                "a:integer|b:integer|c:integer|e:integer\n2|1|1|0\n-2|-3|3|2\n0|0|-1|-2\n-|-|-|-",
            ),
            Case(
                "转为整数也四舍五入",
                "SELECT CAST(d AS BIGINT) AS a, CAST(f AS BIGINT) AS b FROM t",
                "a:integer|b:integer\n1|1\n-3|3\n0|-2\n-|-",
            ),
        ),
    ),
    Feature(
        "日期与时刻",
        "时刻都以 UTC 计；日期加月遇到没有的日子取月末；星期从星期一起。",
        DAYS,
        (
            Case(
                "日期的部分",
                "SELECT id, YEAR(day) AS y, MONTH(day) AS m, DAY(day) AS d, QUARTER(day) AS q FROM t",
                "id:integer|y:integer|m:integer|d:integer|q:integer\n1|2024|1|31|1\n2|2023|12|31|4\n3|2024|2|29|1\n4|-|-|-|-",
            ),
            Case(
                "加日与月",
                "SELECT id, day + INTERVAL 1 DAY AS a, day + INTERVAL 1 MONTH AS b, day - INTERVAL 1 YEAR AS c FROM t",
                "id:integer|a:date|b:date|c:date\n1|2024-02-01|2024-02-29|2023-01-31\n2|2024-01-01|2024-01-31|2022-12-31\n3|2024-03-01|2024-03-29|2023-02-28\n4|-|-|-",
            ),
            Case(
                "相差的天数",
                "SELECT id, DATE_DIFF('day', DATE '2024-01-01', day) AS n FROM t",
                "id:integer|n:integer\n1|30\n2|-1\n3|59\n4|-",
            ),
            Case(
                "加由数据得来的日数与月数",
                "SELECT id, day + INTERVAL (id) DAY AS a, day - INTERVAL (id * 2) MONTH AS b, day + INTERVAL (id - 2) YEAR AS c FROM t",
                "id:integer|a:date|b:date|c:date\n1|2024-02-01|2023-11-30|2023-01-31\n2|2024-01-02|2023-08-31|2023-12-31\n3|2024-03-03|2023-08-29|2025-02-28\n4|-|-|-",
            ),
            Case(
                "时刻只能加写出的时长",
                "SELECT at + INTERVAL (id) HOUR AS a FROM t",
                fault="应是date",
            ),
            Case(
                "跨过的月初、季初与年初",
                "SELECT id, DATE_DIFF('month', DATE '2023-12-31', day) AS m, DATE_DIFF('quarter', DATE '2023-12-31', day) AS q, DATE_DIFF('year', day, DATE '2025-01-01') AS y FROM t",
                "id:integer|m:integer|q:integer|y:integer\n1|1|1|1\n2|0|0|2\n3|2|1|1\n4|-|-|-",
            ),
            Case("相差的周数各引擎不一", "SELECT DATE_DIFF('week', day, day) AS n FROM t", fault="时间单位"),
            Case(
                "归到月初与周一",
                "SELECT id, DATE_TRUNC('month', day) AS m, DATE_TRUNC('week', day) AS w, LAST_DAY(day) AS l FROM t",
                "id:integer|m:date|w:date|l:date\n1|2024-01-01|2024-01-29|2024-01-31\n2|2023-12-01|2023-12-25|2023-12-31\n3|2024-02-01|2024-02-26|2024-02-29\n4|-|-|-",
            ),
            Case(
                "时刻",
                "SELECT id, at + INTERVAL 90 MINUTE AS a, DATE_TRUNC('day', at) AS b, HOUR(at) AS h, CAST(at AS DATE) AS d FROM t",
                "id:integer|a:moment|b:moment|h:integer|d:date\n1|2024-01-31T17:00:00Z|2024-01-31T00:00:00Z|15|2024-01-31\n2|2024-01-01T01:29:59.999999Z|2023-12-31T00:00:00Z|23|2023-12-31\n3|2024-02-29T17:30:00Z|2024-02-29T00:00:00Z|16|2024-02-29\n4|-|-|-|-",
            ),
            Case(
                "与写出的日期相比",
                "SELECT id FROM t WHERE day >= '2024-01-31' AND at < '2024-02-29 00:00:00+08:00'",
                "id:integer\n1",
            ),
            Case("日期写法不对", "SELECT id FROM t WHERE day >= '2024-1-31'", fault="日期的写法"),
            Case(
                "写成文本",
                "SELECT id, STRFTIME(day, '%Y年%m月') AS a, STRFTIME(at, '%Y-%m-%d %H:%M:%S') AS b FROM t WHERE id < 3",
                "id:integer|a:text|b:text\n1|2024年01月|2024-01-31 15:30:00\n2|2023年12月|2023-12-31 23:59:59",
            ),
            Case(
                "由数得日期",
                "SELECT MAKE_DATE(2024, id + 1, 29) AS d FROM t WHERE id < 3",
                "d:date\n2024-02-29\n2024-03-29",
            ),
            Case("日期相减请用 DATE_DIFF", "SELECT day - day AS n FROM t", fault="应是"),
        ),
    ),
    Feature(
        "文本",
        "长度与位置按字计，从 1 起。CONCAT 跳过空值，`||` 遇空值得空值。TRIM 也去掉全角空格。",
        TEXTS,
        (
            Case(
                "长度与截取",
                "SELECT id, LENGTH(s) AS n, SUBSTRING(s, 1, 2) AS a, LEFT(s, 1) AS b, RIGHT(s, 2) AS c FROM t",
                "id:integer|n:integer|a:text|b:text|c:text\n1|6|上海|上|安区\n2|6|'  '|' '|'b　'\n3|0|''|''|''\n4|-|-|-|-\n5|7|A-|A|-2",
            ),
            Case(
                "去空格",
                "SELECT id, TRIM(s) AS a, LTRIM(s) AS b, RTRIM(s) AS c FROM t WHERE id < 4",
                "id:integer|a:text|b:text|c:text\n1|上海市静安区|上海市静安区|上海市静安区\n2|a b|'a b　'|'  a b'\n3|''|''|''",
            ),
            Case(
                "连接",
                "SELECT id, s || '!' AS a, CONCAT(s, '!') AS b FROM t",
                "id:integer|a:text|b:text\n1|上海市静安区!|上海市静安区!\n2|'  a b　!'|'  a b　!'\n3|!|!\n4|-|!\n5|A-1,b-2!|A-1,b-2!",
            ),
            Case(
                "查找",
                "SELECT id, STRPOS(s, '静安') AS a, CONTAINS(s, '海') AS b, STARTS_WITH(s, '上') AS c FROM t",
                "id:integer|a:integer|b:boolean|c:boolean\n1|4|T|T\n2|0|F|F\n3|0|F|F\n4|-|-|-\n5|0|F|F",
            ),
            Case(
                "替换与大小写",
                "SELECT id, REPLACE(s, '-', '+') AS a, UPPER(s) AS b, LOWER(s) AS c FROM t WHERE id IN (1, 5)",
                "id:integer|a:text|b:text|c:text\n1|上海市静安区|上海市静安区|上海市静安区\n5|A+1,b+2|A-1,B-2|a-1,b-2",
            ),
            Case(
                "补齐与拆分",
                "SELECT id, LPAD(CAST(id AS TEXT), 4, '0') AS a, RPAD(s, 3, '*') AS b, SPLIT_PART(s, ',', 2) AS c FROM t WHERE id IN (1, 3, 5)",
                "id:integer|a:text|b:text|c:text\n1|0001|上海市|''\n3|0003|***|''\n5|0005|A-1|b-2",
            ),
            Case(
                "格式",
                r"SELECT id, REGEXP_FULL_MATCH(s, '[一-龥]+区') AS a, REGEXP_MATCHES(s, '\d') AS b, REGEXP_EXTRACT(s, '([a-z])-(\d)', 2) AS c FROM t",
                "id:integer|a:boolean|b:boolean|c:text\n1|T|F|''\n2|F|F|''\n3|F|F|''\n4|-|-|-\n5|F|T|2",
            ),
            Case("格式只用共有的写法", "SELECT REGEXP_MATCHES(s, '(?i)a') AS a FROM t", fault="两种括号"),
            Case("位置从 1 起", "SELECT SUBSTRING(s, 0, 2) AS a FROM t", fault="不小于 1"),
        ),
    ),
    Feature(
        "类型转换",
        "文本只按一种写法转换：整数是数字与正负号，日期是 2024-02-29，是否是 true 与 false；首尾可有半角空格（数字）。"
        "TRY_CAST 把其余的变为空值，CAST 遇到其余的就是错误，并给出那个值。",
        RAW,
        (
            Case(
                "转为整数",
                "SELECT id, TRY_CAST(s AS BIGINT) AS n FROM t",
                "id:integer|n:integer\n1|12\n2|-7\n3|-\n4|-\n5|-\n6|-\n7|2024\n8|-\n9|-\n10|-\n11|-\n12|-\n13|-",
            ),
            Case(
                "转为小数与浮点数",
                "SELECT id, TRY_CAST(s AS DECIMAL(6, 1)) AS d, TRY_CAST(s AS DOUBLE) AS f FROM t WHERE id < 11",
                "id:integer|d:decimal(6,1)|f:double\n1|12.0|12\n2|-7.0|-7\n3|1.5|1.5\n4|-|1000\n5|-|-\n6|-|-\n7|2024.0|2024\n8|-|-\n9|-|-\n10|-|-",
            ),
            Case(
                "转为日期",
                "SELECT id, TRY_CAST(s AS DATE) AS d FROM t WHERE id IN (1, 7, 8, 9, 12)",
                "id:integer|d:date\n1|-\n7|-\n8|-\n9|2024-02-29\n12|-",
            ),
            Case(
                "转为时刻",
                "SELECT id, TRY_CAST(s AS TIMESTAMPTZ) AS a FROM t",
                "id:integer|a:moment\n1|2024-02-29T00:30:00Z\n2|2024-02-29T08:30:00.5Z\n3|-\n4|-\n5|2024-02-29T08:30:00Z",
                t="id:integer|s:text\n1|2024-02-29T08:30:00+08:00\n2|2024-02-29 08:30:00.5\n3|2024-02-30 00:00:00\n4|2024-02-29\n5|2024-02-29 08:30:00Z",
            ),
            Case(
                "转为是否",
                "SELECT id, TRY_CAST(s AS BOOLEAN) AS b FROM t WHERE id IN (1, 5, 13)",
                "id:integer|b:boolean\n1|-\n5|-\n13|T",
            ),
            Case("转不了是错误，并给出那个值", "SELECT CAST(s AS BIGINT) AS n FROM t WHERE id IN (1, 3)", fault="1.5"),
            Case("没有的日子是错误", "SELECT CAST(s AS DATE) AS n FROM t WHERE id = 8", fault="2024-02-30"),
            Case("放不下是错误", "SELECT CAST(s AS DECIMAL(3, 1)) AS n FROM t WHERE id = 7", fault="步骤“result”"),
            Case(
                "舍入到位数",
                "SELECT CAST(s AS DECIMAL(6, 2)) AS a, CAST(CAST(s AS DECIMAL(6, 3)) AS DECIMAL(6, 2)) AS b FROM t",
                "a:decimal(6,2)|b:decimal(6,2)\n1.01|1.01\n-1.01|-1.01\n2.00|2.00",
                t="s:text\n1.005\n-1.005\n1.999",
            ),
            Case(
                "转为文本",
                "SELECT CAST(id AS TEXT) AS a, CAST(CAST(1.50 AS DECIMAL(4, 2)) AS TEXT) AS b, CAST(DATE '2024-01-02' AS TEXT) AS c, CAST(id = 1 AS TEXT) AS d FROM t WHERE id = 1",
                "a:text|b:text|c:text|d:text\n1|1.50|2024-01-02|true",
            ),
            Case("浮点数不能转为文本", "SELECT CAST(CAST(id AS DOUBLE) AS TEXT) AS a FROM t", fault="写法不一"),
            Case("类型要在约定之内", "SELECT CAST(s AS BLOB) AS a FROM t", fault="目标类型不可用"),
        ),
    ),
    Feature(
        "条件",
        "CASE 取第一个为真的分支，各分支的类型要合得起来。",
        NUMBERS,
        (
            Case(
                "分段",
                "SELECT CASE WHEN n > 6 THEN '大' WHEN n > 0 THEN '中' WHEN n IS NULL THEN '无' ELSE '小' END AS a FROM t",
                "a:text\n大\n小\n中\n无",
            ),
            Case(
                "按值",
                "SELECT CASE m WHEN 2 THEN n WHEN 3 THEN 0 END AS a, IF(n > 0, d, 0) AS b FROM t",
                "a:integer|b:decimal(21,2)\n7|1.25\n-7|0.00\n-|0.00\n0|0.00",
            ),
            Case("分支的类型不同", "SELECT CASE WHEN n > 0 THEN n ELSE '无' END AS a FROM t", fault="不同类型"),
        ),
    ),
)
