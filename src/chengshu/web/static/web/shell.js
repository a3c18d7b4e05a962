// The shell's few behaviours. Every page works without them.
(function () {
  "use strict";

  // On a phone the menu folds behind a button; without this script it stands open above the page.
  const button = document.querySelector("[data-menu-button]");
  const menu = document.getElementById("shell-menu");
  if (button && menu) {
    document.documentElement.classList.add("has-script");
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = menu.classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
    });
  }

  // Fold-out menus close by Escape, by a click elsewhere, and when another one opens.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((details) => {
      if (!details.contains(event.target)) details.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((details) => {
      details.open = false;
      details.querySelector("summary").focus();
    });
  });

  // The box in a list's head selects the rows of the page.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-select-all]")) return;
    event.target
      .closest("table")
      .querySelectorAll("input[name=selected]")
      .forEach((box) => { box.checked = event.target.checked; });
  });

  // A part that could not be fetched says so instead of staying silent.
  document.addEventListener("htmx:sendError", () => say("data-offline"));
  document.addEventListener("htmx:responseError", () => say("data-failed"));
  function say(name) {
    const place = document.getElementById("messages");
    if (!place) return;
    const notice = document.createElement("p");
    notice.className = "notice notice-error";
    notice.textContent = place.getAttribute(name);
    place.replaceChildren(notice);
  }
})();
