/** Speaks to everybody at once: a polite live region for screen readers, a toast for the eyes. */

const DELAI_MS = 10_000;

/** Says a sentence in the live region; said again even when it is the same. @param {string} texte */
function dire(texte) {
  const region = document.querySelector("#annonce");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = texte; });
}

/**
 * Shows a toast for ten seconds; the clock stops while it is pointed at or holds the focus.
 * @param {string} texte
 * @param {{ libelle: string, agir: () => void } | null} [action]
 * @param {HTMLElement | null} [deja] a toast the server already wrote
 */
function toast(texte, action = null, deja = null) {
  const boite = deja ?? document.createElement("div");
  if (!deja) {
    boite.className = "toast";
    boite.append(Object.assign(document.createElement("span"), { textContent: texte }));
    document.querySelector("#toasts")?.append(boite);
  }
  const retirer = () => { clearTimeout(minuterie); boite.remove(); };
  const bouton = (libelle, classe, agir) => {
    const b = Object.assign(document.createElement("button"), { type: "button", textContent: libelle, className: classe });
    b.addEventListener("click", () => { retirer(); agir(); });
    boite.append(b);
  };
  if (action) bouton(action.libelle, "", action.agir);
  bouton("Fermer", "fermer", () => {});
  let minuterie = setTimeout(retirer, DELAI_MS);
  const attendre = () => clearTimeout(minuterie);
  const reprendre = () => { attendre(); minuterie = setTimeout(retirer, DELAI_MS); };
  for (const e of ["pointerenter", "focusin"]) boite.addEventListener(e, attendre);
  for (const e of ["pointerleave", "focusout"]) boite.addEventListener(e, reprendre);
  dire(action ? `${texte} Bouton ${action.libelle} disponible pendant dix secondes.` : texte);
}

function sessionPerdue() {
  const ici = encodeURIComponent(location.pathname + location.search);
  toast("Votre session est terminée.", { libelle: "Se reconnecter", agir: () => { location.href = `/connexion?expiree=1&suite=${ici}`; } });
}

/** @param {string} adresse */
async function annuler(adresse) {
  const jeton = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  // Not followed: the page the server leads to would swallow the sentence meant for the reload.
  const reponse = await fetch(adresse, { method: "POST", headers: jeton, redirect: "manual" }).catch(() => null);
  if (reponse?.ok || reponse?.type === "opaqueredirect") location.reload();
  else toast("L’annulation n’a pas abouti.");
}

/** Turns what htmx and the server report into sentences. */
function ecouter() {
  for (const deja of document.querySelectorAll("#toasts .toast")) toast(deja.textContent.trim(), null, deja);
  document.body.addEventListener("annonce", (/** @type {CustomEvent} */ e) => {
    const { texte, annuler: adresse } = e.detail;
    toast(texte, adresse ? { libelle: "Annuler", agir: () => annuler(adresse) } : null);
  });
  document.body.addEventListener("htmx:responseError", (/** @type {CustomEvent} */ e) => {
    const { xhr } = e.detail;
    const claire = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText;
    toast(claire || "L’action n’a pas abouti. Réessayez dans un instant.");
  });
  document.body.addEventListener("htmx:sendError", () => toast("Le serveur est injoignable. Vérifiez votre connexion."));
}

export const annonces = { dire, toast, sessionPerdue, ecouter };
