// Of a source's address, shows the parts that the chosen kind has. Without it all stand there, and the server takes those that fit.
(function () {
  "use strict";

  const kind = document.querySelector("select[name=kind]");
  const address = document.querySelector("[data-source-address]");
  if (!kind || !address) return;
  const parts = [...address.querySelectorAll("[data-kinds]")];

  function show() {
    parts.forEach((part) => { part.hidden = !part.dataset.kinds.split(" ").includes(kind.value); });
  }

  kind.addEventListener("change", show);
  show();
})();
