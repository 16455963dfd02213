// The merged form while it is filled in: fields come and go, mistakes are told beside them, everything is saved.
// Without this script the same happens on the server, at each "save".
import { Autosave, cookie } from "./autosave.js";
import "./composing.js";
import { Controls } from "./controls.js";
import { goTo } from "./focus.js";
import "./places.js";
import { watchSources, watchViews } from "./prefill.js";
import { restate } from "./summary.js";
import { check, fill, isEmpty, sentence } from "./validators.js";
import { state } from "./visibility.js";

const form = document.getElementById("apply-form");
const rules = JSON.parse(document.getElementById("form-rules").textContent);
const words = document.getElementById("script-words").dataset;
const controls = new Controls(form, rules.fields);
const saved = document.querySelector("[data-save-state]");
const elsewhere = document.querySelector("[data-elsewhere-note]");
const conflicts = new Set();
let figures = { asked: 0, left: 0 };

function refresh() {
  const values = controls.all();
  const { visible, required } = state(rules.program, values);
  const asked = new Set();
  const left = new Set();
  for (const [key, wrapper] of controls.wrappers) {
    if (!(key in rules.fields)) continue;
    const shown = visible.has(key);
    wrapper.hidden = !shown;
    if (!shown) continue;
    asked.add(rules.fields[key].fact);
    if (required.has(key) && isEmpty(values[key])) left.add(rules.fields[key].fact);
    for (const mark of wrapper.querySelectorAll(".optional")) mark.hidden = required.has(key);
  }
  for (const group of form.querySelectorAll("fieldset.person, .form-section"))
    group.hidden = !group.querySelector(".field:not([hidden])");
  figures = { asked: asked.size, left: left.size };
  count();
}

// The fields in sight that a sentence stands beside.
function wrong() {
  return [...controls.wrappers]
    .filter(([key, wrapper]) => key in rules.fields && !wrapper.hidden && wrapper.classList.contains("err"))
    .map(([key]) => key);
}

// What a field is called among those of several persons.
function named(key, text) {
  const { whose } = rules.fields[key];
  return whose ? whose + words.colon + text : text;
}

function tell(key, problem) {
  controls.tell(key, problem);
  restate(rules.fields[key].id, problem && named(key, problem));
  count();
}

function count() {
  const { asked, left } = figures;
  // What is empty is counted as left; what is filled in wrongly is not done either.
  const amiss = wrong().filter((key) => !isEmpty(controls.read(key))).length;
  const put = (name, value) =>
    document.querySelectorAll(`[data-count=${name}]`).forEach((each) => {
      each.textContent = value;
    });
  put("asked", asked);
  put("left", left);
  put("wrong", amiss);
  document.querySelectorAll("[data-left-some]").forEach((each) => {
    each.hidden = left === 0;
  });
  document.querySelectorAll("[data-left-wrong]").forEach((each) => {
    each.hidden = left > 0 || amiss === 0;
  });
  document.querySelectorAll("[data-left-none]").forEach((each) => {
    each.hidden = left > 0 || amiss > 0;
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
  const { label, example, format } = rules.fields[key];
  tell(key, problem && sentence({ ...problem, params: { example, format, ...problem.params } }, label, rules.sentences));
}

function told(outcome, keys) {
  // Mending one field may mend what a rule said of another.
  const others = wrong().filter((key) => !keys.includes(key) && !conflicts.has(key));
  for (const key of keys) conflicts.delete(key);
  for (const key of [...keys, ...others]) {
    if (autosave.isBusy(key) || !(key in rules.fields)) continue;
    if (outcome.problems[key] || !isEmpty(controls.read(key))) tell(key, outcome.problems[key]);
  }
  for (const [key, value] of Object.entries(outcome.conflicts)) {
    if (!(key in rules.fields)) continue;
    conflicts.add(key);
    tell(key, fill(words.conflict, { value: String([value].flat().join(words.joiner)) || words.empty }));
  }
  const changed = Object.entries(outcome.elsewhere).filter(([key]) => key in rules.fields && !autosave.isBusy(key));
  if (!changed.length) return;
  for (const [key, value] of changed) {
    controls.write(key, value);
    controls.wrappers
      .get(key)
      .querySelector(".fact:not([hidden])")
      ?.replaceChildren(String(value ?? ""));
  }
  elsewhere.textContent = fill(words.elsewhere, {
    labels: changed.map(([key]) => named(key, rules.fields[key].label)).join(words.joiner),
  });
  elsewhere.hidden = false;
  refresh();
}

function status(kind, detail = {}) {
  if (kind === "gone") location.assign(detail.next);
  if (kind === "deleted") gone(detail);
  else if (kind === "expired") {
    const link = document.createElement("a");
    Object.assign(link, { href: detail.login, target: "_blank", rel: "noopener", textContent: words.expired });
    saved.replaceChildren(link);
  } else {
    const text = { saving: words.saving, offline: words.offline, failed: detail.message ?? words.failed }[kind];
    saved.textContent = text ?? fill(words.saved, { time: detail.saved_at });
  }
  saved.classList.toggle("trouble", ["offline", "failed", "expired", "deleted"].includes(kind));
}

// Deleted in another window: what stands here goes nowhere, and says so; it can still be copied.
function gone(detail) {
  autosave.stop();
  const link = document.createElement("a");
  Object.assign(link, { href: form.dataset.restart, textContent: words.restart });
  saved.replaceChildren(detail.message, " ", link);
  elsewhere.textContent = detail.message;
  elsewhere.hidden = false;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
}

const autosave = new Autosave({
  url: form.dataset.autosave,
  revision: Number(form.elements.revision.value),
  token: form.elements.csrfmiddlewaretoken.value,
  read: (key) => controls.read(key),
  wrong,
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
form.addEventListener("compositionstart", (event) => autosave.hold(controls.keyOf(event.target)));
form.addEventListener("compositionend", (event) => autosave.release(controls.keyOf(event.target)));
form.addEventListener("change", (event) => {
  const key = controls.keyOf(event.target);
  if (!(key in rules.fields)) return;
  controls.spreadOut(key);
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
watchSources({ form, controls, autosave, refresh });
watchViews({ form, controls });
export { goTo };
