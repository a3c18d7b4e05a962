// Hands the server's challenge to the device and its answer to the form. Without a browser that can, the buttons stay away.
(function () {
  "use strict";

  if (!window.PublicKeyCredential) return;

  const decode = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
  };
  const encode = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((item) => ({ ...item, id: decode(item.id) }));

  const make = async ({ publicKey }) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: decode(publicKey.challenge),
        user: { ...publicKey.user, id: decode(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials),
      },
    });
    return answer(made, {
      clientDataJSON: encode(made.response.clientDataJSON),
      attestationObject: encode(made.response.attestationObject),
    });
  };

  const show = async ({ publicKey }) => {
    const shown = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: decode(publicKey.challenge),
        allowCredentials: known(publicKey.allowCredentials),
      },
    });
    const handle = shown.response.userHandle;
    return answer(shown, {
      clientDataJSON: encode(shown.response.clientDataJSON),
      authenticatorData: encode(shown.response.authenticatorData),
      signature: encode(shown.response.signature),
      userHandle: handle ? encode(handle) : null,
    });
  };

  const answer = (credential, response) => ({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });

  // A form says what is to be done (data-passkey: make or show) and where the challenge is: in the page, or at an address.
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const failure = form.querySelector("[data-passkey-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      failure.hidden = true;
      try {
        const options = form.dataset.options
          ? JSON.parse(document.getElementById(form.dataset.options).textContent)
          : await (await fetch(form.dataset.address)).json();
        const exchange = form.dataset.passkey === "make" ? make : show;
        form.elements.credential.value = JSON.stringify(await exchange(options));
      } catch {
        failure.hidden = false;
        return;
      }
      form.submit();
    });
  });
})();
