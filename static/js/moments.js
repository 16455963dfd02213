// The twin of catalog/fields/moments.py: dates and times with their numbers in words.
import { halfWidth } from "./numbers.js";

const SIGNS = { 零: "〇", "○": "〇", 點: "点", 時: "时", 號: "号", 鐘: "钟" };
const VALUES = "〇一二三四五六七八九";
const WORDS = new RegExp(`[${VALUES}十廿卅]+`, "g");
const TENS = new RegExp(`^(?:([${VALUES.slice(1)}]?)十|([廿卅]))([${VALUES.slice(1)}]?)$`);
const QUARTERS = { 一刻: "15分", 三刻: "45分", 点钟: "点" };

export function inDigits(text) {
  text = halfWidth(text).replace(/[零○點時號鐘]/g, (sign) => SIGNS[sign]);
  for (const [written, plain] of Object.entries(QUARTERS)) text = text.replaceAll(written, plain);
  return text.replace(WORDS, number);
}
function number(words) {
  const tens = TENS.exec(words);
  if (!tens) return [...words].map((word) => (VALUES.includes(word) ? VALUES.indexOf(word) : word)).join("");
  const ten = { 廿: 2, 卅: 3 }[tens[2]] ?? VALUES.indexOf(tens[1] || "一");
  return String(10 * ten + (tens[3] ? VALUES.indexOf(tens[3]) : 0));
}
