// The controls of the merged form: one value per field key, read and written alike whatever the control is.
import { inDigits } from "./moments.js";

const PARTS = ["year", "month", "day", "hour", "minute"];

// The twins of compose_moment and split_moment in matters/form_page/posted.py.
const WHOLE_DATE =
  /^(?:([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?|([0-9]{4})([0-9]{2})([0-9]{2}))$/;
// A time after it, as records and spreadsheets have it; seconds are not asked anywhere.
const PART_OF_DAY = "(凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)?";
const TIME = `${PART_OF_DAY}([0-9]{1,2})(?:[:时点]([0-9]{1,2})分?(?::[0-9]{1,2})?|[时点](半|[整正]?))`;
const TIME_AFTER = new RegExp(`(?:[T ]|(?<=[日号]))${TIME}$`);
const TIME_ALONE = new RegExp(`^${TIME}$`);
const PART_OF_DAY_ALONE = new RegExp(`^${PART_OF_DAY}([0-9]{1,2})$`);
export function compose(parts) {
  const typed = Object.entries(parts).map(([name, text]) => [name, (text ?? "").trim()]);
  const texts = { year: "", month: "", day: "", ...plainParts(spread(Object.fromEntries(typed))) };
  if (!PARTS.some((name) => texts[name])) return "";
  for (const name of PARTS)
    if (/^[0-9]+$/.test(texts[name])) texts[name] = texts[name].padStart(name === "year" ? 4 : 2, "0");
  const day = `${texts.year}-${texts.month}-${texts.day}`;
  return texts.hour || texts.minute ? `${day}T${texts.hour ?? ""}:${texts.minute ?? ""}` : day;
}
// The parts of a date (and time) pasted whole into one box, each in its own; anything else as it is.
export function spread(parts) {
  const same = (one, other) => one.replace(/^0+/, "") === other.replace(/^0+/, "");
  for (const name of PARTS.slice(0, 3)) {
    const line = inDigits(parts[name] ?? "").replace(/\s+/g, " ");
    const text = line.replace(/^([0-9]{8})([0-9]{2})([0-9]{2})$/, "$1T$2:$3");
    const time = TIME_AFTER.exec(text);
    const found = WHOLE_DATE.exec(text.slice(0, time?.index).replaceAll(" ", ""));
    if (!found) continue;
    const [year, month, day] = found.slice(1).filter((part) => part !== undefined);
    const whole = { year, month, day };
    if (time && "hour" in parts) Object.assign(whole, hourAndMinute(time));
    const others = Object.keys(whole).filter((other) => other !== name && parts[other]);
    if (others.every((other) => same(parts[other], whole[other]))) return { ...parts, ...whole };
  }
  return parts;
}
// Without the marks that people type with a number; a time in the box of the hour in both its boxes.
function plainParts(parts) {
  const bare = (text) => inDigits(text ?? "").replace(/^[年月日号时点分 ]+|[年月日号时点分 ]+$/g, "");
  const time = TIME_ALONE.exec(inDigits(parts.hour ?? ""));
  const hour = PART_OF_DAY_ALONE.exec(bare(parts.hour));
  if (time && !parts.minute) parts = { ...parts, ...hourAndMinute(time) };
  else if (hour) parts = { ...parts, hour: hourOf(hour[1], hour[2]) };
  const plain = (text) => (/^[0-9]+$/.test(bare(text)) ? bare(text) : text);
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, plain(text)]));
}
function hourAndMinute([, partOfDay, hour, minute, half]) {
  return { hour: hourOf(partOfDay, hour), minute: minute ?? (half === "半" ? "30" : "00") };
}
// As clocks of 24 hours have it; midnight called 晚上12点 stays as it is, for it may be either day's.
function hourOf(partOfDay, hour) {
  const isLate = ["中午", "下午", "傍晚", "晚上"].includes(partOfDay) && Number(hour) < 12;
  if (isLate && !(partOfDay === "中午" && Number(hour) > 3)) return String(Number(hour) + 12);
  return partOfDay === "晚上" && Number(hour) === 12 ? "24" : hour;
}
export function split(text) {
  const [day, time = ""] = (text ?? "").split("T");
  const [year = "", month = "", ...rest] = day.split("-");
  const date = rest.join("-");
  const [hour = "", minute = ""] = time.split(":");
  const short = (piece) => piece.replace(/^0+(?=.)/, "");
  return { year: short(year), month: short(month), day: short(date), hour: short(hour), minute };
}

export class Controls {
  constructor(form, fields) {
    this.fields = fields;
    this.wrappers = new Map([...form.querySelectorAll(".field[data-key]")].map((each) => [each.dataset.key, each]));
  }

  keyOf(element) {
    return element.closest(".field[data-key]")?.dataset.key;
  }

  inputs(key) {
    return [
      ...this.wrappers
        .get(key)
        .querySelectorAll(".control input:not([type=hidden]), .control select, .control textarea"),
    ];
  }

  read(key) {
    const inputs = this.inputs(key);
    const { control } = this.fields[key];
    if (control === "moment")
      return compose(Object.fromEntries(inputs.map((input) => [input.dataset.part, input.value])));
    if (control === "boxes") return inputs.filter((input) => input.checked).map((input) => input.value);
    if (control === "buttons") {
      const chosen = inputs.find((input) => input.checked)?.value ?? "";
      return this.fields[key].type === "boolean" ? ({ true: true, false: false }[chosen] ?? null) : chosen;
    }
    return inputs[0]?.value ?? "";
  }

  // A date or time pasted whole into one box, or a number with its mark, is shown in its boxes.
  spreadOut(key) {
    if (this.fields[key].control !== "moment") return;
    const inputs = this.inputs(key);
    const typed = Object.fromEntries(inputs.map((input) => [input.dataset.part, input.value.trim()]));
    const composed = compose(typed);
    const parts = split(composed);
    const isRead = Object.keys(typed).every((name) => /^[0-9]*$/.test(parts[name]));
    if (isRead && !Object.values(typed).every((text) => /^[0-9]{0,4}$/.test(text))) this.write(key, composed);
  }

  write(key, value) {
    const inputs = this.inputs(key);
    const { control } = this.fields[key];
    if (control === "moment") {
      const parts = split(value);
      for (const input of inputs) input.value = parts[input.dataset.part];
    } else if (control === "boxes" || control === "buttons") {
      const chosen = [value].flat().map(String);
      for (const input of inputs) input.checked = chosen.includes(input.value);
    } else if (inputs[0]) inputs[0].value = value ?? "";
  }

  all() {
    return Object.fromEntries(
      Object.keys(this.fields)
        .filter((key) => this.wrappers.has(key))
        .map((key) => [key, this.read(key)]),
    );
  }

  // The sentence beside a field, or none.
  tell(key, sentence) {
    const wrapper = this.wrappers.get(key);
    const message = wrapper?.querySelector(".msg");
    if (!message) return;
    wrapper.classList.toggle("err", Boolean(sentence));
    if (message.textContent !== (sentence ?? "")) message.textContent = sentence ?? "";
    message.hidden = !sentence;
    const marked = wrapper.querySelector("fieldset") ?? this.inputs(key)[0];
    if (sentence) marked?.setAttribute("aria-invalid", "true");
    else marked?.removeAttribute("aria-invalid");
  }

  // Open a known fact for correction.
  open(key) {
    const wrapper = this.wrappers.get(key);
    wrapper.classList.remove("has-fact");
    wrapper.querySelector(".fact").hidden = true;
    wrapper.querySelector(".control").hidden = false;
    this.inputs(key)[0]?.focus();
  }
}
