// Passkeys: what the browser asks for, put into the form's hidden field and sent. Needs webauthn-json.js and webauthn.js of allauth.mfa.
(() => {
  const button = document.querySelector("[data-passkey]");
  if (!button) return;
  const said = document.getElementById("passkey-said");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    said.textContent = button.dataset.missing;
    said.hidden = false;
    return;
  }
  const ids = { credential: button.dataset.credential, data: "passkey-options" };
  const forms = window.allauth.webauthn.forms;
  if (button.dataset.passkey === "add") forms.addForm({ ids: { ...ids, add: button.id } });
  else forms.authenticateForm({ ids: { ...ids, authenticate: button.id } });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    said.textContent = button.dataset.failed;
    said.hidden = false;
  });
})();
