/* Keys of a queue: arrows move along its lines, Enter opens one, X ticks it, [ and ] turn pages, a digit opens a list (review.js has the rest).
   Everything works without this file. */
(function () {
  "use strict";
  var rows = Array.prototype.slice.call(document.querySelectorAll(".queue tbody tr"));
  var form = document.getElementById("bulk");
  var at = -1;
  function go(place) {
    if (!rows.length) {
      return;
    }
    if (at >= 0) {
      rows[at].classList.remove("at");
    }
    at = Math.max(0, Math.min(rows.length - 1, place));
    rows[at].classList.add("at");
    rows[at].querySelector("th a").focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function boxes() {
    return Array.prototype.slice.call(document.querySelectorAll('.queue input[name="case"]'));
  }
  function tell() {
    var count = document.getElementById("bulk-count");
    var whole = form && form.querySelector('[name="whole"]');
    if (count) {
      var ticked = boxes().filter(function (box) { return box.checked; }).length;
      count.textContent = ticked && !(whole && whole.checked) ? String(ticked) : "";
    }
  }
  function tick(place, until) {
    for (var each = Math.min(place, until); each <= Math.max(place, until); each += 1) {
      var box = rows[each] && rows[each].querySelector('input[name="case"]');
      if (box) {
        box.checked = place === until ? !box.checked : true;
      }
    }
    tell();
  }
  var last = -1;
  document.addEventListener("click", function (event) {
    var box = event.target.closest('input[name="case"]');
    if (!box) {
      return;
    }
    var place = rows.indexOf(box.closest("tr"));
    if (event.shiftKey && last >= 0) {
      tick(last, place);
    }
    last = place;
    tell();
  });
  document.addEventListener("change", tell);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) {
      return;
    }
    if (event.target.closest("select, textarea, dialog, input:not([type=checkbox])")) {
      return;
    }
    var key = event.key;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      go(at < 0 ? 0 : at + (key === "ArrowDown" ? 1 : -1));
    } else if (key.toLowerCase() === "x" && rows.length) {
      event.preventDefault();
      go(at < 0 ? 0 : at);
      if (event.shiftKey && last >= 0) {
        tick(last, at);
      } else {
        tick(at, at);
      }
      last = at;
    } else if (key === "[" || key === "]") {
      var page = document.querySelector('.pager a[rel="' + (key === "[" ? "prev" : "next") + '"]');
      if (page) {
        location.assign(page.href);
      }
    } else if (/^[0-9]$/.test(key)) {
      var chip = document.querySelectorAll(".chips:not(.views) a.chip")[key === "0" ? 9 : Number(key) - 1];
      if (chip) {
        location.assign(chip.href);
      }
    }
  });
  window.addEventListener("pageshow", tell);
})();
