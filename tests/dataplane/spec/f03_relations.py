"""How rows come together: joins, groups, windows."""

from dataplane.spec.cases import Case, Feature

PEOPLE = """
id:integer | city:text | pay:decimal(10,2)
1 | A | 10.00
2 | A | -
3 | B | 5.50
4 | - | 1.00
5 | A | 20.00
"""
CITIES = """
code:text | name:text
A | 静安
B | 黄浦
C | 崇明
- | 不明
"""

FEATURES = (
    Feature(
        "连接",
        "空值与空值不相等，连接不上；要当作相等请用 IS NOT DISTINCT FROM。",
        PEOPLE,
        (
            Case(
                "内连接",
                "SELECT id, name FROM t JOIN u ON city = code",
                "id:integer|name:text\n1|静安\n2|静安\n3|黄浦\n5|静安",
            ),
            Case(
                "左连接",
                "SELECT id, name FROM t LEFT JOIN u ON city = code AND name <> '黄浦'",
                "id:integer|name:text\n1|静安\n2|静安\n3|-\n4|-\n5|静安",
            ),
            Case(
                "全连接",
                "SELECT id, name FROM t FULL JOIN u ON city = code",
                "id:integer|name:text\n1|静安\n2|静安\n3|黄浦\n4|-\n5|静安\n-|崇明\n-|不明",
            ),
            Case(
                "空值相等的连接",
                "SELECT id, name FROM t JOIN u ON city IS NOT DISTINCT FROM code WHERE id > 3",
                "id:integer|name:text\n4|不明\n5|静安",
            ),
            Case(
                "有与没有",
                "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.code = t.city)",
                "id:integer\n1\n2\n3\n5",
            ),
            Case(
                "半连接与反连接",
                "-- met\nSELECT id FROM t SEMI JOIN u ON city = code\n-- lone\nSELECT id FROM t ANTI JOIN u ON city = code\n-- both\nSELECT id, 'with' AS kind FROM met UNION ALL SELECT id, 'without' AS kind FROM lone",
                "id:integer|kind:text\n1|with\n2|with\n3|with\n5|with\n4|without",
            ),
            Case(
                "同名的列",
                "SELECT city, pay, n FROM t JOIN u USING (city)",
                "city:text|pay:decimal(10,2)|n:integer\nB|5.50|2",
                u="city:text | n:integer\nB | 2\nZ | 9",
            ),
            Case("乘积", "SELECT COUNT(*) AS n FROM t CROSS JOIN u", "n:integer\n20"),
        ),
        CITIES,
    ),
    Feature(
        "分组",
        "空值自成一组。没有行时，COUNT 是 0，其余聚合是空值。",
        PEOPLE,
        (
            Case(
                "计数与合计",
                "SELECT city, COUNT(*) AS n, COUNT(pay) AS k, SUM(pay) AS s, MIN(pay) AS a, MAX(id) AS b FROM t GROUP BY city",
                "city:text|n:integer|k:integer|s:decimal(38,2)|a:decimal(10,2)|b:integer\nA|3|2|30.00|10.00|5\nB|1|1|5.50|5.50|3\n-|1|1|1.00|1.00|4",
            ),
            Case("平均是浮点数", "SELECT AVG(pay) AS a, AVG(id) AS b FROM t", "a:double|b:double\n9.125|3"),
            Case(
                "不同的个数",
                "SELECT COUNT(DISTINCT city) AS n, SUM(DISTINCT id) AS s FROM t",
                "n:integer|s:integer\n2|15",
            ),
            Case(
                "有条件的聚合",
                "SELECT COUNT(*) FILTER (WHERE pay > 5) AS a, COUNT_IF(city = 'A') AS b, SUM(id) FILTER (WHERE city IS NULL) AS c, BOOL_OR(pay > 15) AS d, BOOL_AND(pay > 5) AS e FROM t",
                "a:integer|b:integer|c:integer|d:boolean|e:boolean\n3|3|4|T|F",
            ),
            Case(
                "把文本连成一串",
                "SELECT city, STRING_AGG(CAST(id AS TEXT), '、' ORDER BY id DESC) AS a, STRING_AGG(city, '') FILTER (WHERE pay > 5) AS b FROM t GROUP BY city",
                fault="ORDER BY",
            ),
            Case(
                "把文本按顺序连成一串",
                "SELECT city, STRING_AGG(CAST(id AS TEXT), '、' ORDER BY pay DESC, id) AS a, STRING_AGG(CAST(id AS TEXT), ',' ORDER BY id) FILTER (WHERE pay > 5) AS b FROM t GROUP BY city",
                "city:text|a:text|b:text\nA|5、1、2|1,5\nB|3|3\n-|4|-",
            ),
            Case(
                "同序的文本按文本排，空值跳过",
                "SELECT STRING_AGG(city, '' ORDER BY id // 10) AS a, STRING_AGG(DISTINCT city, '、' ORDER BY city DESC) AS b FROM t",
                "a:text|b:text\n'AAAB'|B、A",
            ),
            Case("一个文本都没有", "SELECT STRING_AGG(city, ',' ORDER BY id) AS a FROM t WHERE id = 4", "a:text\n-"),
            Case("只能连接文本", "SELECT STRING_AGG(id, ',' ORDER BY id) AS a FROM t", fault="应是text"),
            Case(
                "去重后按别的列排序说不清",
                "SELECT STRING_AGG(DISTINCT city, ',' ORDER BY id) AS a FROM t",
                fault="按那个文本自己排序",
            ),
            Case(
                "窗口里不能连接文本",
                "SELECT STRING_AGG(city, ',' ORDER BY id) OVER (PARTITION BY city) AS a FROM t",
                fault="GROUP BY",
            ),
            Case(
                "几列合起来的不同个数请先去重",
                "SELECT COUNT(DISTINCT (city, id)) AS n FROM t",
                fault="不是一个值",
            ),
            Case(
                "每组不同的个数",
                "SELECT city, COUNT(DISTINCT pay) AS n, COUNT(DISTINCT id % 2) FILTER (WHERE id > 1) AS k FROM t GROUP BY city",
                "city:text|n:integer|k:integer\nA|2|2\nB|1|1\n-|1|1",
            ),
            Case("组的条件", "SELECT city FROM t GROUP BY city HAVING SUM(pay) > 5.5", "city:text\nA"),
            Case(
                "没有行",
                "SELECT COUNT(*) AS n, SUM(id) AS s, AVG(pay) AS a, COUNT_IF(id > 1) AS c, BOOL_OR(id > 1) AS b FROM t WHERE id > 99",
                "n:integer|s:integer|a:double|c:integer|b:boolean\n0|-|-|0|-",
            ),
            Case(
                "按算出的值分组",
                "SELECT id % 2 AS odd, SUM(id) AS s FROM t GROUP BY id % 2",
                "odd:integer|s:integer\n1|9\n0|6",
            ),
            Case(
                "合计溢出是错误",
                "SELECT SUM(n) AS s FROM t",
                fault="步骤“result”",
                t="n:integer\n9223372036854775807\n1",
            ),
            Case("没有分组的列", "SELECT city, COUNT(*) AS n FROM t", fault="步骤“result”"),
        ),
    ),
    Feature(
        "窗口",
        "编号与前后行必须写明顺序；同序的行并列。QUALIFY 按窗口的结果筛选。",
        PEOPLE,
        (
            Case(
                "编号",
                "SELECT id, ROW_NUMBER() OVER (PARTITION BY city ORDER BY id DESC) AS n FROM t",
                "id:integer|n:integer\n1|3\n2|2\n3|1\n4|1\n5|1",
            ),
            Case(
                "每组最近的一行",
                "SELECT id, city FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY city ORDER BY id DESC) = 1",
                "id:integer|city:text\n5|A\n3|B\n4|-",
            ),
            Case(
                "名次",
                "SELECT id, RANK() OVER (ORDER BY city) AS r, DENSE_RANK() OVER (ORDER BY city) AS d FROM t",
                "id:integer|r:integer|d:integer\n1|1|1\n2|1|1\n3|4|2\n4|5|3\n5|1|1",
            ),
            Case(
                "前后行",
                "SELECT id, LAG(pay) OVER (ORDER BY id) AS a, LEAD(id, 2, 0) OVER (ORDER BY id) AS b, FIRST_VALUE(id) OVER (PARTITION BY city ORDER BY id) AS c FROM t",
                "id:integer|a:decimal(10,2)|b:integer|c:integer\n1|-|3|1\n2|10.00|4|1\n3|-|5|3\n4|5.50|0|4\n5|1.00|0|1",
            ),
            Case(
                "累计",
                "SELECT id, SUM(pay) OVER (ORDER BY id) AS s, COUNT(*) OVER (PARTITION BY city) AS n FROM t",
                "id:integer|s:decimal(38,2)|n:integer\n1|10.00|3\n2|10.00|3\n3|15.50|1\n4|16.50|1\n5|36.50|3",
            ),
            Case(
                "累计的计数与最大",
                "SELECT id, COUNT(pay) OVER (PARTITION BY city ORDER BY id) AS n, MAX(pay) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS m FROM t",
                "id:integer|n:integer|m:decimal(10,2)\n1|1|-\n2|1|10.00\n3|1|10.00\n4|1|10.00\n5|2|10.00",
            ),
            Case(
                "与上一行之差",
                "SELECT id, pay - LAG(pay, 1, 0) OVER (PARTITION BY city ORDER BY id) AS d, LAST_VALUE(id) OVER (PARTITION BY city ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM t",
                "id:integer|d:decimal(12,2)|l:integer\n1|10.00|5\n2|-|5\n3|5.50|3\n4|1.00|4\n5|-|5",
            ),
            Case(
                "滑动",
                "SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM t",
                "id:integer|s:integer\n1|1\n2|3\n3|5\n4|7\n5|9",
            ),
            Case(
                "没有顺序的编号结果不定",
                "SELECT id, ROW_NUMBER() OVER (PARTITION BY city) AS n FROM t",
                fault="ORDER BY",
            ),
        ),
    ),
)
