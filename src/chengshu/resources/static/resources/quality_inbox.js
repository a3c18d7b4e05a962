// The inbox by keyboard: while a row has the focus, arrows or j and k go to the next one, Enter opens it.
(function () {
  "use strict";

  const inbox = document.querySelector("[data-quality-inbox]");
  if (!inbox) return;
  const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

  inbox.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
    if (!event.target.closest("tbody, .table-scroll") || event.target.closest("input, select, textarea")) return;
    const links = [...inbox.querySelectorAll("tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
    if (!links.length) return;
    const row = event.target.closest("tbody tr");
    const at = row ? links.indexOf(row.querySelector("a")) : -1;
    const next = Math.min(Math.max(at + steps[event.key], 0), links.length - 1);
    event.preventDefault();
    links[next].focus();
  });
})();
