/** A review from the keyboard: M, C, R decide and go on; arrows move. Without this script the radios do the same. */

const formulaire = document.querySelector("form[data-revue]");
const lignes = formulaire ? [...formulaire.querySelectorAll("ul.revue > li")] : [];
const TOUCHES = { m: "maintenu", c: "modifie", r: "retire" };

/** @param {Element} ligne */
const viser = (ligne) => {
  const choisie = ligne.querySelector("input[type=radio]:checked") ?? ligne.querySelector("input[type=radio]");
  if (choisie instanceof HTMLElement) { choisie.focus(); ligne.scrollIntoView({ block: "nearest" }); }
};

/** @param {Element} ligne */
const dire = (ligne) => {
  const choisie = ligne.querySelector("input[type=radio]:checked");
  if (choisie instanceof HTMLInputElement) ligne.className = choisie.value;
};

formulaire?.addEventListener("change", (e) => {
  const ligne = e.target instanceof Element ? e.target.closest("li") : null;
  if (ligne) dire(ligne);
});

formulaire?.addEventListener("keydown", (e) => {
  if (!(e instanceof KeyboardEvent) || e.ctrlKey || e.metaKey || e.altKey) return;
  const cible = e.target;
  if (!(cible instanceof HTMLInputElement) || cible.type !== "radio") return;
  const ligne = cible.closest("li"), rang = ligne ? lignes.indexOf(ligne) : -1;
  if (!ligne || rang < 0) return;
  const suivante = lignes[rang + 1], decision = TOUCHES[e.key.toLowerCase()];
  if (decision) {
    const voulue = ligne.querySelector(`input[type=radio][value=${decision}]`);
    if (!(voulue instanceof HTMLInputElement)) return;
    voulue.checked = true;
    dire(ligne);
    const a_remplir = decision === "modifie" ? ligne.querySelector("select") : decision === "retire" ? ligne.querySelector("input[type=text]") : null;
    if (a_remplir instanceof HTMLElement) a_remplir.focus();
    else if (suivante) viser(suivante);
  } else if (e.key === "ArrowDown" && suivante) viser(suivante);
  else if (e.key === "ArrowUp" && rang > 0) viser(lignes[rang - 1]);
  else return;
  e.preventDefault();
  e.stopPropagation();
});
