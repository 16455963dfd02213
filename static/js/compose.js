/* The composing pages: rows and cards are added, removed and moved; what stands beside is checked again while something changes.
   Without this script there is a number for the order, a box to delete, one empty row and one empty card. */
(() => {
  "use strict";

  let words = {};
  const templates = new Map();

  function button(text, title, act, name = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `small-button ${name}`;
    made.textContent = text;
    made.setAttribute("aria-label", title);
    made.addEventListener("click", act);
    return made;
  }

  const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

  function move(each, by) {
    const list = each.parentElement;
    const other = by < 0 ? each.previousElementSibling : each.nextElementSibling;
    if (!other) return;
    list.insertBefore(by < 0 ? each : other, by < 0 ? other : each);
    changed(list);
  }

  /* Rows of a list */

  function equipRow(row) {
    const tools = row.querySelector(".row-tools");
    tools.replaceChildren(
      button(
        "↑",
        words.up,
        (event) => {
          move(row, -1);
          event.target.focus();
        },
        "quiet",
      ),
      button(
        "↓",
        words.down,
        (event) => {
          move(row, 1);
          event.target.focus();
        },
        "quiet",
      ),
      button(
        "×",
        words.remove,
        () => {
          const list = row.parentElement;
          row.remove();
          changed(list);
        },
        "quiet",
      ),
    );
  }

  function equipRows(holder) {
    if (holder.dataset.built) return;
    holder.dataset.built = "yes";
    const list = holder.querySelector(".row-list");
    if (!list) return;
    for (const row of [...list.children]) {
      if (row.hasAttribute("data-blank")) row.remove();
      else equipRow(row);
    }
    const add = holder.querySelector("[data-add-row]");
    add.hidden = false;
    add.addEventListener("click", () => {
      const template = templates.get(holder.dataset.template);
      const number = holder.dataset.next;
      holder.dataset.next = String(Number(number) + 1);
      list.insertAdjacentHTML(
        "beforeend",
        template.replaceAll("__name__", holder.dataset.rows).replaceAll("__row__", number),
      );
      const row = list.lastElementChild;
      equipRow(row);
      added(row);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }

  /* Cards */

  function number(section) {
    [...section.querySelectorAll("[data-card]")].forEach((card, at) => {
      const place = card.querySelector('input[name$="-position"]');
      if (place) place.value = String(at);
    });
  }

  function equipCard(card, section, isNew) {
    const place = card.querySelector(".field-position");
    const box = card.querySelector(".field-delete");
    if (place) place.hidden = true;
    const tools = document.createElement("span");
    tools.className = "card-tools";
    const act = (work) => (event) => {
      event.preventDefault();
      event.stopPropagation();
      work(event);
    };
    if (place) {
      for (const [sign, title, by] of [
        ["↑", words.up, -1],
        ["↓", words.down, 1],
      ]) {
        tools.append(
          button(
            sign,
            title,
            act((event) => {
              move(card, by);
              number(section);
              event.target.focus();
            }),
            "quiet",
          ),
        );
      }
    }
    if (box) {
      box.hidden = true;
      tools.append(
        button(
          "×",
          words.remove,
          act(() => {
            const tick = box.querySelector("input");
            tick.checked = !tick.checked;
            if (isNew) card.hidden = true;
            card.toggleAttribute("data-removed", tick.checked);
            changed(tick);
          }),
          "quiet",
        ),
      );
    }
    card.append(tools);
  }

  function equipCards(section) {
    const total = section.querySelector('input[name$="-TOTAL_FORMS"]');
    const numbered = (card) => Number(card.querySelector('input[name$="-position"]').name.match(/-(\d+)-position$/)[1]);
    const blank = [...section.querySelectorAll("[data-card][data-blank]")].sort(
      (one, other) => numbered(other) - numbered(one),
    );
    for (const card of blank) {
      // The last number is given back; one in between must be sent as it is.
      if (numbered(card) === Number(total.value) - 1) {
        const list = card.parentElement;
        card.remove();
        if (!list.children.length) list.replaceChildren();
        total.value = String(Number(total.value) - 1);
      } else card.hidden = true;
    }
    for (const card of section.querySelectorAll("[data-card]:not([data-blank])")) equipCard(card, section, false);
    const add = section.querySelector("[data-add-card]");
    if (!add) return;
    add.hidden = false;
    add.addEventListener("click", () => {
      const list = section.querySelector("[data-new-list]");
      list.insertAdjacentHTML(
        "beforeend",
        section.querySelector("[data-card-template]").innerHTML.replaceAll("__prefix__", total.value),
      );
      total.value = String(Number(total.value) + 1);
      const card = list.lastElementChild;
      card.removeAttribute("data-blank");
      card.querySelector("details").open = true;
      equipCard(card, section, true);
      number(section);
      added(card);
      card.querySelector(".field-grid input:not([type=hidden]), .field-grid select, .field-grid textarea")?.focus();
    });
  }

  function added(element) {
    for (const holder of element.querySelectorAll("[data-rows]")) equipRows(holder);
    element.dispatchEvent(new CustomEvent("compose:added", { bubbles: true }));
    changed(element);
  }

  /* Suggestions */

  let asking = 0;
  async function suggest(box) {
    const mine = (asking += 1);
    const answer = await fetch(`${words.suggest}?q=${encodeURIComponent(box.value)}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer || !answer.ok || mine !== asking) return;
    const list = document.getElementById("all-items");
    list.replaceChildren(
      ...(await answer.json()).map((each) =>
        Object.assign(document.createElement("option"), { value: each.value, label: `${each.value} ${each.label}` }),
      ),
    );
  }

  function suggestKeys(box) {
    const source = document.getElementById(box.dataset.keys);
    if (!source) return;
    const before = box.value.replace(/[^\s、，,]*$/, "");
    const part = box.value.slice(before.length).toLowerCase();
    let list = document.getElementById(`${box.id}-keys`);
    if (!list) {
      list = Object.assign(document.createElement("datalist"), { id: `${box.id}-keys` });
      box.after(list);
      box.setAttribute("list", list.id);
    }
    const near = [...source.options]
      .filter((each) => `${each.value} ${each.textContent}`.toLowerCase().includes(part))
      .slice(0, 30);
    list.replaceChildren(
      ...near.map((each) =>
        Object.assign(document.createElement("option"), {
          value: before + each.value,
          label: `${each.value} ${each.textContent}`,
        }),
      ),
    );
  }

  /* Beside the forms */

  function watch(form) {
    const side = form.querySelector(".compose-side");
    let timer = 0;
    let running = null;
    let isDirty = form.querySelector(".errornote") !== null;
    async function look() {
      running?.abort();
      running = new AbortController();
      const note = side.querySelector("[data-side]");
      note?.classList.add("stale");
      const data = new FormData(form);
      data.append("_look", "1");
      try {
        const answer = await fetch(window.location.href, { method: "POST", body: data, signal: running.signal });
        if (answer.ok) side.innerHTML = await answer.text();
      } catch (trouble) {
        if (trouble.name !== "AbortError") note?.classList.remove("stale");
      }
    }
    form.addEventListener("input", (event) => {
      if (event.target.closest?.(".rule-builder")) return;
      isDirty = true;
      if (!side) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 1500);
    });
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) {
        isDirty = false;
        window.clearTimeout(timer);
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (isDirty) event.preventDefault();
    });
  }

  function openTarget() {
    const name = decodeURIComponent(window.location.hash.slice(1));
    const target = name ? document.getElementById(name) : null;
    if (!target) return;
    const inner = target.matches("[data-card]") ? target.querySelector("details") : null;
    if (inner) inner.open = true;
    for (let around = target; around; around = around.parentElement)
      if (around.tagName === "DETAILS") around.open = true;
    target.scrollIntoView();
  }

  function start() {
    const said = document.getElementById("compose-words");
    const form = document.querySelector(".compose")?.closest("form");
    if (!said || !form) return;
    words = said.dataset;
    form.classList.add("scripted");
    // They may lie in an empty card, which is put away.
    for (const template of form.querySelectorAll('template[id^="row-"]'))
      templates.set(template.id, template.innerHTML);
    for (const section of form.querySelectorAll("[data-cards]")) equipCards(section);
    for (const holder of form.querySelectorAll("[data-rows]")) equipRows(holder);
    form.addEventListener("input", (event) => {
      if (event.target.dataset.suggest && words.suggest) {
        event.target.setAttribute("list", "all-items");
        suggest(event.target);
      }
      if (event.target.dataset.keys) suggestKeys(event.target);
    });
    form.addEventListener("focusin", (event) => {
      if (event.target.dataset?.keys) suggestKeys(event.target);
    });
    watch(form);
    openTarget();
    window.addEventListener("hashchange", openTarget);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
