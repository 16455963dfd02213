/* Keys at the review desk: A accept or approve, C correction, R reject, S start, J next. Everything works without this file. */
(function () {
  "use strict";
  function open(id) {
    var target = document.getElementById(id);
    if (!target) {
      return;
    }
    if (target.tagName === "DETAILS") {
      target.open = true;
    }
    target.scrollIntoView({ block: "start" });
    var first = target.querySelector("input:not([type=hidden]), select, textarea, button:not(summary)");
    if (first) {
      first.focus({ preventScroll: true });
    }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-key]");
    if (!link) {
      return;
    }
    event.preventDefault();
    open(link.hash.slice(1));
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) {
      return;
    }
    if (event.target.closest("input, select, textarea, [contenteditable]")) {
      if (event.key === "Escape") {
        event.target.blur();
      }
      return;
    }
    var key = event.key.toLowerCase();
    var control = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (control) {
      event.preventDefault();
      control.click();
      return;
    }
    var next = document.getElementById("next-case");
    if (key === "j" && next) {
      event.preventDefault();
      next.requestSubmit();
    }
  });
  /* A reason typed ticks its box; the box is what the server reads either way. */
  document.addEventListener("input", function (event) {
    var row = event.target.closest(".gap");
    if (row && event.target.value && event.target.name.indexOf("reason:") === 0) {
      row.querySelector("input[type=checkbox]").checked = true;
    }
  });
  var wrong = document.querySelector(".act-form [aria-invalid]");
  if (wrong) {
    wrong.focus();
  }
  if (location.hash) {
    var opened = document.getElementById(location.hash.slice(1));
    if (opened && opened.tagName === "DETAILS") {
      opened.open = true;
    }
  }
  /* One decision per press. */
  document.addEventListener("submit", function (event) {
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
