// Draws the charts of quality from the data beside them; the table under each says the same without it.
(function () {
  "use strict";

  const tones = { error: "--cs-wrong", breach: "--cs-soon", place: "--cs-place", soft: "--cs-line-strong", done: "--cs-done" };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = (text) => ([...text].length > 14 ? [...text].slice(0, 13).join("") + "…" : text);
  const places = [...document.querySelectorAll("[data-quality-chart]")];

  const values = () => ({
    type: "value",
    min: 0,
    axisLabel: { color: colour("--cs-ink-soft") },
    splitLine: { lineStyle: { color: colour("--cs-line") } },
  });
  const names = (list) => ({
    type: "category",
    data: list.map(short),
    axisLabel: { color: colour("--cs-ink"), hideOverlap: true },
    axisLine: { lineStyle: { color: colour("--cs-line-strong") } },
    axisTick: { show: false },
  });
  const shapes = {
    line: (data) => ({ xAxis: names(data.categories), yAxis: values() }),
    bars: (data) => ({ xAxis: names(data.categories), yAxis: values() }),
    lying: (data) => ({ xAxis: values(), yAxis: { ...names(data.categories), inverse: true } }),
  };

  // Tooltips are drawn on the canvas: the page's rules allow no written-in styles.
  function draw(place) {
    const data = JSON.parse(document.getElementById(place.dataset.qualityChart).textContent);
    if (!data.categories.length) return place.remove();
    place.hidden = false;
    echarts.getInstanceByDom(place)?.dispose();
    const isLine = data.shape === "line";
    echarts.init(place, null, { renderer: "canvas" }).setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--cs-ink") },
      legend: { show: data.series.length > 1, top: 0, left: 0, textStyle: { color: colour("--cs-ink") } },
      grid: { left: 8, right: 24, top: data.series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        axisPointer: { type: isLine ? "line" : "shadow" },
        backgroundColor: colour("--cs-surface"),
        borderColor: colour("--cs-line-strong"),
        textStyle: { color: colour("--cs-ink"), fontSize: 12 },
      },
      ...shapes[data.shape](data),
      series: data.series.map((series) => ({
        type: isLine ? "line" : "bar",
        name: series.name,
        data: series.values,
        connectNulls: false,
        symbolSize: 6,
        barMaxWidth: 18,
        lineStyle: { color: colour(tones[series.tone]) },
        itemStyle: { color: colour(tones[series.tone]) },
      })),
    });
  }

  places.forEach(draw);
  window.addEventListener("resize", () => places.forEach((place) => echarts.getInstanceByDom(place)?.resize()));
  new MutationObserver(() => places.forEach(draw))
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
