-- Written by `make messages`. What spark is told for the cases of the specs.

-- 筛选：按值筛选
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`age` = 34;

-- 筛选：不等于不包括空值
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`city` <> '上海';

-- 筛选：范围与取值
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`age` BETWEEN 17 AND 33 OR `t`.`city` IN ('苏州', '杭州');

-- 筛选：NOT IN 遇到空值
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  NOT `t`.`city` IN ('苏州');

-- 筛选：模糊匹配
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`name` LIKE '王%' AND `t`.`name` LIKE '王_';

-- 筛选：一个下划线是一个汉字
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`name` LIKE '王__';

-- 筛选：一行都没有
SELECT
  `t`.`id` AS `id`,
  `t`.`name` AS `name`
FROM `t` AS `t`
WHERE
  `t`.`age` > 100;

-- 空值：空值的判断
SELECT
  `t`.`id` AS `id`,
  `t`.`age` IS NULL AS `a`,
  NOT `t`.`age` IS NULL AS `b`,
  `t`.`age` = NULL AS `c`,
  `t`.`age` IS DISTINCT FROM 34 AS `d`
FROM `t` AS `t`;

-- 空值：补上与取消
SELECT
  `t`.`id` AS `id`,
  COALESCE(`t`.`age`, 0) AS `a`,
  NULLIF(`t`.`city`, '上海') AS `b`,
  GREATEST(`t`.`age`, 20) AS `c`
FROM `t` AS `t`;

-- 空值：三值逻辑
SELECT
  `t`.`id` AS `id`,
  (
    `t`.`age` > 20
  ) AND (
    `t`.`city` = '上海'
  ) AS `a`,
  (
    `t`.`age` > 20
  ) OR (
    `t`.`city` = '上海'
  ) AS `b`,
  NOT (
    `t`.`age` > 20
  ) AS `c`
FROM `t` AS `t`;

-- 空值：写明类型的空值
SELECT
  `t`.`id` AS `id`,
  CAST(NULL AS DATE) AS `a`
FROM `t` AS `t`
WHERE
  `t`.`id` = 1;

-- 排序：升序
SELECT
  `t`.`id` AS `id`,
  `t`.`age` AS `age`
FROM `t` AS `t`
ORDER BY
  `age` NULLS LAST,
  `id` NULLS LAST;

-- 排序：降序
SELECT
  `t`.`id` AS `id`,
  `t`.`age` AS `age`
FROM `t` AS `t`
ORDER BY
  `age` DESC,
  `id` NULLS LAST;

-- 排序：空值在前
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
ORDER BY
  `t`.`age`,
  `id` NULLS LAST
LIMIT 2;

-- 排序：汉字
SELECT
  `t`.`name` AS `name`
FROM `t` AS `t`
ORDER BY
  `name` NULLS LAST;

-- 去重与合并：去重
SELECT DISTINCT
  `t`.`city` AS `city`
FROM `t` AS `t`;

-- 去重与合并：合并去重
SELECT
  `t`.`age` AS `age`
FROM `t` AS `t`
UNION
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`;

-- 去重与合并：合并不去重
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
UNION ALL
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
WHERE
  `t`.`id` > 2;

-- 去重与合并：交
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
INTERSECT
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
WHERE
  `t`.`id` > 2;

-- 去重与合并：差
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
EXCEPT
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
WHERE
  `t`.`id` > 2;

-- 去重与合并：整数与小数合并为小数
SELECT
  `t`.`id` AS `x`
FROM `t` AS `t`
WHERE
  `t`.`id` = 1
UNION ALL
SELECT
  CAST(1.5 AS DECIMAL(3, 1)) AS `x`
FROM `t` AS `t`
WHERE
  `t`.`id` = 2;

-- 步骤：一步接一步
WITH `adults` AS (
  SELECT
    `t`.`id` AS `id`,
    `t`.`city` AS `city`,
    `t`.`age` AS `age`
  FROM `t` AS `t`
  WHERE
    `t`.`age` >= 18
)
SELECT
  `adults`.`city` AS `city`,
  COUNT(*) AS `n`
FROM `adults` AS `adults`
GROUP BY
  `adults`.`city`;

-- 步骤：两步合为一步
WITH `old` AS (
  SELECT
    `t`.`id` AS `id`
  FROM `t` AS `t`
  WHERE
    `t`.`age` > 30
), `young` AS (
  SELECT
    `t`.`id` AS `id`
  FROM `t` AS `t`
  WHERE
    `t`.`age` < 18
)
SELECT
  `old`.`id` AS `id`
FROM `old` AS `old`
UNION ALL
SELECT
  `young`.`id` AS `id`
FROM `young` AS `young`;

-- 步骤：同一步读两次
WITH `a` AS (
  SELECT
    `t`.`id` AS `id`
  FROM `t` AS `t`
  WHERE
    `t`.`id` < 3
)
SELECT
  `x`.`id` AS `id`,
  `y`.`id` AS `other`
FROM `a` AS `x`
JOIN `a` AS `y`
  ON `x`.`id` < `y`.`id`;

-- 步骤：单个值的子查询
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`age` = (
    SELECT
      MAX(`t`.`age`) AS `_col_0`
    FROM `t` AS `t`
  );

-- 整数与小数：整数运算
SELECT
  `t`.`n` + `t`.`m` AS `a`,
  `t`.`n` - `t`.`m` AS `b`,
  `t`.`n` * `t`.`m` AS `c`,
  -`t`.`n` AS `d`,
  ABS(`t`.`n`) AS `e`
FROM `t` AS `t`;

-- 整数与小数：小数精确
SELECT
  `t`.`d` + 0.10 AS `a`,
  `t`.`d` * `t`.`d` AS `b`,
  `t`.`d` - `t`.`d` AS `c`
FROM `t` AS `t`;

-- 整数与小数：十个 0.10 是 1.00
SELECT
  SUM(`t`.`d`) AS `s`
FROM `t` AS `t`;

-- 整数与小数：整数溢出是错误
SELECT
  `t`.`n` * 10 AS `x`
FROM `t` AS `t`;

-- 除法：除
SELECT
  `t`.`n` AS `n`,
  (
    CAST(`t`.`n` AS DOUBLE) / NULLIF(CAST(`t`.`m` AS DOUBLE), 0)
  ) AS `a`,
  (
    CAST(`t`.`d` AS DOUBLE) / NULLIF(CAST(`t`.`m` AS DOUBLE), 0)
  ) AS `b`
FROM `t` AS `t`;

-- 除法：整除与余数
SELECT
  `t`.`n` AS `n`,
  `t`.`n` DIV NULLIF(`t`.`m`, 0) AS `q`,
  `t`.`n` % NULLIF(`t`.`m`, 0) AS `r`
FROM `t` AS `t`;

-- 除法：除以写出的零
SELECT
  (
    CAST(`t`.`n` AS DOUBLE) / NULLIF(CAST(0 AS DOUBLE), 0)
  ) AS `a`,
  `t`.`n` DIV NULLIF(0, 0) AS `b`,
  (
    `t`.`f` / NULLIF(CAST(0 AS DOUBLE), 0)
  ) AS `c`
FROM `t` AS `t`
WHERE
  `t`.`n` = 7;

-- 取整：小数四舍五入
SELECT
  ROUND(`t`.`d`, 1) AS `a`,
  ROUND(`t`.`d`, 0) AS `b`
FROM `t` AS `t`;

-- 取整：浮点数四舍五入
SELECT
  (
    ROUND((
      `t`.`f`
    ) * 1E2) / 1E2
  ) AS `a`,
  ROUND(`t`.`f`) AS `b`,
  (
    ROUND((
      `t`.`f`
    ) * 1E1) / 1E1
  ) AS `c`
FROM `t` AS `t`;

-- 取整：向上与向下
SELECT
  CAST(CEIL(`t`.`d`) AS BIGINT) AS `a`,
  CAST(FLOOR(`t`.`d`) AS BIGINT) AS `b`,
  CAST(CEIL(`t`.`f`) AS BIGINT) AS `c`,
  CAST(FLOOR(`t`.`f`) AS BIGINT) AS `e`
FROM `t` AS `t`;

-- 取整：转为整数也四舍五入
SELECT
  CAST(ROUND(`t`.`d`) AS BIGINT) AS `a`,
  CAST(ROUND(`t`.`f`) AS BIGINT) AS `b`
FROM `t` AS `t`;

-- 日期与时刻：日期的部分
SELECT
  `t`.`id` AS `id`,
  CAST(YEAR(`t`.`day`) AS BIGINT) AS `y`,
  CAST(MONTH(`t`.`day`) AS BIGINT) AS `m`,
  CAST(DAY(`t`.`day`) AS BIGINT) AS `d`,
  CAST(QUARTER(`t`.`day`) AS BIGINT) AS `q`
FROM `t` AS `t`;

-- 日期与时刻：加日与月
SELECT
  `t`.`id` AS `id`,
  CAST(`t`.`day` + INTERVAL '1' DAY AS DATE) AS `a`,
  CAST(`t`.`day` + INTERVAL '1' MONTH AS DATE) AS `b`,
  CAST(`t`.`day` - INTERVAL '1' YEAR AS DATE) AS `c`
FROM `t` AS `t`;

-- 日期与时刻：相差的天数
SELECT
  `t`.`id` AS `id`,
  CAST(DATEDIFF(DAY, CAST('2024-01-01' AS DATE), `t`.`day`) AS BIGINT) AS `n`
FROM `t` AS `t`;

-- 日期与时刻：加由数据得来的日数与月数
SELECT
  `t`.`id` AS `id`,
  DATE_ADD(`t`.`day`, CAST((
    (
      `t`.`id`
    )
  ) * 1 AS INT)) AS `a`,
  ADD_MONTHS(`t`.`day`, CAST((
    (
      `t`.`id` * 2
    )
  ) * -1 AS INT)) AS `b`,
  ADD_MONTHS(`t`.`day`, CAST((
    (
      `t`.`id` - 2
    )
  ) * 12 AS INT)) AS `c`
FROM `t` AS `t`;

-- 日期与时刻：跨过的月初、季初与年初
SELECT
  `t`.`id` AS `id`,
  CAST((
    (
      YEAR(`t`.`day`) * 12 + MONTH(`t`.`day`)
    ) - (
      YEAR(CAST('2023-12-31' AS DATE)) * 12 + MONTH(CAST('2023-12-31' AS DATE))
    )
  ) AS BIGINT) AS `m`,
  CAST((
    (
      YEAR(`t`.`day`) * 4 + QUARTER(`t`.`day`)
    ) - (
      YEAR(CAST('2023-12-31' AS DATE)) * 4 + QUARTER(CAST('2023-12-31' AS DATE))
    )
  ) AS BIGINT) AS `q`,
  CAST((
    YEAR(CAST('2025-01-01' AS DATE)) - YEAR(`t`.`day`)
  ) AS BIGINT) AS `y`
FROM `t` AS `t`;

-- 日期与时刻：归到月初与周一
SELECT
  `t`.`id` AS `id`,
  CAST(DATE_TRUNC('MONTH', `t`.`day`) AS DATE) AS `m`,
  CAST(DATE_TRUNC('WEEK', `t`.`day`) AS DATE) AS `w`,
  LAST_DAY(`t`.`day`) AS `l`
FROM `t` AS `t`;

-- 日期与时刻：时刻
SELECT
  `t`.`id` AS `id`,
  `t`.`at` + INTERVAL '90' MINUTE AS `a`,
  DATE_TRUNC('DAY', `t`.`at`) AS `b`,
  CAST(HOUR(`t`.`at`) AS BIGINT) AS `h`,
  CAST(`t`.`at` AS DATE) AS `d`
FROM `t` AS `t`;

-- 日期与时刻：与写出的日期相比
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  `t`.`day` >= '2024-01-31' AND `t`.`at` < '2024-02-29 00:00:00+08:00';

-- 日期与时刻：写成文本
SELECT
  `t`.`id` AS `id`,
  DATE_FORMAT(`t`.`day`, 'yyyy年MM月') AS `a`,
  DATE_FORMAT(`t`.`at`, 'yyyy-MM-dd HH:mm:ss') AS `b`
FROM `t` AS `t`
WHERE
  `t`.`id` < 3;

-- 日期与时刻：由数得日期
SELECT
  MAKE_DATE(2024, `t`.`id` + 1, 29) AS `d`
FROM `t` AS `t`
WHERE
  `t`.`id` < 3;

-- 文本：长度与截取
SELECT
  `t`.`id` AS `id`,
  CAST(LENGTH(`t`.`s`) AS BIGINT) AS `n`,
  SUBSTRING(`t`.`s`, 1, 2) AS `a`,
  LEFT(`t`.`s`, 1) AS `b`,
  RIGHT(`t`.`s`, 2) AS `c`
FROM `t` AS `t`;

-- 文本：去空格
SELECT
  `t`.`id` AS `id`,
  TRIM(BOTH '                　' FROM `t`.`s`) AS `a`,
  TRIM(LEADING '                　' FROM `t`.`s`) AS `b`,
  TRIM(TRAILING '                　' FROM `t`.`s`) AS `c`
FROM `t` AS `t`
WHERE
  `t`.`id` < 4;

-- 文本：连接
SELECT
  `t`.`id` AS `id`,
  `t`.`s` || '!' AS `a`,
  CONCAT(COALESCE(`t`.`s`, ''), '!') AS `b`
FROM `t` AS `t`;

-- 文本：查找
SELECT
  `t`.`id` AS `id`,
  CAST(LOCATE('静安', `t`.`s`) AS BIGINT) AS `a`,
  CONTAINS(`t`.`s`, '海') AS `b`,
  STARTSWITH(`t`.`s`, '上') AS `c`
FROM `t` AS `t`;

-- 文本：替换与大小写
SELECT
  `t`.`id` AS `id`,
  REPLACE(`t`.`s`, '-', '+') AS `a`,
  UPPER(`t`.`s`) AS `b`,
  LOWER(`t`.`s`) AS `c`
FROM `t` AS `t`
WHERE
  `t`.`id` IN (1, 5);

-- 文本：补齐与拆分
SELECT
  `t`.`id` AS `id`,
  LPAD(CAST(`t`.`id` AS STRING), 4, '0') AS `a`,
  RPAD(`t`.`s`, 3, '*') AS `b`,
  SPLIT_PART(`t`.`s`, ',', 2) AS `c`
FROM `t` AS `t`
WHERE
  `t`.`id` IN (1, 3, 5);

-- 文本：格式
SELECT
  `t`.`id` AS `id`,
  `t`.`s` RLIKE '\\A(?:[一-龥]+区)\\z' AS `a`,
  `t`.`s` RLIKE '\\d' AS `b`,
  REGEXP_EXTRACT(`t`.`s`, '([a-z])-(\\d)', 2) AS `c`
FROM `t` AS `t`;

-- 类型转换：转为整数
SELECT
  `t`.`id` AS `id`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?\\d+ *)\\z'
    THEN TRY_CAST(`t`.`s` AS BIGINT)
  END AS `n`
FROM `t` AS `t`;

-- 类型转换：转为小数与浮点数
SELECT
  `t`.`id` AS `id`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?(\\d+(\\.\\d*)?|\\.\\d+) *)\\z'
    THEN TRY_CAST(`t`.`s` AS DECIMAL(6, 1))
  END AS `d`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})? *)\\z'
    THEN TRY_CAST(`t`.`s` AS DOUBLE)
  END AS `f`
FROM `t` AS `t`
WHERE
  `t`.`id` < 11;

-- 类型转换：转为日期
SELECT
  `t`.`id` AS `id`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?:\\d{4}-\\d{2}-\\d{2})\\z'
    THEN TRY_CAST(`t`.`s` AS DATE)
  END AS `d`
FROM `t` AS `t`
WHERE
  `t`.`id` IN (1, 7, 8, 9, 12);

-- 类型转换：转为时刻
SELECT
  `t`.`id` AS `id`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?:\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})?)\\z'
    THEN TRY_CAST(`t`.`s` AS TIMESTAMP)
  END AS `a`
FROM `t` AS `t`;

-- 类型转换：转为是否
SELECT
  `t`.`id` AS `id`,
  CASE
    WHEN `t`.`s` RLIKE '\\A(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\z'
    THEN TRY_CAST(`t`.`s` AS BOOLEAN)
  END AS `b`
FROM `t` AS `t`
WHERE
  `t`.`id` IN (1, 5, 13);

-- 类型转换：转不了是错误，并给出那个值
SELECT
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?\\d+ *)\\z'
    THEN CAST(`t`.`s` AS BIGINT)
    ELSE CAST('不是约定的写法：' || `t`.`s` AS BIGINT)
  END AS `n`
FROM `t` AS `t`
WHERE
  `t`.`id` IN (1, 3);

-- 类型转换：没有的日子是错误
SELECT
  CASE
    WHEN `t`.`s` RLIKE '\\A(?:\\d{4}-\\d{2}-\\d{2})\\z'
    THEN CAST(`t`.`s` AS DATE)
    ELSE CAST('不是约定的写法：' || `t`.`s` AS DATE)
  END AS `n`
FROM `t` AS `t`
WHERE
  `t`.`id` = 8;

-- 类型转换：放不下是错误
SELECT
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?(\\d+(\\.\\d*)?|\\.\\d+) *)\\z'
    THEN CAST(`t`.`s` AS DECIMAL(3, 1))
    ELSE CAST('不是约定的写法：' || `t`.`s` AS DECIMAL(3, 1))
  END AS `n`
FROM `t` AS `t`
WHERE
  `t`.`id` = 7;

-- 类型转换：舍入到位数
SELECT
  CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?(\\d+(\\.\\d*)?|\\.\\d+) *)\\z'
    THEN CAST(`t`.`s` AS DECIMAL(6, 2))
    ELSE CAST('不是约定的写法：' || `t`.`s` AS DECIMAL(6, 2))
  END AS `a`,
  CAST(CASE
    WHEN `t`.`s` RLIKE '\\A(?: *[+-]?(\\d+(\\.\\d*)?|\\.\\d+) *)\\z'
    THEN CAST(`t`.`s` AS DECIMAL(6, 3))
    ELSE CAST('不是约定的写法：' || `t`.`s` AS DECIMAL(6, 3))
  END AS DECIMAL(6, 2)) AS `b`
FROM `t` AS `t`;

-- 类型转换：转为文本
SELECT
  CAST(`t`.`id` AS STRING) AS `a`,
  CAST(CAST(1.50 AS DECIMAL(4, 2)) AS STRING) AS `b`,
  CAST(CAST('2024-01-02' AS DATE) AS STRING) AS `c`,
  CAST(`t`.`id` = 1 AS STRING) AS `d`
FROM `t` AS `t`
WHERE
  `t`.`id` = 1;

-- 条件：分段
SELECT
  CASE
    WHEN `t`.`n` > 6
    THEN '大'
    WHEN `t`.`n` > 0
    THEN '中'
    WHEN `t`.`n` IS NULL
    THEN '无'
    ELSE '小'
  END AS `a`
FROM `t` AS `t`;

-- 条件：按值
SELECT
  CASE `t`.`m` WHEN 2 THEN `t`.`n` WHEN 3 THEN 0 END AS `a`,
  IF(`t`.`n` > 0, `t`.`d`, 0) AS `b`
FROM `t` AS `t`;

-- 连接：内连接
SELECT
  `t`.`id` AS `id`,
  `u`.`name` AS `name`
FROM `t` AS `t`
JOIN `u` AS `u`
  ON `t`.`city` = `u`.`code`;

-- 连接：左连接
SELECT
  `t`.`id` AS `id`,
  `u`.`name` AS `name`
FROM `t` AS `t`
LEFT JOIN `u` AS `u`
  ON `t`.`city` = `u`.`code` AND `u`.`name` <> '黄浦';

-- 连接：全连接
SELECT
  `t`.`id` AS `id`,
  `u`.`name` AS `name`
FROM `t` AS `t`
FULL JOIN `u` AS `u`
  ON `t`.`city` = `u`.`code`;

-- 连接：空值相等的连接
SELECT
  `t`.`id` AS `id`,
  `u`.`name` AS `name`
FROM `t` AS `t`
JOIN `u` AS `u`
  ON `t`.`city` IS NOT DISTINCT FROM `u`.`code`
WHERE
  `t`.`id` > 3;

-- 连接：有与没有
SELECT
  `t`.`id` AS `id`
FROM `t` AS `t`
WHERE
  EXISTS(
    SELECT
      1 AS `1`
    FROM `u` AS `u`
    WHERE
      `u`.`code` = `t`.`city`
  );

-- 连接：半连接与反连接
WITH `met` AS (
  SELECT
    `t`.`id` AS `id`
  FROM `t` AS `t`
  SEMI JOIN `u` AS `u`
    ON `t`.`city` = `u`.`code`
), `lone` AS (
  SELECT
    `t`.`id` AS `id`
  FROM `t` AS `t`
  ANTI JOIN `u` AS `u`
    ON `t`.`city` = `u`.`code`
)
SELECT
  `met`.`id` AS `id`,
  'with' AS `kind`
FROM `met` AS `met`
UNION ALL
SELECT
  `lone`.`id` AS `id`,
  'without' AS `kind`
FROM `lone` AS `lone`;

-- 连接：同名的列
SELECT
  COALESCE(`t`.`city`, `u`.`city`) AS `city`,
  `t`.`pay` AS `pay`,
  `u`.`n` AS `n`
FROM `t` AS `t`
JOIN `u` AS `u`
  ON `t`.`city` = `u`.`city`;

-- 连接：乘积
SELECT
  COUNT(*) AS `n`
FROM `t` AS `t`
CROSS JOIN `u` AS `u`;

-- 分组：计数与合计
SELECT
  `t`.`city` AS `city`,
  COUNT(*) AS `n`,
  COUNT(`t`.`pay`) AS `k`,
  SUM(`t`.`pay`) AS `s`,
  MIN(`t`.`pay`) AS `a`,
  MAX(`t`.`id`) AS `b`
FROM `t` AS `t`
GROUP BY
  `t`.`city`;

-- 分组：平均是浮点数
SELECT
  AVG(CAST(`t`.`pay` AS DOUBLE)) AS `a`,
  AVG(CAST(`t`.`id` AS DOUBLE)) AS `b`
FROM `t` AS `t`;

-- 分组：不同的个数
SELECT
  COUNT(DISTINCT `t`.`city`) AS `n`,
  SUM(DISTINCT `t`.`id`) AS `s`
FROM `t` AS `t`;

-- 分组：有条件的聚合
SELECT
  COUNT(*) FILTER(WHERE
    `t`.`pay` > 5) AS `a`,
  COUNT(CASE WHEN `t`.`city` = 'A' THEN 1 END) AS `b`,
  SUM(`t`.`id`) FILTER(WHERE
    `t`.`city` IS NULL) AS `c`,
  BOOL_OR(`t`.`pay` > 15) AS `d`,
  BOOL_AND(`t`.`pay` > 5) AS `e`
FROM `t` AS `t`;

-- 分组：把文本按顺序连成一串
SELECT
  `t`.`city` AS `city`,
  LISTAGG(CAST(`t`.`id` AS STRING), '、') WITHIN GROUP (ORDER BY
    `t`.`pay` DESC,
    `t`.`id` NULLS LAST,
    CAST(`t`.`id` AS STRING) NULLS LAST) AS `a`,
  LISTAGG(CAST(`t`.`id` AS STRING), ',') WITHIN GROUP (ORDER BY
    `t`.`id` NULLS LAST,
    CAST(`t`.`id` AS STRING) NULLS LAST) FILTER(WHERE
    `t`.`pay` > 5) AS `b`
FROM `t` AS `t`
GROUP BY
  `t`.`city`;

-- 分组：同序的文本按文本排，空值跳过
SELECT
  LISTAGG(`t`.`city`, '') WITHIN GROUP (ORDER BY
    `t`.`id` DIV NULLIF(10, 0) NULLS LAST,
    `t`.`city` NULLS LAST) AS `a`,
  LISTAGG(DISTINCT `t`.`city`, '、') WITHIN GROUP (ORDER BY
    `t`.`city` DESC) AS `b`
FROM `t` AS `t`;

-- 分组：一个文本都没有
SELECT
  LISTAGG(`t`.`city`, ',') WITHIN GROUP (ORDER BY
    `t`.`id` NULLS LAST,
    `t`.`city` NULLS LAST) AS `a`
FROM `t` AS `t`
WHERE
  `t`.`id` = 4;

-- 分组：每组不同的个数
SELECT
  `t`.`city` AS `city`,
  COUNT(DISTINCT `t`.`pay`) AS `n`,
  COUNT(DISTINCT `t`.`id` % NULLIF(2, 0)) FILTER(WHERE
    `t`.`id` > 1) AS `k`
FROM `t` AS `t`
GROUP BY
  `t`.`city`;

-- 分组：组的条件
SELECT
  `t`.`city` AS `city`
FROM `t` AS `t`
GROUP BY
  `t`.`city`
HAVING
  SUM(`t`.`pay`) > 5.5;

-- 分组：没有行
SELECT
  COUNT(*) AS `n`,
  SUM(`t`.`id`) AS `s`,
  AVG(CAST(`t`.`pay` AS DOUBLE)) AS `a`,
  COUNT(CASE WHEN `t`.`id` > 1 THEN 1 END) AS `c`,
  BOOL_OR(`t`.`id` > 1) AS `b`
FROM `t` AS `t`
WHERE
  `t`.`id` > 99;

-- 分组：按算出的值分组
SELECT
  `t`.`id` % NULLIF(2, 0) AS `odd`,
  SUM(`t`.`id`) AS `s`
FROM `t` AS `t`
GROUP BY
  `t`.`id` % NULLIF(2, 0);

-- 分组：合计溢出是错误
SELECT
  SUM(`t`.`n`) AS `s`
FROM `t` AS `t`;

-- 分组：没有分组的列
SELECT
  `t`.`city` AS `city`,
  COUNT(*) AS `n`
FROM `t` AS `t`;

-- 窗口：编号
SELECT
  `t`.`id` AS `id`,
  CAST(ROW_NUMBER() OVER (PARTITION BY `t`.`city` ORDER BY `t`.`id` DESC) AS BIGINT) AS `n`
FROM `t` AS `t`;

-- 窗口：每组最近的一行
SELECT
  `id`,
  `city`
FROM (
  SELECT
    `t`.`id` AS `id`,
    `t`.`city` AS `city`,
    ROW_NUMBER() OVER (PARTITION BY `t`.`city` ORDER BY `t`.`id` DESC) AS _w
  FROM `t` AS `t`
) AS _t
WHERE
  CAST(_w AS BIGINT) = 1;

-- 窗口：名次
SELECT
  `t`.`id` AS `id`,
  CAST(RANK() OVER (ORDER BY `t`.`city` NULLS LAST) AS BIGINT) AS `r`,
  CAST(DENSE_RANK() OVER (ORDER BY `t`.`city` NULLS LAST) AS BIGINT) AS `d`
FROM `t` AS `t`;

-- 窗口：前后行
SELECT
  `t`.`id` AS `id`,
  LAG(`t`.`pay`) OVER (ORDER BY `t`.`id` NULLS LAST) AS `a`,
  CAST(LEAD(`t`.`id`, 2, 0) OVER (ORDER BY `t`.`id` NULLS LAST) AS BIGINT) AS `b`,
  CAST(FIRST_VALUE(`t`.`id`) OVER (PARTITION BY `t`.`city` ORDER BY `t`.`id` NULLS LAST) AS BIGINT) AS `c`
FROM `t` AS `t`;

-- 窗口：累计
SELECT
  `t`.`id` AS `id`,
  SUM(`t`.`pay`) OVER (ORDER BY `t`.`id` NULLS LAST) AS `s`,
  COUNT(*) OVER (PARTITION BY `t`.`city`) AS `n`
FROM `t` AS `t`;

-- 窗口：累计的计数与最大
SELECT
  `t`.`id` AS `id`,
  COUNT(`t`.`pay`) OVER (PARTITION BY `t`.`city` ORDER BY `t`.`id` NULLS LAST) AS `n`,
  MAX(`t`.`pay`) OVER (ORDER BY `t`.`id` NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS `m`
FROM `t` AS `t`;

-- 窗口：与上一行之差
SELECT
  `t`.`id` AS `id`,
  `t`.`pay` - LAG(`t`.`pay`, 1, 0) OVER (PARTITION BY `t`.`city` ORDER BY `t`.`id` NULLS LAST) AS `d`,
  CAST(LAST_VALUE(`t`.`id`) OVER (
    PARTITION BY `t`.`city`
    ORDER BY `t`.`id` NULLS LAST
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  ) AS BIGINT) AS `l`
FROM `t` AS `t`;

-- 窗口：滑动
SELECT
  `t`.`id` AS `id`,
  SUM(`t`.`id`) OVER (ORDER BY `t`.`id` NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS `s`
FROM `t` AS `t`;
