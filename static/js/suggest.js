// Suggestions under the search box: a combobox with a listbox. Without this file the form simply searches.
const DELAY = 120;
// The beginning of a number of a person: what is asked for stands in an address, so it is not asked for.
const NUMBER = /[\p{Nd}\p{No}〇零一二三四五六七八九幺](?:[^\p{L}\p{N}]{0,3}[\p{Nd}\p{No}〇零一二三四五六七八九幺]){4}/u;

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[name=q]");
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.querySelector("label").textContent);
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    form.append(this.list, this.status);
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
      // Said in our words rather than in the browser's own.
      this.input.setCustomValidity(this.input.validity.patternMismatch ? this.input.title : "");
      if (!event.isComposing) this.later();
    });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) location.assign(option.dataset.url);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const query = this.input.value.trim();
    const turn = ++this.asked;
    if (!query || NUMBER.test(query) || !this.input.checkValidity()) return this.close();
    try {
      const response = await fetch(`${this.form.dataset.suggest}?${new URLSearchParams({ q: query })}`, {
        headers: { Accept: "application/json" },
      });
      if (!response.ok) return this.close();
      const { suggestions } = await response.json();
      if (turn === this.asked) this.show(suggestions);
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    this.chosen = -1;
    this.list.replaceChildren(
      ...suggestions.map((suggestion, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = suggestion.url;
        option.append(
          this.part("name", suggestion.name),
          this.part("department", suggestion.department),
          this.part(suggestion.kind === "matter" ? "tag i" : "tag n", suggestion.label),
        );
        return option;
      }),
    );
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = suggestions.length
      ? `${suggestions.length} ${this.form.dataset.some}`
      : this.form.dataset.none;
  }

  part(name, text) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    return part;
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
    const options = [...this.list.children];
    this.chosen = (index + options.length + 1) % (options.length + 1);
    if (this.chosen === options.length) this.chosen = -1;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === this.chosen)));
    if (this.chosen < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
    options[this.chosen].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.later();
      else if (event.key === "ArrowDown") this.choose(this.chosen + 1);
      else this.choose(this.chosen < 0 ? this.list.children.length - 1 : this.chosen - 1);
    } else if (event.key === "Enter" && !this.list.hidden && this.chosen >= 0) {
      event.preventDefault();
      location.assign(this.list.children[this.chosen].dataset.url);
    }
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Suggestions(form);
