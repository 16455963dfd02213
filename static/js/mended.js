// A box that had to be ticked, a choice that had to be made: once it is, nothing beside it or above it says otherwise.
import { mended } from "./summary.js";

document.addEventListener("change", (event) => {
  const control = event.target;
  if (!control.matches("input[type=checkbox], input[type=radio]") || !control.checked) return;
  const field = control.closest(".field.err");
  if (!field) return;
  field.classList.remove("err");
  for (const marked of [field, ...field.querySelectorAll("[aria-invalid]")]) marked.removeAttribute("aria-invalid");
  for (const message of field.querySelectorAll(".msg")) message.remove();
  const whole = field.closest("[data-mended-together]");
  if (!whole) mended(field.id, control.id);
  else if (!whole.querySelector(".field.err")) mended(whole.id);
});
