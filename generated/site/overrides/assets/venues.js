// A field above every long table that shows only the rows with what is typed; code that scrolls can be focused.
(function () {
  "use strict";
  const LONG = 20;

  function filterFor(table) {
    const field = document.createElement("input");
    field.type = "search";
    field.className = "venues-filter";
    field.placeholder = "Filter these rows";
    field.setAttribute("aria-label", "Filter the rows of this table");
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
    return field;
  }

  function prepare() {
    for (const table of document.querySelectorAll("article table")) {
      const frame = table.closest(".md-typeset__scrollwrap") || table;
      if (table.tBodies.length && table.tBodies[0].rows.length >= LONG && !table.dataset.filtered) {
        table.dataset.filtered = "yes";
        frame.before(filterFor(table));
      }
    }
  }

  function focusable() {
    for (const code of document.querySelectorAll("pre > code")) {
      if (code.scrollWidth <= code.clientWidth && code.scrollHeight <= code.clientHeight) {
        code.removeAttribute("tabindex");
      } else if (code.getAttribute("tabindex") !== "0") {
        code.tabIndex = 0;
      }
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", prepare);
  } else {
    prepare();
  }
  new ResizeObserver(focusable).observe(document.documentElement);
  document.addEventListener("change", focusable);
  // The theme takes the focus away again where there is no mouse.
  new MutationObserver(focusable).observe(document.documentElement, { subtree: true, attributeFilter: ["tabindex"] });
})();
