// A rule by clicks: an example is taken over with a column of the table, a column's code is put where the cursor stands.
(function () {
  "use strict";

  const definition = document.getElementById("rule-definition");
  const take = document.getElementById("rule-take");
  if (!definition || !take) return;

  function told() {
    definition.dispatchEvent(new Event("input", { bubbles: true }));
    definition.focus();
  }

  document.querySelectorAll("[data-rule-kinds] dd").forEach((example) => {
    const written = example.textContent;
    const button = take.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", button.textContent + " " + example.previousElementSibling.textContent);
    button.addEventListener("click", () => {
      definition.value = JSON.stringify(JSON.parse(written), null, 2);
      told();
    });
    example.append(" ", button);
  });

  document.querySelectorAll("[data-rule-columns] .code").forEach((code) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet code";
    button.textContent = code.textContent;
    button.addEventListener("click", () => {
      definition.setRangeText(JSON.stringify(code.textContent), definition.selectionStart, definition.selectionEnd, "end");
      told();
    });
    code.replaceWith(button);
  });
})();
