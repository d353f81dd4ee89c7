// On the page for addresses that do not exist: opens the search with the words of the address.
(function () {
  "use strict";
  const button = document.querySelector("[data-venues-search]");
  const open = document.querySelector(".md-search__button");
  if (!button || !open) {
    return;
  }
  const last = decodeURIComponent(location.pathname).split("/").filter(Boolean).pop() || "";
  const words = last.replace(/\.(html|md)$/, "").replace(/[_-]+/g, " ").trim();

  function type() {
    for (const root of [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)]) {
      const field = root.querySelector('input[type="text"], input[type="search"], input:not([type])');
      if (field && field.offsetParent !== null) {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, words);
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
      }
    }
    return false;
  }

  button.textContent = `Search for “${words}”`;
  button.hidden = !words;
  button.addEventListener("click", () => {
    open.click();
    // The field is made after the click.
    const waiting = new MutationObserver(() => type() && waiting.disconnect());
    if (!type()) {
      waiting.observe(document, { childList: true, subtree: true, attributes: true });
    }
  });
})();
