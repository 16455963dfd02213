/* While a name is composed with an input method its letters are nobody's entry: no script hears of them before the composition is done. */
(function () {
  "use strict";
  // On the window and while the event goes down: before every listener of the page.
  window.addEventListener(
    "input",
    function (event) {
      if (event.isComposing) {
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  // Not every browser tells of the finished text by an event of its own.
  window.addEventListener(
    "compositionend",
    function (event) {
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    },
    true,
  );
})();
