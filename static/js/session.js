// Before a session ends a page says so; when it has ended, the page keeps what was typed and goes on after a login in another window.
(() => {
  const box = document.getElementById("session-watch");
  if (!box) return;
  const say = box.dataset;
  const text = box.querySelector("[data-text]");
  const stay = box.querySelector("[data-stay]");
  const login = box.querySelector("[data-login]");
  const warn = Number(say.warn);
  let ended = false;
  let timer = 0;

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(seconds, 1) * 1000);
  };

  const show = (words, button) => {
    text.textContent = words;
    stay.hidden = button !== stay;
    login.hidden = button !== login;
    box.hidden = false;
  };

  // Pages of before the new login carry a token that has died with it.
  const renew = (token) => {
    for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  };

  async function ask(method) {
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    const answer = await fetch(say.ask, {
      method,
      credentials: "same-origin",
      headers: method === "POST" && token ? { "X-CSRFToken": token.value } : {},
    });
    return answer.ok ? answer.json() : { left: 0 };
  }

  async function look(method = "GET") {
    let found;
    try {
      found = await ask(method);
    } catch {
      return wait(30); // the network is away, which says nothing about the session
    }
    if (!found.left) {
      ended = true;
      show(say.ended, login);
      return wait(10);
    }
    if (found.who !== say.who) {
      ended = true;
      show(say.other, null);
      return wait(30);
    }
    renew(found.token);
    if (ended) {
      ended = false;
      show(say.again, null);
      return wait(10);
    }
    if (found.left > warn) {
      box.hidden = true;
      return wait(found.left - warn);
    }
    show(say.soon.replace("{n}", Math.max(1, Math.round(found.left / 60))), stay);
    return wait(Math.min(found.left, 30));
  }

  stay.addEventListener("click", () => look("POST"));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !box.hidden) look();
  });
  wait(Number(say.left) - warn);
})();
