// The twin of catalog/rules/language.py; tests/vectors/rules.json holds both to the same answers.
const MAX_DEPTH = 20;
const DECIMAL = /^-?(?:[0-9]{1,15}|[0-9]{1,11}\.[0-9]{1,4})$/;
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?$/;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

const list = Array.isArray;
export const text = (v) => typeof v === "string";
const number = (v) => (typeof v === "number" && Math.abs(v) <= Number.MAX_SAFE_INTEGER ? v : null);
const size = (v) => (text(v) ? (DECIMAL.test(v) ? Number(v) : null) : number(v));
export const plain = (v) => (v === undefined || (typeof v === "object" && !list(v)) ? null : v);
const get = (values, key) => (Object.hasOwn(values, key) ? plain(values[key]) : null);

export const truthy = (v) => !(v == null || v === false || v === "" || v === 0 || (list(v) && !v.length));

export function same(a, b, depth = 1) {
  if (list(a) && list(b))
    return depth < MAX_DEPTH && a.length === b.length && a.every((x, i) => same(x, b[i], depth + 1));
  return a === b && (typeof a === "number" ? number(a) !== null : a === null || typeof a !== "object");
}

function less(a, b, orEqual) {
  const x = size(a), y = size(b);
  if (x !== null && y !== null) return orEqual ? x <= y : x < y;
  if (!(text(a) && text(b) && MOMENT.test(a) && MOMENT.test(b))) return false;
  if (a.length !== b.length) [a, b] = [a.slice(0, 10), b.slice(0, 10)];
  return orEqual ? a <= b : a < b;
}
const ordered = (all, orEqual) => all.every((x, i) => !i || less(all[i - 1], x, orEqual));

function day(v) {
  if (!text(v) || !MOMENT.test(v)) return null;
  const [y, m, d] = [+v.slice(0, 4), +v.slice(5, 7), +v.slice(8, 10)];
  const at = new Date(0);
  at.setUTCFullYear(y, m - 1, d);
  return y > 0 && at.getUTCMonth() === m - 1 && at.getUTCDate() === d ? [y, m, d, at / 864e5] : null;
}
function between(a, b, inYears) {
  const x = day(a), y = day(b);
  if (!x || !y) return null;
  return inYears ? y[0] - x[0] - (y[1] < x[1] || (y[1] === x[1] && y[2] < x[2]) ? 1 : 0) : y[3] - x[3];
}
const contains = (part, whole) =>
  list(whole)
    ? whole.some((each) => same(part, each))
    : text(part) && text(whole) && part !== "" && whole.includes(part) && !LONE_SURROGATE.test(part);

// operator: [least, most operands, function of them]
const OPERATORS = new Map(Object.entries({
  "==": [2, 2, ([a, b]) => same(a, b)],
  "!=": [2, 2, ([a, b]) => !same(a, b)],
  "<": [2, 3, (v) => ordered(v, false)],
  "<=": [2, 3, (v) => ordered(v, true)],
  ">": [2, 3, (v) => ordered(v.reverse(), false)],
  ">=": [2, 3, (v) => ordered(v.reverse(), true)],
  in: [2, 2, ([a, b]) => contains(a, b)],
  and: [1, Infinity, (v) => v.every(truthy)],
  or: [1, Infinity, (v) => v.some(truthy)],
  "!": [1, 1, ([a]) => !truthy(a)],
  "!!": [1, 1, ([a]) => truthy(a)],
  if: [2, Infinity, (v) => {
    let i = 0;
    for (; i + 1 < v.length; i += 2) if (truthy(v[i])) return v[i + 1];
    return i < v.length ? v[i] : null;
  }],
  count: [1, 1, ([a]) => (list(a) ? a.length : null)],
  how_many: [1, Infinity, (v) => v.filter(truthy).length],
  years_between: [2, 2, ([a, b]) => between(a, b, true)],
  days_between: [2, 2, ([a, b]) => between(a, b, false)],
}));

export function evaluate(rule, values, depth = 1) {
  if (depth > MAX_DEPTH) return null;
  if (list(rule)) return rule.map((each) => evaluate(each, values, depth + 1));
  if (rule === null || typeof rule !== "object") return plain(rule);
  const [operator, ...more] = Object.keys(rule);
  if (operator === undefined || more.length) return null;
  const given = list(rule[operator]) ? rule[operator] : [rule[operator]];
  if (operator === "var") {
    if (given.length < 1 || given.length > 2 || !text(given[0])) return null;
    const value = get(values, given[0]);
    return value === null && given.length === 2 ? evaluate(given[1], values, depth + 1) : value;
  }
  const [least, most, run] = OPERATORS.get(operator) ?? [1, 0];
  if (given.length < least || given.length > most) return null;
  return run(given.map((each) => evaluate(each, values, depth + 1)));
}

export const holds = (rule, values) => rule === null || truthy(evaluate(rule, values));
