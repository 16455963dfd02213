// The twin of catalog/fields/numbers.py: numbers and amounts as invoices print them and as people write them.
const VALUES = "零一二三四五六七八九";
const SECTION = "(?:([一-九])千)?零?(?:([一-九])百)?零?(?:([一-九]?)(十))?零?([一-九]?)".replaceAll("一-九", VALUES.slice(1));
const SPELLINGS = {
  克: ["g", "G"],
  千克: ["公斤", "kg", "KG", "Kg"],
  厘米: ["公分", "cm", "CM"],
  米: ["m", "M"],
  平方米: ["平方", "平米", "㎡", "m²", "m2", "平"],
  立方米: ["立方", "m³", "m3", "方"],
  个月: ["月"],
  辆: ["台"],
  人: ["名", "位", "个"],
};
const WORDS = new RegExp(`^(?:${SECTION}(万))?${SECTION}$`);
const TWO_WAYS = new RegExp(`[千百万][${VALUES.slice(1)}]$`);
const WRITTEN = "〇壹贰两叁肆伍陆柒捌玖拾佰仟";
const PLAIN = "零一二二三四五六七八九十百千";

export const halfWidth = (text) =>
  text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, " ")
    .replace(/[\u200b\ufeff\u2060\u00ad]/g, "")
    .trim();

export function plainNumber(text, unit = "") {
  const trimmed = halfWidth(text).replace(/￥/g, "¥").replace(/。/g, ".");
  if (trimmed.length > 100) return trimmed;
  let number = trimmed;
  if (unit === "" || unit === "元")
    number = number.replace(/^(?:¥|RMB|CNY|人民币)+[: ]*/i, "");
  const withCents = unit === "" || unit === "元" ? readCents(number, unit) : "";
  if (withCents) return withCents;
  if (unit === "" || unit === "元") number = number.replace(/ *(?:[元圆][整正]?|块钱?)$/, "");
  const without = (ending) => number.slice(0, number.length - ending.length).trimEnd();
  const counted = number.endsWith(unit);
  for (const ending of [unit, unit === "万元" ? "万" : ""]) if (number.endsWith(ending)) number = without(ending);
  const spelling = counted ? "" : SPELLINGS[unit]?.find((each) => number.endsWith(each));
  if (spelling) number = without(spelling);
  if (/^[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?$/.test(number)) number = number.replace(/[, ]/g, "");
  if (/^[+-]?[0-9]+\.$/.test(number)) return number.slice(0, -1);
  const large = unit !== "万元" && /^([+-]?[0-9]{1,8})(?:\.([0-9]{1,4}))? *万$/.exec(number);
  if (large) return large[1] + (large[2] ?? "").padEnd(4, "0");
  const thousands = /^([+-]?[0-9]{1,8})(?:\.([0-9]{1,3}))? *千$/.exec(number);
  if (thousands) return thousands[1] + (thousands[2] ?? "").padEnd(3, "0");
  return readWords(number) || number || trimmed;
}

const plainWords = (text) => text.replace(/./gu, (c) => (WRITTEN.includes(c) ? PLAIN[WRITTEN.indexOf(c)] : c));

// What stands behind the yuan on a cheque: 叁仟捌佰陆拾元伍角贰分. Without a 元, 5分 is an amount only where the field counts in it.
const DIGIT = `([0-9${VALUES}])`;
const CENTS = new RegExp(`^(?:([^元圆块]+)[元圆块]零?)?(?:${DIGIT}[角毛])?零?(?:${DIGIT}分)?[整正]?$`);
function readCents(text, unit) {
  const [, yuan, jiao, fen] = CENTS.exec(plainWords(text)) ?? [];
  if (!(jiao || fen) || !(yuan || unit)) return "";
  const whole = yuan ? plainNumber(yuan) : "0";
  const digit = (each = "0") => (VALUES.includes(each) ? VALUES.indexOf(each) : each);
  return /^[0-9]+$/.test(whole) ? `${whole}.${digit(jiao)}${digit(fen)}` : "";
}

function readWords(text) {
  const plain = plainWords(text);
  const found = WORDS.exec(plain);
  if (!plain || !found || TWO_WAYS.test(plain)) return "";
  const above = belowTenThousand(found.slice(1, 6));
  return found[6] && !above ? "" : String(above * 10000 + belowTenThousand(found.slice(7)));
}
function belowTenThousand([thousands, hundreds, tens, hasTens, ones]) {
  const value = (part) => (part ? VALUES.indexOf(part) : 0);
  return value(thousands) * 1000 + value(hundreds) * 100 + (tens ? value(tens) : hasTens ? 1 : 0) * 10 + value(ones);
}
