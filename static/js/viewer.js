/* Papers beside the case: pictures to zoom and turn, PDFs in the browser's own viewer, what was replaced by a correction one press
   away. V opens it, [ and ] walk, + and - zoom, T turns, Esc closes. Without this file each paper opens in a window of its own. */
(function () {
  "use strict";
  var frame = document.getElementById("viewer-frame");
  var work = document.querySelector(".case-work");
  var links = [].slice.call(document.querySelectorAll("a[data-paper]"));
  if (!frame || !work || !links.length) {
    return;
  }
  var current = links.filter(function (link) {
    return !link.hasAttribute("data-earlier");
  });
  var viewer = null;
  var shown = null;
  var scale = 1;
  var turned = 0;
  function earlierOf(link) {
    return links.filter(function (other) {
      return other.hasAttribute("data-earlier") && other.dataset.paper === link.dataset.paper;
    })[0];
  }
  function nowOf(link) {
    return current.filter(function (other) {
      return other.dataset.paper === link.dataset.paper;
    })[0];
  }
  function place() {
    var picture = viewer.querySelector("img");
    if (!picture) {
      return;
    }
    picture.style.width = scale * 100 + "%";
    picture.style.transform = "rotate(" + turned + "deg)";
    picture.parentNode.classList.toggle("on-side", turned % 180 !== 0);
  }
  function show(link) {
    if (!viewer) {
      viewer = frame.content.firstElementChild.cloneNode(true);
      work.appendChild(viewer);
      viewer.addEventListener("click", function (event) {
        var button = event.target.closest("[data-do]");
        if (button) {
          act(button.dataset.do);
        }
      });
    }
    work.classList.add("viewing");
    viewer.hidden = false;
    shown = link;
    scale = 1;
    turned = 0;
    var index = current.indexOf(link);
    var other = link.hasAttribute("data-earlier") ? nowOf(link) : earlierOf(link);
    var stage = viewer.querySelector(".viewer-stage");
    var made;
    if (link.dataset.type === "application/pdf") {
      made = document.createElement("iframe");
      made.src = link.href + "?view=1";
      made.title = link.dataset.title;
    } else {
      made = document.createElement("img");
      made.src = link.href;
      made.alt = link.dataset.title;
    }
    stage.replaceChildren(made);
    viewer.querySelector(".viewer-title").textContent = link.dataset.title;
    viewer.querySelector(".viewer-place").textContent = index < 0 ? "" : index + 1 + "/" + current.length;
    viewer.querySelector(".viewer-window").href = link.href;
    var version = viewer.querySelector("[data-do=version]");
    version.hidden = !other;
    version.setAttribute("aria-pressed", String(link.hasAttribute("data-earlier")));
    ["smaller", "larger", "turn"].forEach(function (name) {
      viewer.querySelector("[data-do=" + name + "]").hidden = made.tagName !== "IMG";
    });
    links.forEach(function (each) {
      each.classList.toggle("is-shown", each === link);
    });
    link.classList.add("was-seen");
    place();
  }
  function walk(step) {
    var index = current.indexOf(shown.hasAttribute("data-earlier") ? nowOf(shown) : shown);
    show(current[(Math.max(index, 0) + step + current.length) % current.length]);
  }
  function act(what) {
    if (what === "close") {
      work.classList.remove("viewing");
      viewer.hidden = true;
      shown.classList.remove("is-shown");
      shown.focus();
    } else if (what === "next" || what === "previous") {
      walk(what === "next" ? 1 : -1);
    } else if (what === "version") {
      show(shown.hasAttribute("data-earlier") ? nowOf(shown) : earlierOf(shown));
    } else if (what === "turn") {
      turned = (turned + 90) % 360;
      place();
    } else {
      scale = Math.min(4, Math.max(0.5, scale * (what === "larger" ? 1.25 : 0.8)));
      place();
    }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-paper]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) {
      return;
    }
    event.preventDefault();
    show(link);
  });
  var KEYS = { "[": "previous", "]": "next", "+": "larger", "=": "larger", "-": "smaller", t: "turn", escape: "close" };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]")) {
      return;
    }
    var key = event.key.toLowerCase();
    if (key === "v" && current.length) {
      event.preventDefault();
      show(current[0]);
    } else if (viewer && !viewer.hidden && KEYS[key]) {
      event.preventDefault();
      act(KEYS[key]);
    }
  });
})();
