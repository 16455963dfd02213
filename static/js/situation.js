// Follow-up questions come and go with the answers; without this script they come after "next".
import { holds } from "./rules.js";
import "./focus.js";

const form = document.querySelector("[data-situation]");
const rules = JSON.parse(document.getElementById("situation-rules").textContent);

function answers() {
  const values = {};
  for (const fieldset of form.querySelectorAll("[data-question]:not([hidden])")) {
    const key = fieldset.dataset.question;
    const boxes = [...fieldset.querySelectorAll("input[type=checkbox]")];
    const chosen = [...fieldset.querySelectorAll("input:checked")].map((input) => input.value);
    const number = fieldset.querySelector("input[type=number]");
    if (boxes.length) values[`answers.${key}`] = chosen;
    else if (number) values[`answers.${key}`] = number.value === "" ? null : Number(number.value);
    else if (chosen.length) values[`answers.${key}`] = rules.numbers.includes(key) ? Number(chosen[0]) : chosen[0];
  }
  return values;
}

function refresh() {
  for (const fieldset of form.querySelectorAll("[data-question]")) {
    // Read anew for each question: an answer to a question that has just gone no longer counts.
    const known = answers();
    const key = fieldset.dataset.question;
    let open = holds(rules.questions[key] ?? null, known);
    const options = [...fieldset.querySelectorAll("[data-option]")];
    for (const option of options) {
      const offered = holds(rules.options[key]?.[option.dataset.option] ?? null, known);
      option.hidden = !offered;
      option.querySelector("input").disabled = !offered;
    }
    // As the server asks: nothing to choose from is no question, and of ways to do the same the only one left is taken.
    const least = key.startsWith("group.") ? 2 : 1;
    if (options.length && options.filter((option) => !option.hidden).length < least) open = false;
    fieldset.hidden = fieldset.disabled = !open;
  }
}

form.addEventListener("change", refresh);
refresh();
