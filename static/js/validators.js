// What catalog/fields/validation.py says of one value, said at once. It never refuses what the server takes; what it cannot
// know it leaves to the server, which answers with the next save.
import { check as checkIdentifier, DOCUMENTS, isDay, standardCharacters } from "./identifiers.js";
import { halfWidth, plainNumber } from "./numbers.js";

const LINE_LIMITS = { text: 200, longtext: 5000, address: 300, organisation_name: 200, email: 254 };
const OWN_KINDS = {
  person_name: "person_name",
  signature: "person_name",
  phone: "phone",
  credit_code: "credit_code",
  bank_account: "bank_card",
};
const length = (text) => [...text].length;

export const isEmpty = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

function shape(type, value) {
  const text = halfWidth(value);
  switch (type) {
    case "integer":
      if (/^[+-]?[0-9]{16,}$/.test(text)) return { code: "number_too_large" };
      return /^[+-]?[0-9]{1,15}$/.test(text) ? null : { code: "not_an_integer" };
    case "decimal":
      if (/^[+-]?[0-9]{1,11}\.[0-9]{5,}$/.test(text)) return { code: "too_many_decimals", params: { maximum: 4 } };
      return /^[+-]?[0-9]{1,11}(\.[0-9]{1,4})?$/.test(text) ? null : { code: "not_a_number" };
    case "date":
      return day(text);
    case "datetime": {
      const [on, time = ""] = text.split("T");
      const at = /^([0-9]{1,2}):([0-9]{2})$/.exec(time);
      if (!at || Number(at[1]) > 23 || Number(at[2]) > 59) return day(on) ?? { code: "not_a_datetime" };
      return day(on);
    }
    case "postcode":
      return /^[0-9]{6}$/.test(text) ? null : { code: "not_a_postcode" };
    case "division":
      // A name is looked up on the server.
      return /^[0-9]+$/.test(text) && !/^[1-9][0-9]{5}$/.test(text) ? { code: "not_a_division" } : null;
    case "email":
      return /^[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text) ? null : { code: "not_an_email" };
    default:
      return null;
  }
}
function day(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found || Number(found[1]) < 1800 || Number(found[1]) > 2300) return { code: "not_a_date" };
  return isDay(text) ? null : { code: "no_such_day" };
}
function years(from, to) {
  return to.slice(0, 4) - from.slice(0, 4) - (to.slice(5, 10) < from.slice(5, 10) ? 1 : 0);
}

const DEMANDS = {
  min_length: (v, n) => (length(v) < n ? { code: "too_short", params: { minimum: n } } : null),
  max_length: (v, n) => (length(v) > n ? { code: "too_long", params: { maximum: n } } : null),
  min: (v, n) => (Number(v) < Number(n) ? { code: "too_small", params: { minimum: n } } : null),
  max: (v, n) => (Number(v) > Number(n) ? { code: "too_large", params: { maximum: n } } : null),
  scale: (v, n) => ((v.split(".")[1] ?? "").length > n ? { code: "too_many_decimals", params: { maximum: n } } : null),
  min_items: (v, n) => (v.length < n ? { code: "too_few_chosen", params: { minimum: n } } : null),
  max_items: (v, n) => (v.length > n ? { code: "too_many_chosen", params: { maximum: n } } : null),
  not_future: (v, on, today) => (on && v.slice(0, 10) > today ? { code: "in_future" } : null),
  not_past: (v, on, today) => (on && v.slice(0, 10) < today ? { code: "in_past" } : null),
  not_before: (v, earliest) => (v.slice(0, 10) < earliest ? { code: "too_early", params: { earliest } } : null),
  not_after: (v, latest) => (v.slice(0, 10) > latest ? { code: "too_late", params: { latest } } : null),
  min_age_years: (v, n, today) => (years(v, today) < n ? { code: "too_young", params: { minimum: n } } : null),
  max_age_years: (v, n, today) => (years(v, today) > n ? { code: "too_old", params: { reached: n + 1 } } : null),
  identifier: (v, kinds, today) =>
    [kinds]
      .flat()
      .map((kind) => checkIdentifier(kind, v, today))
      .find(Boolean) ?? null,
  pattern: (v, patterns) =>
    matchesPattern(standardCharacters(v.trim()), [patterns].flat()) ? null : { code: "wrong_format" },
};

// as_demanded of catalog/fields/patterns.py: width, blanks, case, dashes and a label do not stand between a text and its pattern.
function matchesPattern(text, patterns) {
  const tests = patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, "u"));
  const together = halfWidth(text).replace(/\s/g, "").replace(/[‐-―−]+/g, "-");
  const bare = together.replace(/^(?:[\u4e00-\u9fff]{1,12}[::]|[Nn][Oo][.:]?)/, "");
  const ways = [text, together, bare, bare.replaceAll("-", "")];
  return ways.some((way) => [way, way.toUpperCase()].some((each) => tests.every((test) => test.test(each))));
}

// field: {type, constraints, kind}; values: all values by field key; today: YYYY-MM-DD. Gives {code, params} or null.
export function check(field, value, values, today) {
  if (isEmpty(value) || typeof value === "boolean") return null;
  const { type, constraints = {} } = field;
  if (typeof value === "string") {
    if (type === "integer") value = plainNumber(value, field.unit).replace(/([0-9])\.0+$/, "$1");
    if (type === "decimal") value = plainNumber(value, field.unit);
    if (!halfWidth(value)) return null;
    const wrong = shape(type, value);
    if (wrong) return wrong;
    if (LINE_LIMITS[type] && length(value) > LINE_LIMITS[type])
      return { code: "too_long", params: { maximum: LINE_LIMITS[type] } };
    const own = type === "id_number" ? DOCUMENTS[field.kind ? values[field.kind] : "111"] : OWN_KINDS[type];
    const found = own && checkIdentifier(own, value, today);
    if (found && found.code !== "empty") return found;
  }
  for (const [name, demand] of Object.entries(constraints)) {
    const found = DEMANDS[name]?.(value, demand, today);
    if (found) return found;
  }
  return null;
}

// The sentence for a problem, from the templates the server sent.
export function sentence(problem, label, sentences) {
  const likely = problem.code === "unexpected_character" && problem.params?.likely;
  const template = sentences[likely ? "unexpected_character.likely" : problem.code] ?? "";
  return fill(template, { ...problem.params, label });
}
export const fill = (template, values) => template.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
