/**
 * Moves interventions on a frieze, by pointer, by keyboard or by the « Déplacer » dialog: one path, the server decides.
 *
 * Markup: `.frise[data-deplacer="/adresse"] > .ligne[data-intervenant] > .temps > .bloc[data-id]`, columns of 5 minutes
 * (classes dN lN), and the dialog of `_deplacer.html`. POST `id, intervenant, debut (HH:MM), jour (data-jour)`; a 2xx
 * keeps the move, any other puts the block back and says the sentence answered (text, or JSON `detail`).
 */
import { gestes } from "./gestes.js";
import { deplacement } from "./deplacement.js";

const PAS = 3; // 15 minutes
/** @param {Element} bloc @param {string} lettre */
const nombre = (bloc, lettre) => Number([...bloc.classList].find((c) => new RegExp(`^${lettre}\\d+$`).test(c))?.slice(1) ?? 1);
/** @param {number} d */
const heure = (d) => { const m = 420 + (d - 1) * 5; return `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`; };
/** @param {Element} ligne */
const nom = (ligne) => ligne.querySelector("strong")?.textContent ?? "";
/** @param {Element} bloc */
const qui = (bloc) => bloc.querySelector("span")?.textContent?.trim() ?? "";

/**
 * @param {HTMLElement} frise
 * @param {{ dire: (texte: string) => void, toast: (texte: string, action?: { libelle: string, agir: () => void } | null) => void }} annonces
 */
export function planning(frise, { dire, toast }) {
  /** @type {{ bloc: HTMLElement, ligne: HTMLElement, d: number } | null} */
  let tenu = null;
  const lignes = () => /** @type {HTMLElement[]} */ ([...frise.querySelectorAll(".ligne[data-intervenant]:not(.absent)")]);
  const ligneDe = (/** @type {Element} */ bloc) => /** @type {HTMLElement} */ (bloc.closest(".ligne"));

  /** @param {HTMLElement} bloc @param {HTMLElement} ligne @param {number} d */
  const poser = (bloc, ligne, d) => {
    const n = Math.min(169 - nombre(bloc, "l"), Math.max(1, d));
    bloc.classList.replace(`d${nombre(bloc, "d")}`, `d${n}`);
    const temps = /** @type {HTMLElement} */ (ligne.querySelector(".temps"));
    if (bloc.parentElement !== temps) temps.append(bloc);
  };

  /** Asks the server; what it refuses goes back, with its reason. @param {HTMLElement} bloc @param {HTMLElement} avant @param {number} d0 */
  async function envoyer(bloc, avant, d0, annulable = true) {
    const ligne = ligneDe(bloc), d = nombre(bloc, "d");
    if (ligne === avant && d === d0) return;
    const corps = new URLSearchParams({ id: bloc.dataset.id ?? "", intervenant: ligne.dataset.intervenant ?? "", debut: heure(d), jour: frise.dataset.jour ?? "" });
    bloc.classList.add("attend");
    const r = await fetch(frise.dataset.deplacer ?? "", { method: "POST", body: corps, headers: { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), Accept: "application/json", "HX-Request": "true" } }).catch(() => null);
    bloc.classList.remove("attend");
    if (r?.ok && !r.redirected && !r.headers.get("HX-Redirect")) {
      const texte = `${qui(bloc)} : posé à ${heure(d)} chez ${nom(ligne)}.`;
      toast(texte, annulable ? { libelle: "Annuler", agir: () => { poser(bloc, avant, d0); bloc.focus(); envoyer(bloc, ligne, d, false); } } : null);
      frise.dispatchEvent(new CustomEvent("deplacee", { bubbles: true, detail: { id: bloc.dataset.id } }));
      return;
    }
    poser(bloc, avant, d0);
    toast(await motif(r));
  }

  const tenir = {
    PAS, lignes, heure, nom,
    debut: (/** @type {Element} */ bloc) => nombre(bloc, "d"),
    tient: () => tenu,
    ligneDe, poser, dire,
    prendre(/** @type {HTMLElement} */ bloc) {
      tenu = { bloc, ligne: ligneDe(bloc), d: nombre(bloc, "d") };
      bloc.classList.add("tenu");
      dire(`${qui(bloc)} saisi. Flèches pour déplacer, Entrée pour poser, Échap pour annuler.`);
    },
    annuler() { if (tenu) { const { bloc, ligne, d } = tenu; poser(bloc, ligne, d); bloc.classList.remove("tenu"); tenu = null; dire("Déplacement annulé."); } },
    valider() { if (tenu) { const { bloc, ligne, d } = tenu; bloc.classList.remove("tenu"); tenu = null; envoyer(bloc, ligne, d); } },
    aller(/** @type {HTMLElement} */ bloc, /** @type {HTMLElement} */ ligne, /** @type {number} */ d) { const avant = ligneDe(bloc), d0 = nombre(bloc, "d"); poser(bloc, ligne, d); bloc.focus(); envoyer(bloc, avant, d0); },
  };
  gestes(frise, tenir);
  deplacement(frise, tenir, qui);
  frise.dataset.prete = "oui";
}

/** The server's own sentence. @param {Response | null} r */
async function motif(r) {
  if (!r) return "Le serveur est injoignable : la visite a repris sa place.";
  if (r.redirected || r.headers.get("HX-Redirect")) return "Votre session est terminée : la visite a repris sa place.";
  const texte = await r.text();
  if (!r.headers.get("Content-Type")?.includes("json")) return r.headers.get("Content-Type")?.startsWith("text/plain") && texte ? texte : "Le déplacement a échoué : la visite a repris sa place.";
  const { detail } = JSON.parse(texte);
  return `Refusé : ${detail ?? "une règle l’interdit."}`;
}
