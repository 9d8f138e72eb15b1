/** Passkeys (the browser’s own dialog), and the button that shows a password. Everything else works without this file. */

const REFUS = "L’appareil n’a pas répondu ou vous avez annulé. Réessayez, ou choisissez un autre moyen.";

/** @param {HTMLButtonElement} bouton */
async function options(bouton) {
  if (bouton.dataset.options) return JSON.parse(bouton.dataset.options);
  const jeton = bouton.form?.querySelector("[name=csrfmiddlewaretoken]");
  const r = await fetch(bouton.dataset.adresse ?? "", { method: "POST", headers: { "X-CSRFToken": jeton instanceof HTMLInputElement ? jeton.value : "" } });
  if (!r.ok) throw new Error(String(r.status));
  return r.json();
}

/** @param {HTMLButtonElement} bouton */
async function passer(bouton) {
  const creer = bouton.dataset.cle === "creer";
  const brutes = await options(bouton);
  const reponse = creer
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(brutes) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(brutes) });
  const champ = bouton.form?.querySelector("[name=_cle]");
  if (!(champ instanceof HTMLInputElement) || !(reponse instanceof PublicKeyCredential)) throw new Error("reponse");
  champ.value = JSON.stringify(reponse.toJSON());
  bouton.form?.submit();
}

if (typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  for (const bouton of document.querySelectorAll("button[data-cle]")) {
    if (!(bouton instanceof HTMLButtonElement)) continue;
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      const refus = bouton.form?.querySelector("[data-cle-refus]");
      bouton.disabled = true;
      try {
        await passer(bouton);
      } catch {
        bouton.disabled = false;
        if (refus instanceof HTMLElement) { refus.textContent = REFUS; refus.hidden = false; }
      }
    });
  }
}

for (const champ of document.querySelectorAll("input[data-montrer]")) {
  if (!(champ instanceof HTMLInputElement)) continue;
  const bouton = document.createElement("button");
  const cadre = document.createElement("div");
  cadre.className = "mot-visible";
  bouton.type = "button";
  bouton.className = "bouton";
  bouton.textContent = "Afficher";
  bouton.setAttribute("aria-pressed", "false");
  bouton.setAttribute("aria-controls", champ.id);
  champ.replaceWith(cadre);
  cadre.append(champ, bouton);
  bouton.addEventListener("click", () => {
    const montre = champ.type === "password";
    champ.type = montre ? "text" : "password";
    bouton.textContent = montre ? "Masquer" : "Afficher";
    bouton.setAttribute("aria-pressed", String(montre));
  });
}
