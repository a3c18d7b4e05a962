// Runs before the first paint: with the theme "auto" the system decides, now and whenever it changes.
(function () {
  "use strict";
  const root = document.documentElement;
  if (root.dataset.theme !== "auto" || !window.matchMedia) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
})();
