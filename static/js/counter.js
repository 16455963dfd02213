/* The counter by keyboard: / goes to the search box. Everything works without this file. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    if (event.target.closest("input, select, textarea")) {
      return;
    }
    var box = document.getElementById("counter-q");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
})();
