// Where a page reports something, reading begins there; a link to a control goes into it; a form is sent once.
export function focusFirst(root = document) {
  const target = root.querySelector("[data-focus]");
  if (target && !location.hash) target.focus();
}

export function goTo(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  const control = target.matches("input, select, textarea")
    ? target
    : (target.querySelector("input:not([type=hidden]), select, textarea") ?? target);
  const known = control.closest(".field")?.querySelector(".fact:not([hidden]) .edit");
  target.closest("details")?.setAttribute("open", "");
  (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
  (known ?? control).focus({ preventScroll: true });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  if (link && goTo(decodeURIComponent(link.hash.slice(1)))) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-once]");
  if (!button) return;
  if (button.dataset.sent) event.preventDefault();
  button.dataset.sent = "yes";
  button.setAttribute("aria-disabled", "true");
});
// A page kept by the browser and shown again may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted)
    document.querySelectorAll("[data-sent]").forEach((button) => {
      delete button.dataset.sent;
      button.removeAttribute("aria-disabled");
    });
});
focusFirst();
if (location.hash.startsWith("#f-") && !location.hash.endsWith("-field"))
  goTo(decodeURIComponent(location.hash.slice(1)));
