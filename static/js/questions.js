// The guide questions follow each other without the page blinking. Without this script each is a page of its own, at the same address.
const selector = "[data-asking]";

async function go(address, { push = true } = {}) {
  document.querySelector(selector)?.setAttribute("aria-busy", "true");
  let response;
  try {
    response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  } catch {
    location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.querySelector(selector);
  // The last answer leads to another page: the checklist.
  if (!next || ![200, 422].includes(response.status)) {
    location.assign(response.url || address);
    return;
  }
  document.querySelector(selector).replaceWith(next);
  document.title = page.title;
  if (push) history.pushState({ asking: true }, "", response.url || address);
  next.querySelector("[data-asking-focus]")?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-asking-form]")) return;
  event.preventDefault();
  const address = new URL(event.target.action);
  address.search = new URLSearchParams(new FormData(event.target)).toString();
  go(address.href);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-asking-link]");
  if (
    !link ||
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  event.preventDefault();
  go(link.href);
});
addEventListener("popstate", () => go(location.href, { push: false }));
