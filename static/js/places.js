// Suggestions at a line where a county anywhere in the country is typed. Without this file the name is typed, and the server reads it.
import { Combobox, fetched, part } from "./combobox.js";

const boxes = new WeakSet();

function offer(input) {
  const { places, some, none, until } = input.dataset;
  const box = new Combobox(input, {
    label: document.querySelector(`label[for="${input.id}"]`)?.textContent.trim() ?? "",
    some,
    none,
    ask: async (query) => (await fetched(places, query))?.places,
    draw: (one) => [part("name", one.name), ...(one.until ? [part("department", until.replace("{year}", one.until))] : [])],
    choose: (one) => {
      input.value = one.name;
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
      box.close();
    },
  });
  input.after(box.list, box.status);
  input.parentElement.classList.add("with-suggestions");
  boxes.add(input);
}

// Lines may come to a page later.
document.addEventListener("focusin", ({ target }) => {
  if (target.dataset?.places && !boxes.has(target)) offer(target);
});
