// The lines above a page that say what is wrong: what is mended goes, and the box with its last line.
export function mended(...ids) {
  for (const box of document.querySelectorAll(".error-summary")) {
    for (const link of box.querySelectorAll("li a[href^='#']"))
      if (ids.includes(decodeURIComponent(link.hash.slice(1)))) link.closest("li").remove();
    settle(box);
  }
}

// What is wrong with a control now; a line that is not there yet is not brought up, one stands beside the control.
export function restate(id, sentence) {
  if (!sentence) mended(id);
  else
    for (const link of document.querySelectorAll(".error-summary li a[href^='#']"))
      if (decodeURIComponent(link.hash.slice(1)) === id) link.textContent = sentence;
}

function settle(box) {
  const left = box.querySelectorAll("li").length;
  if (!left) {
    box.remove();
    document.title = document.title.replace(box.dataset.mark ?? "", "");
    return;
  }
  const heading = box.querySelector("h2");
  const words = left === 1 ? box.dataset.one : box.dataset.many;
  if (words) heading.textContent = words.replace("99", left);
}
