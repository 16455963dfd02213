// While departments are being asked, look now and then whether they have answered; the page is loaded anew once they have.
const asking = document.querySelector("[data-asking]");
const PAUSES = [400, 700, 1000, 1500, 2000, 3000, 4000, 5000, 8000];
// Whoever has gone on meanwhile is not taken back: an answer that came in that moment cancelled the step to the next page.
let leaves = false;
addEventListener("beforeunload", () => {
  leaves = true;
});

async function look(turn) {
  if (turn >= PAUSES.length) return;
  await new Promise((done) => setTimeout(done, PAUSES[turn]));
  try {
    const page = await (await fetch(location.pathname, { headers: { "X-Requested-With": "XMLHttpRequest" } })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html");
    if (leaves) return;
    if (fresh.getElementById("inquiries") && !fresh.querySelector("[data-asking]")) {
      location.replace(`${location.pathname}#inquiries`);
      location.reload();
      return;
    }
  } catch {
    // Away for a moment: look again later.
  }
  look(turn + 1);
}

if (asking) look(0);
