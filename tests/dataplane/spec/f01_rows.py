"""Which rows: filters, nulls, order, distinct, unions."""

from dataplane.spec.cases import Case, Feature

PEOPLE = """
id:integer | name:text | age:integer | city:text
1 | 王小明 | 34 | 上海
2 | 李四 | - | 上海
3 | 王 | 17 | -
4 | - | 34 | 苏州
"""

FEATURES = (
    Feature(
        "筛选",
        "WHERE 只留下条件为真的行；条件为 NULL 的行不留。",
        PEOPLE,
        (
            Case("按值筛选", "SELECT id FROM t WHERE age = 34", "id:integer\n1\n4"),
            Case("不等于不包括空值", "SELECT id FROM t WHERE city <> '上海'", "id:integer\n4"),
            Case(
                "范围与取值",
                "SELECT id FROM t WHERE age BETWEEN 17 AND 33 OR city IN ('苏州', '杭州')",
                "id:integer\n3\n4",
            ),
            Case("NOT IN 遇到空值", "SELECT id FROM t WHERE city NOT IN ('苏州')", "id:integer\n1\n2"),
            Case("模糊匹配", "SELECT id FROM t WHERE name LIKE '王%' AND name LIKE '王_'", "id:integer\n"),
            Case("一个下划线是一个汉字", "SELECT id FROM t WHERE name LIKE '王__'", "id:integer\n1"),
            Case("一行都没有", "SELECT id, name FROM t WHERE age > 100", "id:integer | name:text"),
        ),
    ),
    Feature(
        "空值",
        "空值与任何值相比都不是真；IS DISTINCT FROM 把空值当作一个值。聚合跳过空值。",
        PEOPLE,
        (
            Case(
                "空值的判断",
                "SELECT id, age IS NULL AS a, age IS NOT NULL AS b, age = NULL AS c, age IS DISTINCT FROM 34 AS d FROM t",
                "id:integer | a:boolean | b:boolean | c:boolean | d:boolean\n"
                "1 | F | T | - | F\n2 | T | F | - | T\n3 | F | T | - | T\n4 | F | T | - | F",
            ),
            Case(
                "补上与取消",
                "SELECT id, COALESCE(age, 0) AS a, NULLIF(city, '上海') AS b, GREATEST(age, 20) AS c FROM t",
                "id:integer | a:integer | b:text | c:integer\n1|34|-|34\n2|0|-|20\n3|17|-|20\n4|34|苏州|34",
            ),
            Case(
                "三值逻辑",
                "SELECT id, (age > 20) AND (city = '上海') AS a, (age > 20) OR (city = '上海') AS b, NOT (age > 20) AS c FROM t",
                "id:integer | a:boolean | b:boolean | c:boolean\n1|T|T|F\n2|-|T|-\n3|F|-|T\n4|F|T|F",
            ),
            Case("只有空值的列要写明类型", "SELECT id, NULL AS a FROM t", fault="没有类型"),
            Case(
                "写明类型的空值", "SELECT id, CAST(NULL AS DATE) AS a FROM t WHERE id = 1", "id:integer | a:date\n1 | -"
            ),
        ),
    ),
    Feature(
        "排序",
        "不论升序降序，空值都排在最后，除非写明 NULLS FIRST。LIMIT 必须与 ORDER BY 同用。文本按编码排序。",
        PEOPLE,
        (
            Case("升序", "SELECT id, age FROM t ORDER BY age, id", "id:integer | age:integer\n3|17\n1|34\n4|34\n2|-"),
            Case(
                "降序", "SELECT id, age FROM t ORDER BY age DESC, id", "id:integer | age:integer\n1|34\n4|34\n3|17\n2|-"
            ),
            Case("空值在前", "SELECT id FROM t ORDER BY age NULLS FIRST, id LIMIT 2", "id:integer\n2\n3"),
            Case("汉字", "SELECT name FROM t ORDER BY name", "name:text\n李四\n王\n王小明\n-"),
            Case("没有顺序的 LIMIT 结果不定", "SELECT id FROM t LIMIT 1", fault="LIMIT"),
        ),
    ),
    Feature(
        "去重与合并",
        "DISTINCT、UNION、INTERSECT、EXCEPT 把空值当作一个值。",
        PEOPLE,
        (
            Case("去重", "SELECT DISTINCT city FROM t", "city:text\n上海\n苏州\n-"),
            Case("合并去重", "SELECT age FROM t UNION SELECT id FROM t", "age:integer\n34\n17\n-\n1\n2\n3\n4"),
            Case(
                "合并不去重",
                "SELECT city FROM t UNION ALL SELECT city FROM t WHERE id > 2",
                "city:text\n上海\n上海\n-\n苏州\n-\n苏州",
            ),
            Case("交", "SELECT city FROM t INTERSECT SELECT city FROM t WHERE id > 2", "city:text\n-\n苏州"),
            Case("差", "SELECT city FROM t EXCEPT SELECT city FROM t WHERE id > 2", "city:text\n上海"),
            Case(
                "整数与小数合并为小数",
                "SELECT id AS x FROM t WHERE id = 1 UNION ALL SELECT CAST(1.5 AS DECIMAL(3, 1)) AS x FROM t WHERE id = 2",
                "x:decimal(20,1)\n1.0\n1.5",
            ),
            Case("类型不同不能合并", "SELECT id FROM t UNION ALL SELECT city FROM t", fault="类型不同"),
        ),
    ),
    Feature(
        "步骤",
        "管道由有名字的步骤组成，后面的步骤读前面的步骤。一步不写嵌套的查询，除非在 IN、EXISTS 或单个值的位置。",
        PEOPLE,
        (
            Case(
                "一步接一步",
                "-- adults\nSELECT id, city, age FROM t WHERE age >= 18\n-- counts\nSELECT city, COUNT(*) AS n FROM adults GROUP BY city",
                "city:text | n:integer\n上海|1\n苏州|1",
            ),
            Case(
                "两步合为一步",
                "-- old\nSELECT id FROM t WHERE age > 30\n-- young\nSELECT id FROM t WHERE age < 18\n-- both\nSELECT id FROM old UNION ALL SELECT id FROM young",
                "id:integer\n1\n4\n3",
            ),
            Case(
                "同一步读两次",
                "-- a\nSELECT id FROM t WHERE id < 3\n-- b\nSELECT x.id, y.id AS other FROM a AS x JOIN a AS y ON x.id < y.id",
                "id:integer | other:integer\n1|2",
            ),
            Case("单个值的子查询", "SELECT id FROM t WHERE age = (SELECT MAX(age) FROM t)", "id:integer\n1\n4"),
            Case("嵌套的查询另写一步", "SELECT id FROM (SELECT id FROM t) AS x", fault="单独的一步"),
            Case("没有的字段", "SELECT nosuch FROM t", fault="名称对不上"),
            Case("没有的步骤", "SELECT id FROM t JOIN nosuch USING (id)", fault="没有这个输入或步骤"),
            Case("随机数使每次结果不同", "SELECT RANDOM() AS r, id FROM t", fault="共有的写法"),
            Case("当前时间要作参数", "SELECT CURRENT_DATE AS d, id FROM t", fault="共有的写法"),
            Case("不能直接读文件", "SELECT * FROM read_csv('x.csv'), t", fault="不能直接读"),
        ),
    ),
)
