/** Pointer and keyboard on a frieze; `tenir` (see planning.js) holds the block and talks to the server. */

const BORD = 48; // px from an edge where the frieze scrolls by itself

/** @param {HTMLElement} frise @param {any} tenir */
export function gestes(frise, tenir) {
  /** @param {EventTarget | null} n @returns {HTMLElement | null} */
  const blocDe = (n) => (n instanceof Element ? n.closest(".bloc[data-id]") : null);
  let glisse = false;

  frise.addEventListener("keydown", (e) => {
    const bloc = blocDe(e.target);
    if (!bloc || e.ctrlKey || e.metaKey || e.altKey) return;
    const tenu = tenir.tient();
    if (!tenu) {
      if (e.key.toLowerCase() !== "m") return;
      e.preventDefault();
      e.stopPropagation();
      tenir.prendre(bloc);
      return;
    }
    const lignes = tenir.lignes(), i = lignes.indexOf(tenir.ligneDe(bloc));
    const pas = { ArrowLeft: [-tenir.PAS, 0], ArrowRight: [tenir.PAS, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (pas) {
      tenir.poser(bloc, lignes[Math.min(lignes.length - 1, Math.max(0, i + pas[1]))], tenir.debut(bloc) + pas[0]);
      bloc.focus();
      bloc.scrollIntoView({ block: "nearest", inline: "nearest" });
      tenir.dire(`${tenir.heure(tenir.debut(bloc))}, ${tenir.nom(tenir.ligneDe(bloc))}`);
    } else if (e.key === "Enter") tenir.valider();
    else if (e.key === "Escape") tenir.annuler();
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  frise.addEventListener("focusout", (e) => { if (!glisse && tenir.tient()?.bloc === e.target && !frise.contains(/** @type {Node | null} */ (e.relatedTarget))) setTimeout(() => { if (document.activeElement !== e.target) tenir.annuler(); }); });

  frise.addEventListener("pointerdown", (e) => {
    const bloc = blocDe(e.target);
    // A finger scrolls; it moves a visit with the « Déplacer » dialog.
    if (!bloc || e.button || e.pointerType === "touch" || tenir.tient()) return;
    const temps = /** @type {HTMLElement} */ (bloc.parentElement), x0 = e.clientX + frise.scrollLeft, y0 = e.clientY, d0 = tenir.debut(bloc), colonne = temps.clientWidth / 168;
    /** @param {PointerEvent} m */
    const bouger = (m) => {
      if (!tenir.tient()) {
        if (Math.hypot(m.clientX + frise.scrollLeft - x0, m.clientY - y0) < 6) return;
        glisse = true;
        tenir.prendre(bloc);
      }
      const cadre = frise.getBoundingClientRect();
      if (m.clientX > cadre.right - BORD) frise.scrollLeft += 12;
      else if (m.clientX < cadre.left + BORD) frise.scrollLeft -= 12;
      if (m.clientY > innerHeight - BORD) scrollBy(0, 12);
      else if (m.clientY < BORD) scrollBy(0, -12);
      const sous = document.elementsFromPoint(m.clientX, m.clientY).map((n) => n.closest(".ligne[data-intervenant]:not(.absent)")).find(Boolean) ?? tenir.ligneDe(bloc);
      tenir.poser(bloc, sous, d0 + Math.round((m.clientX + frise.scrollLeft - x0) / colonne / tenir.PAS) * tenir.PAS);
    };
    /** @param {PointerEvent | KeyboardEvent} m */
    const fin = (m) => {
      if (m instanceof KeyboardEvent && m.key !== "Escape") return;
      removeEventListener("pointermove", bouger);
      for (const nom of ["pointerup", "pointercancel", "keydown"]) removeEventListener(nom, /** @type {EventListener} */ (fin));
      if (tenir.tient()) { if (m.type === "pointerup") tenir.valider(); else tenir.annuler(); }
      setTimeout(() => { glisse = false; });
    };
    addEventListener("pointermove", bouger);
    for (const nom of ["pointerup", "pointercancel", "keydown"]) addEventListener(nom, /** @type {EventListener} */ (fin));
  });
  frise.addEventListener("dragstart", (e) => e.preventDefault());
  // The click that ends a drag opens nothing.
  frise.addEventListener("click", (e) => { if (glisse) { e.preventDefault(); e.stopPropagation(); } }, { capture: true });
}
