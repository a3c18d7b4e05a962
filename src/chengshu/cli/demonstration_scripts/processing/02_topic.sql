-- 主题层：按街道、按月的专题表。
create table 主题_困难群众 as
select a.公民身份号码, a.姓名, a.街道名称, a.救助类别, a.月保障金额,
       coalesce(sum(s.金额), 0) as 月补贴金额,
       a.月保障金额 + coalesce(sum(s.金额), 0) as 月收入合计
from 标准_救助对象 a left join 标准_补贴发放 s on s.公民身份号码 = a.公民身份号码
group by a.公民身份号码, a.姓名, a.街道名称, a.救助类别, a.月保障金额;

create table 主题_街道民生 as
select k.街道名称, count(*) as 困难人数, sum(k.月收入合计) as 月救助支出,
       max(y.床位) as 养老床位, max(y.入住) as 入住老人
from 主题_困难群众 k
left join (select 街道名称, sum(核定床位) as 床位, sum(入住人数) as 入住 from 标准_养老机构 group by 街道名称) y
  on y.街道名称 = k.街道名称
group by k.街道名称;

insert into 主题_办件月度 (月份, 办件量, 好评量)
select date_trunc('month', 受理时间), count(*), sum(case when 评价等级 in ('满意', '非常满意') then 1 else 0 end)
from 标准_办件 group by 1;

-- 与支付明细核对：救助支出有没有到人。
create view 主题_救助支付核对 (凭证号, 支付金额, 应发金额) as
select z.凭证号, z.金额, k.月收入合计
from 国库集中支付明细 z join 主题_困难群众 k on k.姓名 = z.收款人;

-- 这个过程的语句运行时才拼成，读不出，会列在来源的页上。
create procedure 清空_主题表(表名 text) language plpgsql as $$
begin
  execute 'delete from ' || 表名;
end $$;
