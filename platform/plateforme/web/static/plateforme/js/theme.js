/** Changes clair/sombre/auto at once; the account remembers it, so the next page comes in the right colours. */

/** @param {(texte: string) => void} dire */
export function theme(dire) {
  for (const f of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-theme-choix]"))) {
    f.addEventListener("submit", async (e) => {
      e.preventDefault();
      const bouton = /** @type {HTMLButtonElement} */ (e.submitter);
      const r = await fetch(f.action, { method: "POST", body: new FormData(f, bouton), headers: { "X-Requested-With": "fetch" } }).catch(() => null);
      if (!r?.ok) { dire("L’apparence n’a pas pu être enregistrée."); return; }
      document.documentElement.dataset.theme = bouton.value;
      for (const b of document.querySelectorAll("form[data-theme-choix] button")) b.setAttribute("aria-pressed", String(/** @type {HTMLButtonElement} */ (b).value === bouton.value));
      dire(`Apparence ${bouton.textContent?.trim().toLowerCase()}.`);
    });
  }
}
