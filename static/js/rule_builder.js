/* Rules as rows: reads what the server made of a rule (data-shape), writes the rule into its text box. The same rules as
   catalog/rules/rows.py writes. Without this script, or for a rule that rows cannot show, the text box itself is edited. */
(() => {
  "use strict";

  const COMPARING = { is: "==", is_not: "!=", more: ">", at_least: ">=", less: "<", at_most: "<=" };
  const VERBS = {
    choice: ["is", "is_not", "one_of", "none_of", "filled", "empty"],
    several: ["has", "has_not", "filled", "empty"],
    number: ["is", "is_not", "more", "at_least", "less", "at_most", "filled", "empty"],
    date: ["is", "more", "at_least", "less", "at_most", "filled", "empty"],
    flag: ["is", "filled", "empty"],
    text: ["is", "is_not", "has", "has_not", "filled", "empty"],
  };
  const ORDER = [
    "is",
    "is_not",
    "one_of",
    "none_of",
    "has",
    "has_not",
    "more",
    "at_least",
    "less",
    "at_most",
    "filled",
    "empty",
  ];
  let words = {};
  let subjects = new Map();
  let counter = 0;

  function factRule(fact, measure, until) {
    const variable = { var: fact };
    if (measure === "count") return { count: variable };
    if (measure === "years") return { years_between: [variable, { var: until }] };
    if (measure === "days") return { days_between: [variable, { var: until }] };
    return variable;
  }

  function rowRule(row) {
    const fact = factRule(row.fact, row.measure, row.until);
    if (row.verb === "filled") return { "!!": fact };
    if (row.verb === "empty") return { "!": fact };
    const value = row.other ? { var: row.other } : row.value;
    if (row.verb in COMPARING) return { [COMPARING[row.verb]]: [fact, value] };
    if (row.verb === "one_of" || row.verb === "none_of") {
      const chosen = { in: [fact, Array.isArray(value) ? value : [value]] };
      return row.verb === "one_of" ? chosen : { "!": chosen };
    }
    const has = { in: [value, fact] };
    return row.verb === "has" ? has : { "!": has };
  }

  function joined(join, rules, negated) {
    const whole = rules.length === 1 ? rules[0] : { [join]: rules };
    return negated ? { "!": whole } : whole;
  }

  function ruleOf(condition) {
    const entries = condition.entries.filter((entry) => !entry.rows || entry.rows.length);
    const rules = entries.map((entry) =>
      entry.rows ? joined(entry.join, entry.rows.map(rowRule), entry.negated) : rowRule(entry),
    );
    return rules.length ? joined(condition.join, rules, condition.negated) : null;
  }

  function countRuleOf(state) {
    const amount = (given) => (given !== null && typeof given === "object" ? { var: given.fact } : given);
    if (!state.cases.length) return amount(state.otherwise);
    return {
      if: [...state.cases.flatMap((each) => [rowRule(each.when), amount(each.amount)]), amount(state.otherwise)],
    };
  }

  const needsValue = (row) => row.verb !== "filled" && row.verb !== "empty";

  function isComplete(row) {
    if (!row.fact || !row.verb || ((row.measure === "years" || row.measure === "days") && !row.until)) return false;
    if (!needsValue(row) || row.other) return true;
    return Array.isArray(row.value)
      ? row.value.length > 0
      : row.value !== null && row.value !== "" && row.value !== undefined;
  }

  function kindOf(row) {
    if (row.measure) return "number";
    return subjects.has(row.fact) ? subjects.get(row.fact).kind : "text";
  }

  /* Words */

  const label = (name) => (subjects.has(name) ? subjects.get(name).label : name);

  function valueLabel(row, value) {
    if (typeof value === "boolean") return value ? words.yes : words.no;
    const known = subjects.has(row.fact) && !row.measure ? subjects.get(row.fact).options : [];
    const option = known.find((each) => each[0] === String(value));
    return option ? option[1] : String(value);
  }

  function sayRow(row) {
    if (!isComplete(row)) return words.incomplete;
    const measures = { count: words.count, years: words.years, days: words.days };
    const until = row.until ? `“${label(row.until)}”` : "";
    const fact = `“${label(row.fact)}”${row.measure ? measures[row.measure].replace("…", until) : ""}`;
    if (!needsValue(row)) return fact + words[row.verb];
    const values = row.other
      ? [label(row.other)]
      : (Array.isArray(row.value) ? row.value : [row.value]).map((value) => valueLabel(row, value));
    return `${fact}${words[row.verb]}${values.map((value) => `“${value}”`).join("、")}`;
  }

  function sayCondition(condition) {
    const say = (list, join) => list.join(join === "and" ? words.and : words.or);
    const parts = condition.entries.map((entry) => {
      if (!entry.rows) return sayRow(entry);
      return `${entry.negated ? words.notGroup : ""}（${say(entry.rows.map(sayRow), entry.join)}）`;
    });
    if (!parts.length) return words.incomplete;
    const whole = say(parts, condition.join);
    return condition.negated ? `${words.notGroup}（${whole}）` : whole;
  }

  function sayCount(state) {
    const amount = (given) => (given !== null && typeof given === "object" ? `“${label(given.fact)}”` : String(given));
    return [...state.cases.map((each) => `${sayRow(each.when)}：${amount(each.amount)}`), amount(state.otherwise)].join(
      "；",
    );
  }

  /* Elements */

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") for (const [event, handler] of Object.entries(value)) made.addEventListener(event, handler);
      else if (key === "ariaLabel") made.setAttribute("aria-label", value);
      else if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function select(title, choices, chosen, change) {
    const made = element("select", { ariaLabel: title, on: { change: () => change(made.value) } });
    let isThere = false;
    for (const choice of choices) {
      if (choice.options) {
        const group = element("optgroup", { label: choice.label });
        for (const [value, text] of choice.options) {
          isThere = isThere || value === chosen;
          group.append(new Option(text, value, false, value === chosen));
        }
        made.append(group);
      } else {
        isThere = isThere || choice[0] === chosen;
        made.append(new Option(choice[1], choice[0], false, choice[0] === chosen));
      }
    }
    if (!isThere && chosen) made.append(new Option(chosen, chosen, false, true));
    return made;
  }

  function button(text, title, act, name = "") {
    return element("button", {
      type: "button",
      className: `small-button ${name}`,
      ariaLabel: title,
      textContent: text,
      on: { click: act },
    });
  }

  function factChoices(first, accepts = () => true) {
    const groups = new Map();
    for (const subject of subjects.values()) {
      if (!accepts(subject)) continue;
      if (!groups.has(subject.group)) groups.set(subject.group, []);
      groups.get(subject.group).push([subject.name, subject.label]);
    }
    return [["", first], ...[...groups].map(([title, options]) => ({ label: title, options }))];
  }

  const freshRow = () => ({ fact: "", measure: "", until: "", verb: "", value: null, other: "" });

  function rowElement(row, redraw, remove) {
    const parts = [];
    parts.push(
      select(words.fact, factChoices(words.choose), row.fact, (name) => {
        Object.assign(row, freshRow(), { fact: name });
        row.verb = VERBS[kindOf(row)][0];
        if (row.verb === "one_of") row.value = [];
        redraw(true);
      }),
    );
    const kind = subjects.has(row.fact) ? subjects.get(row.fact).kind : "text";
    const measures = {
      date: [
        ["", words.itself],
        ["years", words.years],
        ["days", words.days],
      ],
      several: [
        ["", words.itself],
        ["count", words.count],
      ],
    }[kind];
    if (measures) {
      parts.push(
        select(words.measure, measures, row.measure, (measure) => {
          Object.assign(row, {
            measure,
            until: measure === "years" || measure === "days" ? "today" : "",
            value: null,
            other: "",
          });
          row.verb = VERBS[kindOf(row)][0];
          redraw(true);
        }),
      );
      if (row.measure === "years" || row.measure === "days") {
        parts.push(
          select(
            words.until,
            factChoices(words.choose, (each) => each.kind === "date"),
            row.until,
            (name) => {
              row.until = name;
              redraw(true);
            },
          ),
        );
      }
    }
    if (row.fact) {
      const offered = VERBS[kindOf(row)];
      const verbs = ORDER.filter((verb) => offered.includes(verb) || verb === row.verb).map((verb) => [
        verb,
        words[verb],
      ]);
      parts.push(
        select(words.verb, verbs, row.verb, (verb) => {
          const wasList = Array.isArray(row.value);
          const isList = verb === "one_of" || verb === "none_of";
          row.verb = verb;
          if (isList && !wasList) row.value = row.value === null || row.value === "" ? [] : [row.value];
          if (!isList && wasList) row.value = row.value.length ? row.value[0] : null;
          if (isList || !needsValue(row)) row.other = "";
          redraw(true);
        }),
      );
      if (needsValue(row)) parts.push(...valueElements(row, redraw));
    }
    const line = element(
      "div",
      { className: `rule-row${isComplete(row) ? "" : " incomplete"}` },
      ...parts,
      button("×", words.remove, remove, "quiet"),
    );
    return line;
  }

  function valueElements(row, redraw) {
    const kind = kindOf(row);
    const options = !row.measure && subjects.has(row.fact) ? subjects.get(row.fact).options : [];
    const others = [...subjects.values()].filter(
      (each) => each.name !== row.fact && (each.name.includes(":") || each.name === "today"),
    );
    const canCompare = row.verb in COMPARING && (others.length > 1 || row.other);
    const compared = canCompare
      ? [{ label: words.otherField, options: others.map((each) => [`var:${each.name}`, each.label]) }]
      : [];
    if (row.verb === "one_of" || row.verb === "none_of") {
      const values = Array.isArray(row.value) ? row.value : [];
      const known = options.length ? options : values.map((value) => [String(value), String(value)]);
      const boxes = known.map(([value, text]) => {
        const box = element("input", {
          type: "checkbox",
          checked: values.some((each) => String(each) === value),
          on: {
            change: () => {
              // What is chosen now: the boxes stay on the page while others are ticked.
              const left = (Array.isArray(row.value) ? row.value : []).filter((each) => String(each) !== value);
              row.value = box.checked
                ? known
                    .map((each) => each[0])
                    .filter((each) => each === value || left.some((other) => String(other) === each))
                : left;
              redraw(false);
            },
          },
        });
        return element("label", {}, box, ` ${text}`);
      });
      return [element("span", { className: "rule-boxes", role: "group", ariaLabel: words.value }, ...boxes)];
    }
    const pick = (value) => {
      row.other = value.startsWith("var:") ? value.slice(4) : "";
      row.value = row.other || value === "" ? null : value;
    };
    if ((options.length || kind === "flag") && !row.measure) {
      const choices =
        kind === "flag"
          ? [
              ["true", words.yes],
              ["false", words.no],
            ]
          : options;
      const chosen = row.other ? `var:${row.other}` : row.value === null ? "" : String(row.value);
      return [
        select(words.value, [["", words.choose], ...choices, ...compared], chosen, (value) => {
          pick(value);
          if (kind === "flag" && row.value !== null) row.value = value === "true";
          redraw(false);
        }),
      ];
    }
    const parts = [];
    if (canCompare) {
      parts.push(
        select(
          words.otherField,
          [["", words.value], ...compared[0].options],
          row.other ? `var:${row.other}` : "",
          (value) => {
            pick(value);
            redraw(true);
          },
        ),
      );
    }
    if (!row.other) {
      const box = element("input", {
        type: kind === "date" && !row.measure ? "date" : "text",
        inputMode: kind === "number" ? "decimal" : "text",
        value: row.value === null ? "" : String(row.value),
        ariaLabel: words.value,
        on: {
          input: () => {
            const text = box.value.trim();
            const isNumber = kind === "number" && /^-?\d{1,15}(\.\d{1,4})?$/.test(text);
            row.value = text === "" ? null : isNumber ? Number(text) : text;
            redraw(false);
          },
        },
      });
      parts.push(box);
    }
    return parts;
  }

  function listElement(list, rows, redraw, title) {
    const head = element(
      "div",
      { className: "rule-join" },
      select(
        title,
        [
          ["and", words.all],
          ["or", words.any],
        ],
        list.join,
        (join) => {
          list.join = join;
          redraw(false);
        },
      ),
      element(
        "label",
        {},
        element("input", {
          type: "checkbox",
          checked: list.negated,
          on: {
            change: (event) => {
              list.negated = event.target.checked;
              redraw(false);
            },
          },
        }),
        ` ${words.not}`,
      ),
    );
    return element("div", { className: "rule-list" }, head, ...rows);
  }

  function conditionElement(condition, redraw) {
    const rows = condition.entries.map((entry, at) => {
      const remove = () => {
        condition.entries.splice(at, 1);
        redraw(true);
      };
      if (!entry.rows) return rowElement(entry, redraw, remove);
      const inner = entry.rows.map((row, place) =>
        rowElement(row, redraw, () => {
          entry.rows.splice(place, 1);
          if (!entry.rows.length) remove();
          else redraw(true);
        }),
      );
      const group = listElement(entry, inner, redraw, words.match);
      group.append(
        element(
          "div",
          { className: "rule-more" },
          button(`＋ ${words.add}`, words.add, () => {
            entry.rows.push(freshRow());
            redraw(true);
          }),
        ),
      );
      group.classList.add("rule-group");
      return group;
    });
    const whole = listElement(condition, rows, redraw, words.match);
    whole.append(
      element(
        "div",
        { className: "rule-more" },
        button(`＋ ${words.add}`, words.add, () => {
          condition.entries.push(freshRow());
          redraw(true);
        }),
        button(`＋ ${words.addGroup}`, words.addGroup, () => {
          condition.entries.push({ join: condition.join === "and" ? "or" : "and", negated: false, rows: [freshRow()] });
          redraw(true);
        }),
      ),
    );
    return whole;
  }

  function amountElement(title, given, change) {
    const numbers = [...subjects.values()].filter((each) => each.kind === "number");
    const byFact = given !== null && typeof given === "object";
    const parts = [];
    if (numbers.length || byFact) {
      parts.push(
        select(
          title,
          [["", words.value], ...numbers.map((each) => [each.name, each.label])],
          byFact ? given.fact : "",
          (name) => change(name ? { fact: name } : 1, true),
        ),
      );
    }
    if (!byFact) {
      const box = element("input", {
        type: "number",
        min: "0",
        max: "50",
        value: String(given),
        ariaLabel: title,
        on: {
          input: () => {
            if (/^\d{1,3}$/.test(box.value)) change(Number(box.value), false);
          },
        },
      });
      parts.push(box);
    }
    return parts;
  }

  function countElement(state, redraw) {
    const cases = state.cases.map((each, at) => {
      const row = rowElement(each.when, redraw, () => {
        state.cases.splice(at, 1);
        redraw(true);
      });
      row.append(
        element("span", { textContent: words.then }),
        ...amountElement(words.then, each.amount, (amount, again) => {
          each.amount = amount;
          redraw(again);
        }),
      );
      return row;
    });
    return element(
      "div",
      { className: "rule-list" },
      ...cases,
      element(
        "div",
        { className: "rule-row" },
        element("span", { textContent: words.otherwise }),
        ...amountElement(words.otherwise, state.otherwise, (amount, again) => {
          state.otherwise = amount;
          redraw(again);
        }),
      ),
      element(
        "div",
        { className: "rule-more" },
        button(`＋ ${words.addCase}`, words.addCase, () => {
          state.cases.push({ when: freshRow(), amount: 1 });
          redraw(true);
        }),
      ),
    );
  }

  /* One widget */

  function build(holder) {
    if (holder.dataset.built) return;
    holder.dataset.built = "yes";
    const kind = holder.dataset.rule;
    const text = holder.querySelector("textarea");
    const source = holder.querySelector("[data-source]");
    const sentence = holder.querySelector("[data-sentence]");
    const raw = element("details", { className: "rule-raw" }, element("summary", { textContent: words.json }));
    source.before(raw);
    raw.append(source);
    text.setAttribute("aria-label", words.json);
    if (holder.dataset.shown === "no") {
      raw.open = true;
      raw.before(element("p", { className: "help", textContent: words.cannot }));
      return;
    }
    const shape = JSON.parse(holder.dataset.shape);
    const isCondition = shape !== null && typeof shape === "object" && "entries" in shape;
    let condition = isCondition ? shape : { join: "and", negated: false, entries: [freshRow()] };
    const cases = shape !== null && typeof shape === "object" && "cases" in shape ? shape : { cases: [], otherwise: 1 };
    let mode =
      kind === "count"
        ? shape === null
          ? "one"
          : "number"
        : shape === null
          ? ""
          : isCondition
            ? "when"
            : String(shape);
    if (kind === "rule") mode = "when";
    const place = element("div", { className: "rule-builder", role: "group", id: `rule-${(counter += 1)}` });
    raw.before(place);
    const modes = {
      condition: [
        ["", words.always],
        ["when", words.when],
      ],
      flag: [
        ["", words.never],
        ["true", words.always],
        ["when", words.when],
      ],
      count: [
        ["one", words.one],
        ["number", words.number],
      ],
      rule: [["when", words.when]],
    }[kind].slice();
    if (mode === "true" && kind === "condition") modes.push(["true", words.always]);
    if (mode === "false") modes.push(["false", words.never]);

    /* What the choice itself says needs no sentence, and no text to be edited. */
    function quiet() {
      const says = mode !== "when" && mode !== "number" && modes.length > 1;
      sentence.hidden = says;
      raw.hidden = says;
    }

    function write() {
      let rule = null;
      if (mode === "true" || mode === "false") rule = mode === "true";
      else if (mode === "when") {
        const complete = {
          ...condition,
          entries: condition.entries
            .map((entry) => (entry.rows ? { ...entry, rows: entry.rows.filter(isComplete) } : entry))
            .filter((entry) => (entry.rows ? entry.rows.length : isComplete(entry))),
        };
        rule = ruleOf(complete);
      } else if (mode === "number")
        rule = countRuleOf({ ...cases, cases: cases.cases.filter((each) => isComplete(each.when)) });
      const written = rule === null ? "" : JSON.stringify(rule);
      const changed = text.value !== written;
      text.value = written;
      quiet();
      if (mode === "when") sentence.textContent = sayCondition(condition);
      else if (mode === "number") sentence.textContent = sayCount(cases);
      else sentence.textContent = modes.find((each) => each[0] === mode)[1];
      if (changed) text.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function draw() {
      const focused = place.contains(document.activeElement)
        ? [...place.querySelectorAll("select, input, button")].indexOf(document.activeElement)
        : -1;
      place.replaceChildren();
      if (modes.length > 1) {
        place.append(
          element(
            "div",
            { className: "rule-mode" },
            select(words.condition, modes, mode, (value) => {
              mode = value;
              draw();
              write();
            }),
          ),
        );
      }
      const redraw = (again) => {
        if (again) draw();
        write();
      };
      if (mode === "when") place.append(conditionElement(condition, redraw));
      if (mode === "number") place.append(countElement(cases, redraw));
      if (focused >= 0) {
        const controls = [...place.querySelectorAll("select, input, button")];
        (controls[Math.min(focused, controls.length - 1)] || place).focus();
      }
    }

    text.addEventListener("change", () => {
      place.hidden = text.value.trim() !== "";
    });
    holder.isIncomplete = () =>
      mode === "when"
        ? condition.entries.some((entry) => (entry.rows ? !entry.rows.every(isComplete) : !isComplete(entry))) ||
          !condition.entries.length
        : mode === "number" && cases.cases.some((each) => !isComplete(each.when));
    draw();
    quiet();
  }

  function start() {
    const said = document.getElementById("compose-words");
    if (!said) return;
    words = said.dataset;
    const vocabulary = document.getElementById("rule-vocabulary");
    subjects = new Map(JSON.parse(vocabulary ? vocabulary.textContent : "[]").map((each) => [each.name, each]));
    for (const holder of document.querySelectorAll("[data-rule]")) build(holder);
    document.addEventListener("compose:added", (event) => {
      for (const holder of event.target.querySelectorAll("[data-rule]")) build(holder);
    });
    const form = document.querySelector(".compose")?.closest("form");
    form?.addEventListener("submit", (event) => {
      const holder = [...form.querySelectorAll("[data-rule]")].find(
        (each) => each.isIncomplete && each.isIncomplete() && !each.closest("[data-removed]"),
      );
      if (!holder) return;
      event.preventDefault();
      for (let around = holder; around; around = around.parentElement)
        if (around.tagName === "DETAILS") around.open = true;
      holder.classList.add("shout");
      (holder.querySelector(".incomplete select, .incomplete input") || holder).focus();
      holder.scrollIntoView({ block: "center" });
    });
  }

  window.yijianRules = { ruleOf, countRuleOf };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
