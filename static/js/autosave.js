// Saving as one types: what changed goes to the server shortly after, under the revision this window has seen.
const PAUSE = 1200;
const RETRY = [3000, 10000, 30000];

export function cookie(name) {
  return document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

// Why nothing was saved: the session ended, the application is no longer open (and where to go), or it is worth trying again.
function failure(response, outcome) {
  if (response.status === 401) return "expired";
  if (outcome.next) return "gone";
  return outcome.code === "draft_gone" ? "deleted" : "failed";
}

export class Autosave {
  // read(key) gives a value; wrong() names the fields that a sentence stands beside; told(outcome, keys) hears of every answer;
  // status(kind, detail) of every change of state.
  constructor({ url, revision, token, read, wrong, told, status }) {
    Object.assign(this, { url, revision, token, read, wrong, told, status });
    this.dirty = new Set();
    this.held = new Set();
    this.failures = 0;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush({ leaving: true });
      else this.look();
    });
  }

  touch(key, soon = false) {
    this.dirty.add(key);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), soon ? 150 : PAUSE);
  }

  // What is being composed is not read, saved or written over before it is done.
  hold(key) {
    this.held.add(key);
  }

  release(key) {
    this.held.delete(key);
    if (this.dirty.has(key)) this.touch(key);
  }

  isBusy(key) {
    return this.dirty.has(key) || this.held.has(key);
  }

  get headers() {
    return {
      "Content-Type": "application/json",
      "X-CSRFToken": cookie("csrftoken") ?? document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? this.token,
      "X-Requested-With": "XMLHttpRequest",
    };
  }

  async flush({ leaving = false } = {}) {
    clearTimeout(this.timer);
    const keys = [...this.dirty].filter((key) => !this.held.has(key));
    if (!keys.length || this.isStopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    keys.forEach((key) => this.dirty.delete(key));
    this.running = true;
    this.status("saving");
    const body = JSON.stringify({
      revision: this.revision,
      values: Object.fromEntries(keys.map((key) => [key, this.read(key)])),
      wrong: this.wrong().filter((key) => !keys.includes(key)),
    });
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: this.headers,
        body,
        keepalive: leaving,
        credentials: "same-origin",
      });
      const outcome = await response.json().catch(() => ({ code: "unreadable" }));
      if (response.ok) {
        this.failures = 0;
        this.revision = outcome.revision;
        this.told(outcome, keys);
        this.status("saved", outcome);
      } else {
        keys.forEach((key) => this.dirty.add(key));
        this.status(failure(response, outcome), outcome);
        if (response.status >= 500 || outcome.code === "busy") this.retry();
      }
    } catch {
      keys.forEach((key) => this.dirty.add(key));
      this.status("offline");
      this.retry();
    } finally {
      this.running = false;
      if (this.again) {
        this.again = false;
        this.flush();
      }
    }
  }

  // Nothing is saved any more.
  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  retry() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  // Has another window saved something meanwhile?
  async look() {
    if (this.isStopped) return undefined;
    if (this.dirty.size) return this.flush();
    try {
      const response = await fetch(`${this.url}?since=${this.revision}`, {
        headers: this.headers,
        credentials: "same-origin",
      });
      const outcome = await response.json();
      if (!response.ok) this.status(failure(response, outcome), outcome);
      else if (outcome.revision > this.revision && !this.dirty.size) {
        this.revision = outcome.revision;
        this.told(outcome, []);
        this.status("saved", outcome);
      }
    } catch {
      // Offline: the next save will tell.
    }
    return undefined;
  }
}
