// Draws the charts from their data; the table under each says the same without it.
(function () {
  "use strict";

  const tokens = { error: "--cs-wrong", breach: "--cs-soon", hint: "--cs-line-strong", place: "--cs-place", soft: "--cs-line-strong", done: "--cs-done" };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const breadth = (sign) => (sign > "\u2e7f" ? 1 : 0.5);  // a Latin letter is half as wide as a Chinese sign
  const short = (text, most) => {
    let room = most;
    const kept = [...text].filter((sign) => (room -= breadth(sign)) >= 0).join("");
    return kept.length < text.length ? kept + "…" : text;
  };
  const drawn = new Map();

  document.querySelectorAll("[data-chart]").forEach(async (place) => {
    const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
    const data = answer.ok ? await answer.json() : { categories: [] };
    if (!data.categories.length) return place.remove();
    place.hidden = false;
    drawn.set(place, data);
    draw(place, data);
    const figure = place.closest("figure");
    const button = figure.querySelector("[data-chart-picture]");
    button.hidden = false;
    button.addEventListener("click", () => keepPicture(place, button.dataset.chartPicture));
  });

  window.addEventListener("resize", () => drawn.forEach((_data, place) => echarts.getInstanceByDom(place)?.resize()));
  new MutationObserver(() => drawn.forEach((data, place) => draw(place, data)))
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

  function draw(place, data) {
    echarts.getInstanceByDom(place)?.dispose();
    const chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({ ...common(), ...shapes[data.shape](data) });
    chart.on("click", (event) => {
      const address = data.addresses[event.dataIndex];
      if (address) window.location.assign(address);
    });
  }

  // Tooltips are drawn on the canvas: the page's rules allow no written-in styles.
  function common() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--cs-ink") },
      legend: { top: 0, left: 0, textStyle: { color: colour("--cs-ink") } },
      grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    };
  }
  const tooltip = (trigger, extra) => ({
    trigger,
    renderMode: "richText",
    backgroundColor: colour("--cs-surface"),
    borderColor: colour("--cs-line-strong"),
    textStyle: { color: colour("--cs-ink"), fontSize: 12 },
    ...extra,
  });
  const values = () => ({
    type: "value",
    axisLabel: { color: colour("--cs-ink-soft") },
    splitLine: { lineStyle: { color: colour("--cs-line") } },
  });
  const names = (list, most) => ({
    type: "category",
    data: list.map((name) => short(name, most)),
    axisLabel: { color: colour("--cs-ink"), interval: 0, hideOverlap: true },
    axisLine: { lineStyle: { color: colour("--cs-line-strong") } },
    axisTick: { show: false },
  });

  const shapes = {
    stacked: (data) => ({
      tooltip: tooltip("axis", { axisPointer: { type: "shadow" } }),
      xAxis: { ...values(), minInterval: 1 },
      yAxis: { ...names(data.categories, 14), inverse: true },
      series: data.series.map((series) => ({
        type: "bar", stack: "all", name: series.name, data: series.values, barMaxWidth: 18,
        itemStyle: { color: colour(tokens[series.tone]) },
      })),
    }),
    lying: (data) => ({
      tooltip: tooltip("axis", { axisPointer: { type: "shadow" } }),
      xAxis: values(),
      yAxis: { ...names(data.categories, 14), inverse: true },
      series: data.series.map((series) => ({
        type: "bar", name: series.name, data: series.values, barMaxWidth: 14,
        itemStyle: { color: colour(tokens[series.tone]) },
      })),
    }),
    bars: (data) => ({
      tooltip: tooltip("axis", { axisPointer: { type: "shadow" } }),
      xAxis: names(data.categories, 10),
      yAxis: values(),
      series: data.series.map((series) => ({
        type: "bar", name: series.name, data: series.values, barMaxWidth: 28,
        itemStyle: { color: colour(tokens[series.tone]) },
      })),
    }),
    line: (data) => ({
      tooltip: tooltip("axis", {}),
      xAxis: { ...names(data.categories, 10), boundaryGap: false },
      yAxis: values(),
      series: data.series.map((series) => ({
        type: "line", name: series.name, data: series.values, symbolSize: 6,
        lineStyle: { color: colour(tokens[series.tone]), type: series.tone === "soft" ? "dashed" : "solid" },
        itemStyle: { color: colour(tokens[series.tone]) },
      })),
    }),
    pairs: (data) => {
      const [printed, rescored] = data.series;
      const all = [...printed.values, ...rescored.values];
      const low = Math.floor(Math.min(...all)) - 1;
      const high = Math.ceil(Math.max(...all)) + 1;
      const axis = (name) => ({ ...values(), name, min: low, max: high, nameTextStyle: { color: colour("--cs-ink-soft"), align: "left" } });
      return {
        legend: { show: false },
        grid: { left: 8, right: 48, top: 32, bottom: 28, containLabel: true },
        tooltip: tooltip("item", {
          formatter: (point) => data.categories[point.dataIndex] + "\n" + printed.name + " " + point.value[0] + "\n" + rescored.name + " " + point.value[1],
        }),
        xAxis: { ...axis(printed.name), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: colour("--cs-ink-soft") } },
        yAxis: axis(rescored.name),
        series: [{
          type: "scatter", symbolSize: 10, data: printed.values.map((value, at) => [value, rescored.values[at]]),
          itemStyle: { color: colour("--cs-place"), opacity: 0.75 },
          markLine: {
            silent: true, symbol: "none", lineStyle: { color: colour("--cs-line-strong"), type: "dashed" },
            label: { show: false }, data: [[{ coord: [low, low] }, { coord: [high, high] }]],
          },
        }],
      };
    },
  };

  function keepPicture(place, name) {
    const link = document.createElement("a");
    link.download = name + ".png";
    link.href = echarts.getInstanceByDom(place).getDataURL({ pixelRatio: 2, backgroundColor: colour("--cs-surface") });
    link.click();
  }
})();
