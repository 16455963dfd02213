// The merged form while it is filled in: fields come and go, mistakes are told beside them, everything is saved.
// Without this script the same happens on the server, at each "save".
import { Autosave, cookie } from "./autosave.js";
import { Controls } from "./controls.js";
import { goTo } from "./focus.js";
import { check, fill, isEmpty, sentence } from "./validators.js";
import { state } from "./visibility.js";

const form = document.getElementById("apply-form");
const rules = JSON.parse(document.getElementById("form-rules").textContent);
const words = document.getElementById("script-words").dataset;
const controls = new Controls(form, rules.fields);
const saved = document.querySelector("[data-save-state]");
const elsewhere = document.querySelector("[data-elsewhere-note]");
const conflicts = new Set();

function refresh() {
  const values = controls.all();
  const { visible, required } = state(rules.program, values);
  let asked = 0,
    left = 0;
  for (const [key, wrapper] of controls.wrappers) {
    if (!(key in rules.fields)) continue;
    const shown = visible.has(key);
    wrapper.hidden = !shown;
    if (!shown) continue;
    asked += 1;
    if (required.has(key) && isEmpty(values[key])) left += 1;
    for (const mark of wrapper.querySelectorAll(".optional")) mark.hidden = required.has(key);
  }
  for (const group of form.querySelectorAll("fieldset.person, .form-section"))
    group.hidden = !group.querySelector(".field:not([hidden])");
  count(asked, left);
}

function count(asked, left) {
  const put = (name, value) =>
    document.querySelectorAll(`[data-count=${name}]`).forEach((each) => {
      each.textContent = value;
    });
  put("asked", asked);
  put("left", left);
  document.querySelectorAll("[data-left-some]").forEach((each) => {
    each.hidden = left === 0;
  });
  document.querySelectorAll("[data-left-none]").forEach((each) => {
    each.hidden = left > 0;
  });
  document.querySelectorAll("progress[data-count=percent]").forEach((bar) => {
    bar.value = asked ? Math.round((100 * (asked - left)) / asked) : 100;
  });
}

// While a finger or a mouse button is down nothing may move, or the press misses what it was meant for:
// leaving a wrong field by pressing the next control brings up a sentence just above that control.
let isHeld = false;
const held = [];
for (const start of ["pointerdown", "mousedown"])
  document.addEventListener(
    start,
    () => {
      isHeld = true;
    },
    true,
  );
for (const end of ["pointerup", "pointercancel", "mouseup"])
  document.addEventListener(end, () => setTimeout(letGo), true);

function letGo() {
  isHeld = false;
  held.splice(0).forEach((each) => each());
}

function calmly(action) {
  if (isHeld) held.push(action);
  else action();
}

function validate(key) {
  calmly(() => judge(key));
}

function judge(key) {
  if (conflicts.has(key)) return;
  const problem = check(rules.fields[key], controls.read(key), controls.all(), form.dataset.today);
  controls.tell(key, problem && sentence(problem, rules.fields[key].label, rules.sentences));
}

function told(outcome, keys) {
  for (const key of keys) {
    if (autosave.dirty.has(key) || !(key in rules.fields)) continue;
    conflicts.delete(key);
    if (outcome.problems[key] || !isEmpty(controls.read(key))) controls.tell(key, outcome.problems[key]);
  }
  for (const [key, value] of Object.entries(outcome.conflicts)) {
    if (!(key in rules.fields)) continue;
    conflicts.add(key);
    controls.tell(key, fill(words.conflict, { value: String([value].flat().join(words.joiner)) || words.empty }));
  }
  const changed = Object.entries(outcome.elsewhere).filter(([key]) => key in rules.fields && !autosave.dirty.has(key));
  if (!changed.length) return;
  for (const [key, value] of changed) {
    controls.write(key, value);
    controls.wrappers
      .get(key)
      .querySelector(".fact:not([hidden])")
      ?.replaceChildren(String(value ?? ""));
  }
  elsewhere.textContent = fill(words.elsewhere, {
    labels: changed.map(([key]) => rules.fields[key].label).join(words.joiner),
  });
  elsewhere.hidden = false;
  refresh();
}

function status(kind, detail = {}) {
  if (kind === "gone") location.assign(detail.next);
  if (kind === "expired") {
    const link = document.createElement("a");
    Object.assign(link, { href: detail.login, target: "_blank", rel: "noopener", textContent: words.expired });
    saved.replaceChildren(link);
  } else {
    const text = { saving: words.saving, offline: words.offline, failed: detail.message ?? words.failed }[kind];
    saved.textContent = text ?? fill(words.saved, { time: detail.saved_at });
  }
  saved.classList.toggle("trouble", ["offline", "failed", "expired"].includes(kind));
}

const autosave = new Autosave({
  url: form.dataset.autosave,
  revision: Number(form.elements.revision.value),
  token: form.elements.csrfmiddlewaretoken.value,
  read: (key) => controls.read(key),
  told: (outcome, keys) => {
    form.elements.revision.value = outcome.revision;
    calmly(() => told(outcome, keys));
  },
  status,
});

form.addEventListener("input", (event) => {
  const key = controls.keyOf(event.target);
  if (!(key in rules.fields)) return;
  refresh();
  conflicts.delete(key);
  if (controls.wrappers.get(key).classList.contains("err")) validate(key);
  autosave.touch(key);
});
form.addEventListener("change", (event) => {
  const key = controls.keyOf(event.target);
  if (!(key in rules.fields)) return;
  // A date is judged when its last box is left.
  if (rules.fields[key].control !== "moment") validate(key);
  autosave.touch(key, true);
});
form.addEventListener("focusout", (event) => {
  const key = controls.keyOf(event.target);
  const isMoment = rules.fields[key]?.control === "moment";
  if (isMoment && !controls.wrappers.get(key).contains(event.relatedTarget)) validate(key);
});
form.addEventListener("click", (event) => {
  const edit = event.target.closest(".fact .edit");
  if (!edit) return;
  event.preventDefault();
  controls.open(controls.keyOf(edit));
});
// A full year goes on to the month by itself.
form.addEventListener("input", (event) => {
  const { part } = event.target.dataset;
  if (part && event.inputType === "insertText" && event.target.value.length === (part === "year" ? 4 : 2)) {
    event.target.closest(".part").nextElementSibling?.querySelector("input")?.focus();
  }
});
form.addEventListener("submit", () => {
  clearTimeout(autosave.timer);
  autosave.dirty.clear();
  form.elements.csrfmiddlewaretoken.value = cookie("csrftoken") ?? form.elements.csrfmiddlewaretoken.value;
});

refresh();
export { goTo };
