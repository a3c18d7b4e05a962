-- 标准层：把各部门的资源整理成统一的人员、救助、养老、办件表。
create table 标准_救助对象 as
select 公民身份号码, 姓名, 金额 as 月保障金额, 街道名称, 居村委名称, '低保' as 救助类别
from 最低生活保障对象信息
where 公民身份号码 is not null
union all
select 公民身份号码, 姓名, 金额, 街道名称, 居村委名称, '特困'
from 特困供养人员信息;

create table 标准_补贴发放 as
select 公民身份号码, 姓名, 金额, 发放月份, '残疾人两项补贴' as 补贴名称 from 残疾人两项补贴发放信息
union all
select 公民身份号码, 姓名, 金额, 发放月份, '老年综合津贴' from 老年综合津贴发放信息;

create table 标准_婚姻 as
select 登记证号, 公民身份号码, 姓名, 婚姻状况, 办理日期 from 婚姻登记信息 where 登记类型 <> '撤销';

create table 标准_办件 as
select b.办件编号, b.公民身份号码, b.事项名称, b.受理时间, b.办结状态, p.评价等级
from 政务服务办件信息 b left join 好差评评价信息 p on p.办件编号 = b.办件编号;

create table 标准_养老机构 as
select 机构编号, 单位名称, 统一社会信用代码, 街道名称, 核定床位, 入住人数 from 养老机构名录;
