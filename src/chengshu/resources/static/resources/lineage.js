// The graph of lineage: pan, zoom, and the way of a column marked. Without this file it scrolls and every link works.
(() => {
  "use strict";
  const canvas = document.querySelector("[data-lineage-canvas]");
  const svg = canvas && canvas.querySelector("svg.lineage-graph");
  if (!svg) return;
  const tools = document.querySelector("[data-lineage-tools]");
  const hint = document.querySelector("[data-lineage-hint]");
  const whole = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  const STEP = 1.25;
  const SMALLEST = 0.15;
  const LARGEST = 3;
  let scale = 1;

  tools.hidden = false;
  hint.hidden = false;

  // Zoom by the drawing's size on the page: the canvas scrolls, so that panning is scrolling for everybody.
  const zoomTo = (wanted, around) => {
    const next = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    const at = around || { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
    const x = (canvas.scrollLeft + at.x) / scale;
    const y = (canvas.scrollTop + at.y) / scale;
    scale = next;
    svg.setAttribute("width", String(whole.width * scale));
    svg.setAttribute("height", String(whole.height * scale));
    canvas.scrollLeft = x * scale - at.x;
    canvas.scrollTop = y * scale - at.y;
  };
  const fit = () => zoomTo(Math.min(1, canvas.clientWidth / whole.width, canvas.clientHeight / whole.height));
  const actions = { in: () => zoomTo(scale * STEP), out: () => zoomTo(scale / STEP), fit, one: () => zoomTo(1) };
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-lineage-zoom]");
    if (button) actions[button.dataset.lineageZoom]();
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const frame = canvas.getBoundingClientRect();
    zoomTo(scale * (event.deltaY < 0 ? STEP : 1 / STEP), { x: event.clientX - frame.left, y: event.clientY - frame.top });
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = { "+": actions.in, "=": actions.in, "-": actions.out, 0: actions.fit, 1: actions.one }[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.key === "Escape") {
      mark(null);
    }
  });

  // Dragging the paper moves it; a click that did not drag follows its link.
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    drag = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop, far: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.far = drag.far || Math.hypot(x, y) > 4;
    if (!drag.far) return;
    canvas.classList.add("is-dragged");
    canvas.scrollLeft = drag.left - x;
    canvas.scrollTop = drag.top - y;
  });
  window.addEventListener("pointerup", () => {
    canvas.classList.remove("is-dragged");
    const far = drag && drag.far;
    drag = null;
    if (far) window.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  // The way of a column: all that it is made of and all that is made of it, within what is drawn.
  const edges = [...svg.querySelectorAll(".lineage-edge")];
  const rows = [...svg.querySelectorAll(".lineage-column-row")];
  const walk = (start, from, to) => {
    const seen = new Set([start]);
    const wanted = [start];
    const found = new Set();
    while (wanted.length) {
      const key = wanted.pop();
      for (const edge of edges) {
        if (edge.dataset[from] !== key) continue;
        found.add(edge);
        if (!seen.has(edge.dataset[to])) {
          seen.add(edge.dataset[to]);
          wanted.push(edge.dataset[to]);
        }
      }
    }
    return [seen, found];
  };
  const mark = (key) => {
    svg.classList.toggle("has-way", key !== null);
    const [[below, down], [above, up]] = key === null ? [[[], []], [[], []]] : [walk(key, "from", "to"), walk(key, "to", "from")];
    const [onWay, along] = [new Set([...below, ...above]), new Set([...down, ...up])];
    for (const edge of edges) edge.classList.toggle("on-way", along.has(edge));
    for (const row of rows) row.classList.toggle("on-way", onWay.has(row.dataset.key));
  };
  const keyOf = (target) => {
    const row = target.closest(".lineage-column-row");
    return row ? row.dataset.key : null;
  };
  const asked = svg.querySelector(".lineage-column-row.is-asked");
  const rest = () => mark(asked ? asked.dataset.key : null);
  for (const [come, go] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    svg.addEventListener(come, (event) => {
      const key = keyOf(event.target);
      if (key !== null) mark(key);
    });
    svg.addEventListener(go, (event) => {
      if (keyOf(event.target) !== null) rest();
    });
  }

  rest();
  // What is wider than its place opens as wide as that: nothing is cut off before somebody zooms in.
  if (whole.width > canvas.clientWidth) zoomTo(canvas.clientWidth / whole.width, { x: 0, y: 0 });
  const focus = svg.querySelector(".lineage-box.is-focus .lineage-frame");
  if (focus) {
    canvas.scrollLeft = focus.x.baseVal.value * scale - (canvas.clientWidth - focus.width.baseVal.value * scale) / 2;
    canvas.scrollTop = focus.y.baseVal.value * scale - 40;
  }
})();
