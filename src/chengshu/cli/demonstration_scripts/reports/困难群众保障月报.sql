select 街道名称 as 街道, 困难人数, 月救助支出, 月救助支出 / 困难人数 as 人均支出 from 主题_街道民生 order by 1;
