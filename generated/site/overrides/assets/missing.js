// On the page for addresses that do not exist: opens the search with the words of the address.
(function () {
  "use strict";
  const FRAMES = 300;

  const button = document.querySelector("[data-venues-search]");
  const open = document.querySelector(".md-search__button");
  if (!button || !open) {
    return;
  }
  const last = decodeURIComponent(location.pathname).split("/").filter(Boolean).pop() || "";
  const words = last.replace(/\.(html|md)$/, "").replace(/[_-]+/g, " ").trim();

  // The theme makes its field in a shadow tree, some frames after the click.
  function type(frames) {
    const roots = [...document.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean);
    const field = roots.map((root) => root.querySelector("input[role=combobox]")).find(Boolean);
    if (!field) {
      if (frames > 0) {
        requestAnimationFrame(() => type(frames - 1));
      }
      return;
    }
    field.focus();
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  button.textContent = `Search for “${words}”`;
  button.hidden = !words;
  button.addEventListener("click", () => {
    open.click();
    type(FRAMES);
  });
})();
