// The identifiers of portal/identifiers/normalising.py in the browser; tests/vectors/identifiers.json holds both to the same answers.
// check(kind, text, today) gives {code, params} or null. Where only the server knows (landlines, foreign numbers), it gives null.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const PROVINCES = new Set(
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split(" "),
);
const PERMIT_REGIONS = new Set(["810000", "820000", "830000"]);
const LIKELY = { O: "0", I: "1", L: "1", Z: "2", S: "5", B: "8", 〇: "0" };
const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CARD_NETWORKS = /^(3|4|5|62|81)/;

class Refused extends Error {
  constructor(code, params = {}) {
    super(code);
    Object.assign(this, { code, params });
  }
}
const refuse = (code, params) => {
  throw new Refused(code, params);
};

// with_standard_characters of portal/identifiers/characters.py: its four runs of former private-use codes, one after another.
const FORMER_STARTS = { "︐": 0xe78d, "ḿ": 0xe7c7, "〾": 0xe7e7, "⺁": 0xe815 };
const FORMER = new Map();
[..."︐︒︑︓︔︕︖︗︘︙ḿǹ〾⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"].reduce(
  (code, character) => {
    const here = FORMER_STARTS[character] ?? code + 1;
    FORMER.set(String.fromCharCode(here), character);
    return here;
  },
  0,
);
export const standardCharacters = (text) => text.replace(/[\ue78d-\ue864]/g, (c) => FORMER.get(c) ?? c);

const AROUND = /^[(\[【〔《<「『“‘"']([^(\[【〔《<「『“‘"')\]】〕》>」』”’]+)[)\]】〕》>」』”’"'][.,;:。、]*$/;
const tidy = (text) =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Cf}\p{Cc}]/gu, "")
    .replace(AROUND, "$1")
    .replace(/^[\u4e00-\u9fff]{2,12}(?:[/、][\u4e00-\u9fff]{2,12})?[:.]?(?=[0-9A-Z+([【“"])/, "")
    .replace(AROUND, "$1")
    .replace(/(?<=[0-9A-Z])[.,;:。、]+$/, "")
    .replace(/^([0-9]{6})-([0-9]{8})-([0-9]{3}[0-9X])$/, "$1$2$3");

function requireCharacters(text, allowed) {
  [...text].forEach((character, at) => {
    const here = allowed(at);
    if (here === undefined || here.includes(character)) return;
    const likely = LIKELY[character] ?? "";
    refuse("unexpected_character", {
      character,
      position: at + 1,
      likely: likely && here.includes(likely) ? likely : "",
    });
  });
}
function requireLength(text, expected, also = "") {
  if (!text) refuse("empty");
  if ([...text].length !== expected)
    refuse("wrong_length", { expected: `${expected}${also}`, actual: [...text].length });
}

function eighteen(text, also = "") {
  const number = tidy(text);
  if (/^[0-9]{15}$/.test(number) && !also) refuse("old_number");
  const last = [...number].length - 1;
  requireCharacters(number, (at) => (at < last ? DIGITS : `${DIGITS}X`));
  requireLength(number, 18, also);
  return number;
}
function datedAndChecked(number, today) {
  const date = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(date)) refuse("impossible_date", { date });
  if (date > today) refuse("future_date", { date });
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  if (number[17] !== "10X98765432"[sum % 11]) refuse("check_digit");
}
function shaped(text, pattern, example) {
  const number = tidy(text);
  if (!number) refuse("empty");
  if (!pattern.test(number)) refuse("wrong_shape", { example });
  return number;
}

export function isDay(text) {
  const [year, month, day] = text.split("-").map(Number);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  return year > 0 && at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

const residentId = (text, today) => {
  const number = eighteen(text);
  if (PERMIT_REGIONS.has(number.slice(0, 6))) refuse("residence_permit_instead");
  if (!PROVINCES.has(number.slice(0, 2))) refuse("unknown_region", { region: number.slice(0, 2) });
  datedAndChecked(number, today);
};
const residencePermit = (text, today) => {
  const number = eighteen(text);
  if (!PERMIT_REGIONS.has(number.slice(0, 6))) refuse("not_a_permit");
  datedAndChecked(number, today);
};
const foreignResidentId = (text, today) => {
  let number = tidy(text);
  if (/^\p{L}/u.test(number)) {
    requireCharacters(number, (at) => (at < 3 ? LETTERS : at < 15 ? DIGITS : undefined));
    requireLength(number, 15);
    return;
  }
  number = eighteen(number, " / 15");
  if (number[0] !== "9") refuse("wrong_shape", { example: "936840197911050018" });
  if (!PROVINCES.has(number.slice(1, 3))) refuse("unknown_region", { region: number.slice(1, 3) });
  datedAndChecked(number, today);
};
const passport = (text) => {
  const number = shaped(text, /^[A-Z0-9]{5,10}$/, "E12345678");
  if (number.replace(/[^0-9]/g, "").length < 4) refuse("wrong_shape", { example: "E12345678" });
};
const creditCode = (text) => {
  const code = tidy(text)
    .replace(/\([0-9]{1,2}-[0-9]{1,2}\)$/, "")
    .replace(/[-\u2010-\u2015\u2212]/g, "");
  requireCharacters(code, (at) => (at >= 2 && at < 8 ? DIGITS : at < 18 ? CREDIT : undefined));
  requireLength(code, 18);
  let sum = 0;
  for (let at = 0, weight = 1; at < 17; at += 1, weight = (weight * 3) % 31) sum += weight * CREDIT.indexOf(code[at]);
  if (code[17] !== CREDIT[(31 - (sum % 31)) % 31]) refuse("check_digit");
  const body = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, at) => total + weight * parseInt(code[8 + at], 36), 0);
  if (code[16] !== "0123456789X0"[11 - (body % 11)]) refuse("organisation_check_digit");
};

const withoutPunctuation = (text) => tidy(text).replace(/[-() .‐-―−·]/g, "");
const mobilePhone = (text) => {
  const number = withoutPunctuation(text).replace(/^(\+|00)?86(?=1\d{10}$)/, "");
  if (number.startsWith("+") || number.startsWith("00")) return;
  requireCharacters(number, () => DIGITS);
  if (!number) refuse("empty");
  if (!number.startsWith("1")) refuse("not_mobile");
  if (number.length !== 11) refuse("wrong_length", { expected: "11", actual: number.length });
  if (!"3456789".includes(number[1])) refuse("not_mobile");
};
const phone = (text) => {
  const number = withoutPunctuation(text);
  if (!number) refuse("empty");
  if (/^((\+|00)?86)?1\d{10}$/.test(number)) mobilePhone(text);
};
const bankCard = (text) => {
  const number = withoutPunctuation(text);
  if (!number) refuse("empty");
  requireCharacters(number, () => DIGITS);
  if (number.length < 12 || number.length > 19) refuse("wrong_length", { expected: "12–19", actual: number.length });
  if (number.length < 15 || !CARD_NETWORKS.test(number)) return;
  const sum = [...number].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  if (sum % 10) refuse("card_check_digit");
};

const HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3fffd}\\u3007\\u3005";
const IS_HAN = new RegExp(`^[${HAN}]$`, "u");
// No look-behind: browsers of 2022 do not know it.
const BETWEEN_HAN = new RegExp(`[${HAN}]([-'])(?=[${HAN}])`, "u");
const SPACE_IN_HAN = new RegExp(`([${HAN}]) +(?=[${HAN}])`, "gu");
const DOT_AFTER_HAN = new RegExp(`([${HAN}])\\.`, "gu");
const DOT_BEFORE_HAN = new RegExp(`\\.(?=[${HAN}])`, "gu");
const IN_NAMES =
  /[-·' .\u2022\u30fb\uff0e\u2027\u22c5\uff65\u2219\u0387\u25cf\u2024\u2010\u2011\u2012\u2013\u2212\uff0d\u2019\u2018\u02bc`\u00b4\uff07\u0f0b\u0f0c\u180a\u180e\u202f\u200c\u200d\s\p{Cf}]/u;
const MINORITY =
  /^[\p{Script=Tibetan}\p{Script=Arabic}\p{Script=Mongolian}\p{Script=Yi}\p{Script=Hangul}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Cyrillic}\p{Script=Lisu}\p{Script=Miao}·\-' \u0f0b\u0f0c\u180a\u180e\u202f\u200c\u200d]+$/u;
const personName = (typed) => {
  const text = standardCharacters(typed);
  [...text].forEach((character, at) => {
    if (IS_HAN.test(character) || IN_NAMES.test(character) || (/\p{Cc}/u.test(character) && character !== "\0")) return;
    if (/\p{Co}/u.test(character)) refuse("private_character", { character, position: at + 1 });
    const plain = character.normalize("NFKC");
    if (/^\p{N}/u.test(character) || /^\p{Nd}+$/u.test(plain)) refuse("digit", { character, position: at + 1 });
    if (!/^[\p{L}\p{M}]/u.test(character) && !IS_HAN.test([...plain][0]))
      refuse("symbol", { character, position: at + 1 });
  });
  const name = text
    .replace(/[\u2022\u30fb\uff0e\u2027\u22c5\uff65\u2219\u0387\u25cf\u2024]/g, "·")
    .replace(/[\u2010-\u2013\u2212\uff0d]/g, "-")
    .replace(/[\u2019\u2018\u02bc`\u00b4\uff07]/g, "'")
    .replace(DOT_AFTER_HAN, "$1·")
    .replace(DOT_BEFORE_HAN, "·")
    .replace(/ *([·-]) *(?:\1 *)*/g, "$1")
    .replace(/\s+/g, " ")
    .replace(SPACE_IN_HAN, "$1")
    .trim();
  const bare = name.replace(/[\p{Cf}\p{Cc}]/gu, "");
  if (!bare.replace(/[-·' .]/g, "")) refuse(bare ? "edge_separator" : "empty", bare ? { character: bare[0] } : {});
  for (const edge of [name[0], name.at(-1)]) if ("·-".includes(edge)) refuse("edge_separator", { character: edge });
  const odd = BETWEEN_HAN.exec(name);
  if (odd) refuse("symbol", { character: odd[1], position: Math.max(text.indexOf(odd[1]), 0) + 1 });
  if ([...name].length > 100) refuse("too_long", { maximum: 100, actual: [...name].length });
  return name;
};
const newbornName = (text) => {
  const name = personName(text);
  if (MINORITY.test(name)) return;
  [...name].forEach((character, at) => {
    if (character === "·" || /\p{Mn}/u.test(character) || IS_HAN.test(character)) return;
    refuse(/\p{L}/u.test(character) ? "letter" : "symbol", { character, position: at + 1 });
  });
};

const KINDS = {
  resident_id: residentId,
  residence_permit: residencePermit,
  identity_number: (text, today) =>
    (PERMIT_REGIONS.has(tidy(text).slice(0, 6)) ? residencePermit : residentId)(text, today),
  foreign_resident_id: foreignResidentId,
  hong_kong_macao_permit: (text) => shaped(text, /^[HM](\d{8}|\d{10})$/, "H12345678"),
  taiwan_permit: (text) => shaped(text, /^\d{8}$/, "12345678"),
  passport,
  credit_code: creditCode,
  person_name: personName,
  newborn_name: newbornName,
  mobile_phone: mobilePhone,
  phone,
  bank_card: bankCard,
};
export const DOCUMENTS = {
  111: "resident_id",
  154: "residence_permit",
  414: "passport",
  511: "taiwan_permit",
  516: "hong_kong_macao_permit",
  553: "foreign_resident_id",
};

export function check(kind, text, today) {
  try {
    KINDS[kind]?.(text, today);
    return null;
  } catch (refused) {
    if (refused instanceof Refused) return { code: refused.code, params: refused.params };
    throw refused;
  }
}
