// Suggestions under the search box. Without this file the form simply searches.
import { Combobox, fetched, part } from "./combobox.js";

// The beginning of a number of a person: what is asked for stands in an address, so it is not asked for.
const NUMBER = /[\p{Nd}\p{No}〇零一二三四五六七八九幺](?:[^\p{L}\p{N}]{0,3}[\p{Nd}\p{No}〇零一二三四五六七八九幺]){4}/u;

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[name=q]");
  const box = new Combobox(input, {
    label: form.querySelector("label").textContent,
    some: form.dataset.some,
    none: form.dataset.none,
    ask: async (query) =>
      NUMBER.test(query) || !input.checkValidity() ? null : (await fetched(form.dataset.suggest, query))?.suggestions,
    draw: (one) => [
      part("name", one.name),
      part("department", one.department),
      part(one.kind === "matter" ? "tag i" : "tag n", one.label),
    ],
    choose: (one) => location.assign(one.url),
  });
  form.append(box.list, box.status);
  // Said in our words rather than in the browser's own.
  input.addEventListener("input", () => input.setCustomValidity(input.validity.patternMismatch ? input.title : ""));
}
