// Show at once what an answer opens on the page of a correction: fields and papers that it makes necessary, and what it makes needless.
// Without this script the same comes back when the page is sent.
(() => {
  const form = document.querySelector("form[data-look]");
  if (!form || !window.fetch) return;
  const entries = (root) => new Map([...root.querySelectorAll("[data-entry]")].map((one) => [one.dataset.entry, one]));
  const named = new Set(entries(form).keys());
  let turn = 0;

  const sent = () => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    data.delete("unchanged_is_right");
    data.set("look", "1");
    return data;
  };

  const take = (page) => {
    const fresh = entries(page), there = entries(form);
    for (const [key, one] of there) if (!fresh.has(key) && !named.has(key)) one.remove();
    let last = null;
    for (const [key, one] of fresh) {
      if (there.has(key)) {
        last = there.get(key);
        continue;
      }
      rename(one, key);
      if (last) last.after(one);
      else form.prepend(one);
      last = one;
    }
    const told = form.querySelector("[data-needless]"), news = page.querySelector("[data-needless]");
    if (told && news) {
      told.textContent = news.textContent.trim();
      told.hidden = news.hidden;
    }
  };

  // The new page counts its entries anew: an entry that comes here gets a name that none here has.
  const rename = (entry, key) => {
    const old = entry.querySelector("[id]")?.id.replace(/-(why|msg|unit)$/, "");
    if (!old) return;
    const name = `opened-${key.replace(/[^\w]/g, "-")}`;
    for (const one of entry.querySelectorAll("[id], [for], [aria-describedby]")) {
      for (const attribute of ["id", "for", "aria-describedby"]) {
        const value = one.getAttribute(attribute);
        if (value) one.setAttribute(attribute, value.replaceAll(old, name));
      }
    }
  };

  // Put a file one page up or down. Without this script the button comes back with the page in its new order.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    const row = button?.closest("li");
    if (!row) return;
    event.preventDefault();
    const up = button.value.startsWith("up:");
    if (up) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    const rows = [...row.parentElement.children];
    rows.forEach((one, at) => {
      const page = one.querySelector("[data-page]");
      page.textContent = page.textContent.replace(/\d+/, at + 1);
      for (const each of one.querySelectorAll("button[name=move]")) {
        each.disabled = each.value.startsWith("up:") ? at === 0 : at === rows.length - 1;
        each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+/, at + 1));
      }
    });
    (button.disabled ? row.querySelector("button[name=move]:not(:disabled)") : button)?.focus();
    const told = row.closest("[data-entry]").querySelector("[data-moved]");
    told.textContent = told.dataset.moved.replace("{number}", rows.indexOf(row) + 1).replace("{count}", rows.length);
  });

  form.addEventListener("change", async (event) => {
    if (event.target.type === "file" || event.target.name === "unchanged_is_right") return;
    const mine = ++turn;
    try {
      const answer = await fetch(location.href, { method: "POST", body: sent(), credentials: "same-origin" });
      if (!answer.ok || mine !== turn) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === turn && page.querySelector("form[data-look]")) take(page.querySelector("form[data-look]"));
    } catch {
      // No connection: it comes back when the page is sent.
    }
  });
})();
