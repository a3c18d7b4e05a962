// The editor of goals. It works without this: moving rows then takes the buttons beside them.
(function () {
  "use strict";

  // Alt with an arrow moves the row in which one types.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const row = event.target.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    const button = document.getElementById((event.key === "ArrowUp" ? "up-" : "down-") + row.dataset.row);
    if (button) button.click();
  });

  // Leaving with typed text asks first; saving does not.
  let isTyped = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("#editor")) isTyped = true;
  });
  document.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isTyped) event.preventDefault();
  });
})();
