/* Keys at the review desk: A accept or approve, C correction, R reject, S start, T hand over, J next. Everything works without this file. */
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
  /* What was typed into a form of the case and not sent: the next case would drop it. */
  function halfWritten() {
    var fields = document.querySelectorAll(".act-form input, .act-form textarea, .act-form select");
    return Array.prototype.find.call(fields, function (field) {
      if (field.type === "hidden") {
        return false;
      }
      if (field.type === "checkbox" || field.type === "radio") {
        return field.checked !== field.defaultChecked;
      }
      if (field.tagName === "SELECT") {
        return Array.prototype.some.call(field.options, function (option) {
          return option.selected !== option.defaultSelected && (option.defaultSelected || option.value);
        });
      }
      return field.value !== field.defaultValue;
    });
  }
  document.querySelectorAll("[data-dialog]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      document.getElementById(button.dataset.dialog).showModal();
    });
  });
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
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]")) {
      if (event.key === "Escape") {
        event.target.blur();
      }
      return;
    }
    var key = event.key.toLowerCase();
    var help = event.key === "?" && document.getElementById("keys");
    if (help) {
      event.preventDefault();
      if (help.open) {
        help.close();
      } else {
        help.showModal();
      }
      return;
    }
    if (event.target.closest("dialog")) {
      return;
    }
    var box = key === "/" && document.querySelector('[data-focus="/"]');
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    var way = document.querySelector('a[data-go="' + CSS.escape(key) + '"]');
    if (way) {
      event.preventDefault();
      location.assign(way.href);
      return;
    }
    var control = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (control) {
      event.preventDefault();
      control.click();
      return;
    }
    var next = document.getElementById("next-case");
    if (key === "j" && next) {
      event.preventDefault();
      var half = halfWritten();
      if (half) {
        half.scrollIntoView({ block: "center" });
        half.focus({ preventScroll: true });
      } else {
        next.requestSubmit();
      }
    }
  });
  /* Review points: what fails is named for correction at once, and what was ticked goes along with whatever is decided. */
  var points = document.getElementById("points-form");
  var kept = document.getElementById("points-kept");
  function ticks() {
    return points ? [].slice.call(points.querySelectorAll("input[name^='point.'], input[name^='note.']")) : [];
  }
  function state() {
    return ticks().map(function (input) {
      return input.type === "radio" ? input.checked : input.value;
    }).join("|");
  }
  var saved = state();
  function takeTicks(form) {
    form.querySelectorAll("input[data-tick]").forEach(function (input) {
      input.remove();
    });
    ticks().forEach(function (input) {
      if (input.type === "radio" && !input.checked) {
        return;
      }
      var copy = document.createElement("input");
      copy.type = "hidden";
      copy.name = input.name;
      copy.value = input.value;
      copy.dataset.tick = "1";
      form.appendChild(copy);
    });
  }
  function judged(row) {
    var chosen = row.querySelector("input[type=radio]:checked");
    var failed = Boolean(chosen) && chosen.value === "fail";
    row.classList.toggle("failed", failed);
    var note = row.querySelector(".point-note input");
    var reason = note.value.trim() || row.dataset.message;
    row.dataset.places.split(" ").filter(Boolean).forEach(function (place) {
      var box = document.querySelector('.gap input[type=checkbox][value="' + CSS.escape(place) + '"]');
      var text = box && box.closest(".gap").querySelector('[name^="reason:"]');
      if (!box) {
        return;
      }
      if (failed) {
        box.checked = true;
        if (!text.value || text.value === row.dataset.said) {
          text.value = reason;
        }
      } else if (row.dataset.said && text.value === row.dataset.said) {
        box.checked = false;
        text.value = "";
      }
    });
    row.dataset.said = failed ? reason : "";
  }
  function grounds() {
    var box = document.getElementById("reject-reason");
    if (!box) {
      return;
    }
    var lines = [].map.call(points.querySelectorAll(".point.failed"), function (row) {
      var text = row.querySelector("legend").textContent.trim();
      var why = row.querySelector(".point-note input").value.trim() || row.dataset.message;
      return why ? text + "：" + why : text;
    }).join("\n");
    if (!box.value || box.value === box.dataset.said) {
      box.value = lines;
    }
    box.dataset.said = lines;
  }
  function keepPoints() {
    if (!points || state() === saved) {
      return;
    }
    saved = state();
    var body = new FormData(points);
    body.append("quiet", "1");
    fetch(points.action, { method: "POST", body: body, keepalive: true });
  }
  if (points && points.querySelector("input[type=radio]")) {
    points.querySelectorAll(".point").forEach(judged);
    var grounded = document.getElementById("reject-reason");
    if (grounded) {
      grounded.dataset.said = grounded.value;
    }
    points.addEventListener("input", function (event) {
      judged(event.target.closest(".point"));
      grounds();
      kept.textContent = "";
    });
    var rest = document.getElementById("pass-rest");
    rest.hidden = false;
    rest.addEventListener("click", function () {
      points.querySelectorAll(".point").forEach(function (row) {
        if (!row.querySelector("input[type=radio]:checked")) {
          row.querySelector("input[value=pass]").checked = true;
          judged(row);
        }
      });
      var empty = [].find.call(document.querySelectorAll('#decide .output-grid [name^="output."]'), function (input) {
        return !input.value;
      });
      var go = document.querySelector("#decide form button:not([type=button])");
      (empty || go || rest).focus();
    });
    window.addEventListener("pagehide", keepPoints);
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (form === points || !form.closest(".case") || event.defaultPrevented) {
        saved = state();
        return;
      }
      takeTicks(form);
      saved = state();
    });
  }
  /* A reason typed ticks its box; the box is what the server reads either way. */
  document.addEventListener("input", function (event) {
    var row = event.target.closest(".gap");
    if (row && event.target.value && event.target.name.indexOf("reason:") === 0) {
      row.querySelector("input[type=checkbox]").checked = true;
    }
  });
  /* A chosen phrase goes into its box, unless something else was typed there. */
  document.addEventListener("change", function (event) {
    var list = event.target;
    if (!list.dataset || !list.dataset.template) {
      return;
    }
    var box = document.getElementById(list.dataset.template);
    var text = list.selectedOptions[0].dataset.text || "";
    if (!box.value.trim() || box.value === list.dataset.put || box.value === box.dataset.said) {
      box.value = text;
      list.dataset.put = text;
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
  /* A decision waits a moment in this page before it is sent: until then nothing has happened, and it can be taken back. */
  var waiting = document.getElementById("sending");
  var held = null;
  var timer = 0;
  function stopWaiting() {
    window.clearInterval(timer);
    waiting.hidden = true;
    held = null;
  }
  function sendHeld() {
    var form = held;
    stopWaiting();
    form.dataset.go = "1";
    form.requestSubmit();
  }
  /* What the server would refuse is told before the wait: a reason that is not given. */
  function missing(form) {
    var field = [].find.call(form.querySelectorAll("[data-must]"), function (one) {
      var box = one.dataset.mustIf && document.getElementById(one.dataset.mustIf);
      return !one.value.trim() && (!one.dataset.mustIf || (box && box.checked));
    });
    if (!field) {
      return false;
    }
    var place = field.closest(".field");
    var told = place.querySelector(".msg");
    if (!told) {
      told = document.createElement("p");
      told.className = "msg";
      told.setAttribute("role", "alert");
      told.id = field.id + "-msg";
      field.before(told);
      field.setAttribute("aria-describedby", told.id);
    }
    told.textContent = field.dataset.must;
    place.classList.add("err");
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return true;
  }
  /* Whatever else would be refused the server says, before the wait: it takes the step and undoes it. */
  function ask(form) {
    held = form;
    takeTicks(form);
    var body = new FormData(form);
    body.append("try", "ask");
    fetch(form.action, { method: "POST", body: body }).then(function (answer) {
      return answer.status === 409;
    }, function () {
      return false;
    }).then(function (refused) {
      if (held !== form) {
        return;
      }
      if (!refused) {
        wait(form);
        return;
      }
      held = null;
      var shown = document.createElement("input");
      shown.type = "hidden";
      shown.name = "try";
      shown.value = "show";
      form.appendChild(shown);
      form.dataset.go = "1";
      form.requestSubmit();
    });
  }
  function wait(form) {
    var left = Number(waiting.dataset.seconds);
    var count = waiting.querySelector("[data-left]");
    held = form;
    count.textContent = left;
    waiting.hidden = false;
    waiting.querySelector("[data-do=send]").focus();
    timer = window.setInterval(function () {
      left -= 1;
      count.textContent = left;
      if (left <= 0) {
        sendHeld();
      }
    }, 1000);
  }
  if (waiting) {
    waiting.addEventListener("click", function (event) {
      var button = event.target.closest("[data-do]");
      if (button && held) {
        var form = held;
        if (button.dataset.do === "send") {
          sendHeld();
        } else {
          stopWaiting();
          form.querySelector("button:not([type=button])").focus();
        }
      }
    });
    waiting.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        waiting.querySelector("[data-do=back]").click();
      }
    });
    window.addEventListener("beforeunload", function (event) {
      if (held) {
        event.preventDefault();
      }
    });
    document.addEventListener("submit", function (event) {
      var form = event.target;
      var own = event.submitter && event.submitter.hasAttribute("formaction");
      if (own || form.dataset.go || !/\/(approve|reject|refuse|sign)\/$/.test(form.getAttribute("action"))) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!held && !missing(form)) {
        ask(form);
      }
    }, true);
  }
  /* One decision per press. */
  document.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.hasAttribute("formaction")) {
      return; // looks only, in a window of its own
    }
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      delete form.dataset.go;
      form.querySelectorAll("input[name=try]").forEach(function (input) {
        input.remove();
      });
    });
  });
})();
