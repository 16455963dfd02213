// Which fields of a merged form show and which are required: the twin of Plan.visible and Plan.required.
import { plainNumber } from "./numbers.js";
import { evaluate, holds, plain, text, truthy } from "./rules.js";

// A value as the form's controls give it, read as its field's type.
function read(value, type) {
  if (["integer", "decimal"].includes(type) && text(value)) {
    const number = plainNumber(value);
    if (type === "integer" && /^[+-]?[0-9]{1,15}$/.test(number)) return Number(number);
    value = number;
  }
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value === "" ? null : plain(value);
}

// program: Plan.browser_rules(). Each item sees its own visible lines only; a field shows when any item asks for it.
export function state(program, values) {
  const visible = new Set(),
    required = new Set();
  for (const item of program.items) {
    const record = { ...program.answers };
    const shown = [];
    for (const [key, condition, need] of item) {
      if (!holds(condition, record)) continue;
      visible.add(key);
      shown.push([key, need]);
      if (Object.hasOwn(values, key)) record[key] = read(values[key], program.types[key]);
    }
    for (const [key, need] of shown) if (need === true || (need && truthy(evaluate(need, record)))) required.add(key);
  }
  return { visible, required };
}
