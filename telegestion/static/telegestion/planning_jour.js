/** The planning page: filters act at once, the panel of the chosen visit takes the focus, a moved visit is told anew. */

const formulaire = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-choix-direct]"));
formulaire?.addEventListener("change", () => { if (formulaire.checkValidity()) formulaire.requestSubmit(); });
const bouton = formulaire?.querySelector("button");
if (bouton) bouton.hidden = true;

document.body.addEventListener("htmx:afterSwap", (e) => {
  const cible = document.querySelector("#visite");
  if (/** @type {CustomEvent} */ (e).detail.target?.id !== "visite" || !(cible instanceof HTMLElement)) return;
  cible.focus({ preventScroll: true });
  cible.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
});

// The panel shows the visit that has just moved: it is read again.
document.addEventListener("deplacee", (e) => {
  const id = /** @type {CustomEvent} */ (e).detail.id;
  if (document.querySelector(`#visite [data-deplacer-bloc="${CSS.escape(id)}"]`)) Reflect.get(window, "htmx")?.ajax("GET", `/interventions/${id}`, { target: "#visite", swap: "outerHTML" });
});
