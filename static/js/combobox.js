// A line of text with suggestions below it: a combobox with a listbox. Without scripts the line is simply typed.
const DELAY = 120;

export class Combobox {
  // ask: what is typed → a promise of options, or null; draw: option → what stands in its line; choose: what choosing one does.
  constructor(input, { label, some, none, ask, draw, choose }) {
    Object.assign(this, { input, some, none, ask, draw, take: choose });
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }))
      this.input.setAttribute(name, value);
    this.chosen = -1;
    this.asked = 0;
    this.input.addEventListener("input", (event) => {
      if (!event.isComposing) this.later();
    });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("li");
      if (line) this.choose([...this.list.children].indexOf(line));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), DELAY);
  }

  async look() {
    const query = this.input.value.trim();
    const turn = ++this.asked;
    if (!query) return this.close();
    try {
      const options = await this.ask(query);
      if (turn === this.asked) options ? this.show(options) : this.close();
    } catch {
      this.close();
    }
  }

  show(options) {
    this.chosen = -1;
    this.options = options;
    this.list.replaceChildren(
      ...options.map((option, index) => {
        const line = document.createElement("li");
        line.id = `${this.list.id}-${index}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.append(...this.draw(option));
        return line;
      }),
    );
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = options.length ? `${options.length} ${this.some}` : this.none;
  }

  close() {
    this.asked++;
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const option = this.options[index];
    this.close();
    this.take(option);
  }

  mark(index) {
    const lines = [...this.list.children];
    this.chosen = (index + lines.length + 1) % (lines.length + 1);
    if (this.chosen === lines.length) this.chosen = -1;
    lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === this.chosen)));
    if (this.chosen < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", lines[this.chosen].id);
    lines[this.chosen].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.later();
      else if (event.key === "ArrowDown") this.mark(this.chosen + 1);
      else this.mark(this.chosen < 0 ? this.list.children.length - 1 : this.chosen - 1);
    } else if (event.key === "Enter" && !this.list.hidden && this.chosen >= 0) {
      event.preventDefault();
      this.choose(this.chosen);
    }
  }
}

// A part of an option's line.
export function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

// What an address answers with, null where it refuses.
export async function fetched(address, query) {
  const response = await fetch(`${address}?${new URLSearchParams({ q: query })}`, {
    headers: { Accept: "application/json" },
  });
  return response.ok ? response.json() : null;
}
