/** The « Déplacer » dialog: what dragging does, with two fields. Opened by `[data-deplacer-bloc="<id>"]` or D on a block. */

/** @param {HTMLElement} frise @param {any} tenir @param {(bloc: Element) => string} qui */
export function deplacement(frise, tenir, qui) {
  const dialogue = /** @type {HTMLDialogElement | null} */ (document.querySelector("#deplacer"));
  if (!dialogue) return;
  const formulaire = /** @type {HTMLFormElement} */ (dialogue.querySelector("form"));
  /** @type {HTMLElement | null} */
  let bloc = null;

  /** @param {HTMLElement} choisi */
  const ouvrir = (choisi) => {
    bloc = choisi;
    formulaire.intervenant.value = tenir.ligneDe(bloc).dataset.intervenant;
    formulaire.debut.value = tenir.heure(tenir.debut(bloc));
    const rappel = dialogue.querySelector("[data-visite]");
    if (rappel) rappel.textContent = `${qui(bloc)}, ${formulaire.debut.value}, ${tenir.nom(tenir.ligneDe(bloc))}`;
    dialogue.returnValue = "";
    dialogue.showModal();
  };

  document.addEventListener("click", (e) => {
    if (!frise.isConnected) return; // replaced by its refresh
    const bouton = e.target instanceof Element && e.target.closest("[data-deplacer-bloc]");
    const cible = bouton && frise.querySelector(`.bloc[data-id="${CSS.escape(bouton.getAttribute("data-deplacer-bloc") ?? "")}"]`);
    if (cible instanceof HTMLElement) ouvrir(cible);
  });
  frise.addEventListener("keydown", (e) => {
    const cible = e.target instanceof Element && e.target.closest(".bloc[data-id]");
    if (cible instanceof HTMLElement && e.key.toLowerCase() === "d" && !tenir.tient() && !e.ctrlKey && !e.metaKey) { e.preventDefault(); e.stopPropagation(); ouvrir(cible); }
  });
  dialogue.addEventListener("close", () => {
    if (dialogue.returnValue !== "oui" || !bloc) return;
    const ligne = tenir.lignes().find((/** @type {HTMLElement} */ l) => l.dataset.intervenant === formulaire.intervenant.value);
    if (!ligne) { tenir.dire("Cette personne est absente ce jour-là."); return; }
    const [h, m] = formulaire.debut.value.split(":").map(Number);
    tenir.aller(bloc, ligne, Math.round((h * 60 + m - 420) / 5) + 1);
  });
}
