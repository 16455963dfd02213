// While departments are being asked, look now and then what they said; it is filled in beside what is being typed.
import { isEmpty } from "./validators.js";

const PAUSES = [400, 700, 1000, 1500, 2000, 3000, 4000, 5000, 8000, 15000, 30000];

export function watchSources({ form, controls, autosave, refresh }) {
  const note = document.querySelector("[data-filled-note]");

  async function look(turn) {
    if (turn >= PAUSES.length) return;
    await new Promise((done) => setTimeout(done, PAUSES[turn]));
    try {
      const answer = await fetch(location.pathname, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("inquiries");
      if (page.getElementById("apply-form")) take(page, fresh);
      if (fresh && !fresh.hasAttribute("data-asking")) return;
    } catch {
      // Away for a moment: look again later.
    }
    look(turn + 1);
  }

  // What is on the screen stays where it is, whatever comes in above it.
  function steadily(change) {
    const anchor =
      form.contains(document.activeElement) && document.activeElement !== form
        ? document.activeElement
        : [...form.querySelectorAll(".field[data-key]")].find((each) => each.getBoundingClientRect().bottom > 0);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    const moved = (anchor?.isConnected ? anchor.getBoundingClientRect().top : before) - before;
    if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
  }

  function take(page, fresh) {
    const sheet = document.getElementById("inquiries");
    const revision = Number(page.querySelector("#apply-form [name=revision]").value);
    if (!sheet || !fresh || (revision === autosave.revision && fresh.hasAttribute("data-asking"))) return;
    let filled = 0;
    steadily(() => {
      for (const [key, mine] of controls.wrappers) {
        const theirs = page.querySelector(`.field[data-key="${CSS.escape(key)}"]`);
        if (!theirs || !(key in controls.fields)) continue;
        mine.querySelector("[data-told]")?.replaceChildren(...(theirs.querySelector("[data-told]")?.childNodes ?? []));
        if (autosave.isBusy(key) || mine.contains(document.activeElement)) continue;
        filled += put(key, mine, theirs);
      }
      if (!sheet.contains(document.activeElement) || !fresh.hasAttribute("data-asking")) {
        sheet.toggleAttribute("data-asking", fresh.hasAttribute("data-asking"));
        sheet.replaceChildren(...fresh.childNodes);
      }
      autosave.revision = revision;
      form.elements.revision.value = revision;
      for (const place of ["[data-known]", ".apply-side .side-form .side-line"])
        document.querySelector(place)?.replaceChildren(...(page.querySelector(place)?.childNodes ?? []));
      note.textContent = filled ? note.dataset.words.replace("{count}", filled) : note.dataset.none;
      refresh();
    });
  }

  // Fill in what is empty here and is not there; the control stays in sight, where it was.
  function put(key, mine, theirs) {
    const fact = theirs.querySelector(".fact");
    if (!fact || !isEmpty(controls.read(key))) return 0;
    const given = [...theirs.querySelectorAll(".control input:not([type=hidden]), .control select, .control textarea")];
    controls.inputs(key).forEach((input, at) => {
      if (input.type === "radio" || input.type === "checkbox") input.checked = given[at].checked;
      else input.value = given[at].value;
    });
    const source = document.createElement("p");
    source.className = "why";
    source.textContent = fact.querySelector(".why").textContent;
    mine.querySelector("[data-told]")?.replaceChildren(source);
    return 1;
  }

  if (document.querySelector("#inquiries[data-asking]")) look(0);
}

// Only what is still to be filled in, or everything.
export function watchViews({ form, controls }) {
  const link = document.querySelector("[data-only-left]");
  link?.addEventListener("click", (event) => {
    if (!link.dataset.all) return;
    event.preventDefault();
    const isOnly = form.classList.toggle("only-left");
    for (const [key, wrapper] of controls.wrappers) {
      const isDone = key in controls.fields && !isEmpty(controls.read(key)) && !wrapper.classList.contains("err");
      wrapper.classList.toggle("done", isDone);
    }
    link.textContent = isOnly ? link.dataset.all : link.dataset.left;
  });
}
