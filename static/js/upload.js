// Choosing a file uploads it: photos are made smaller first, progress is told. Without this script the button does it.
import "./focus.js";
import { fill } from "./validators.js";

const LONGEST_SIDE = 2600;
const SMALL_ENOUGH = 1.5 * 1024 * 1024;
const words = document.getElementById("script-words").dataset;
const list = document.getElementById("materials-list");
list.classList.add("js-upload");

async function shrink(file) {
  if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    return blob && blob.size < file.size
      ? new File([blob], file.name.replace(/\.[^.]*$/, ".jpg"), { type: "image/jpeg" })
      : file;
  } catch {
    return file; // The server says what is wrong with it.
  }
}

function send(form, data, tell) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", location.pathname);
    request.upload.onprogress = (event) =>
      event.lengthComputable &&
      tell(fill(words.uploading, { percent: Math.round((100 * event.loaded) / event.total) }).replace("%%", "%"));
    request.onload = () => (request.status < 500 && request.status !== 413 ? done(request.responseText) : fail());
    request.onerror = fail;
    request.send(data);
  });
}

// Take over what the server answered: every material as it stands now, and the figures beside.
function show(html, id) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("materials-list");
  if (!fresh) {
    location.reload();
    return;
  }
  for (const part of ["materials-errors", "materials-list", "materials-lead"])
    document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
  document.querySelector(".messages")?.remove();
  const said = page.querySelector(".messages");
  if (said) document.getElementById("materials-errors").before(said);
  document.querySelector(".apply-side")?.replaceWith(page.querySelector(".apply-side"));
  document.getElementById(id)?.focus({ preventScroll: true });
}

list.addEventListener("change", async (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.files.length) return;
  const form = input.form;
  const state = form.querySelector("[data-upload-state]");
  const tell = (text, trouble = false) => {
    state.textContent = text;
    state.classList.toggle("msg", trouble);
  };
  const limit = Number(list.dataset.limit);
  tell(words.shrinking);
  const files = await Promise.all([...input.files].map(shrink));
  const tooLarge = files.find((file) => file.size > limit * 1024 * 1024);
  if (tooLarge) {
    input.value = "";
    tell(fill(words.tooLarge, { name: tooLarge.name, limit }), true);
    return;
  }
  const data = new FormData(form);
  data.delete("files");
  files.forEach((file) => data.append("files", file, file.name));
  try {
    show(await send(form, data, tell), form.dataset.upload);
  } catch {
    tell(words.uploadFailed, true);
  }
});

// Put a file one page up or down, and stay on its button: the list comes back in its new order.
list.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.dataset.move === undefined || !button) return;
  event.preventDefault();
  const data = new FormData(form);
  data.set("move", button.value);
  try {
    show(await send(form, data, () => {}), form.dataset.move);
    const [way, id] = button.value.split(":");
    const there = [way, way === "up" ? "down" : "up"].map((each) => list.querySelector(`button[value="${each}:${id}"]`));
    there.find((each) => each && !each.disabled)?.focus();
  } catch {
    location.reload();
  }
});
