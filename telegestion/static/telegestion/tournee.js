/**
 * The acts of a visit. Each is kept first, then the screen changes: with or without network it looks the same.
 * On opening, what still waits on this phone is played again over the page the server drew.
 */
import { envois } from "../terrain/envois.js";
import { avis, dire } from "../terrain/poche.js";

/** @param {ParentNode} ou @param {string} s @returns {HTMLElement[]} */
const tous = (ou, s) => [...ou.querySelectorAll(s)].filter((n) => n instanceof HTMLElement);
/** @param {string} id */
const carteDe = (id) => /** @type {HTMLElement | null} */ (document.querySelector(`[data-visite="${CSS.escape(id)}"]`));
/** @param {string | number} instant */
const heure = (instant) => new Date(instant).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
/** @param {number} minutes */
const duree = (minutes) => minutes < 60 ? `${minutes}\u00a0min` : `${Math.floor(minutes / 60)}\u00a0h${minutes % 60 ? `\u00a0${String(minutes % 60).padStart(2, "0")}` : ""}`;
/** @param {string} depuis @param {number} [a] */
const minutesDepuis = (depuis, a = Date.now()) => Math.max(0, Math.floor((a - Date.parse(depuis)) / 60_000));

/** Shows what belongs to a state of the visit. @param {HTMLElement} carte @param {string} etat */
function montrer(carte, etat) {
  carte.dataset.etat = etat;
  for (const b of tous(carte, "[data-bandeau]")) b.hidden = b.dataset.bandeau !== etat;
  for (const b of tous(carte, "[data-commencer]")) b.hidden = etat === "en_cours" || etat === "faite";
  for (const b of tous(carte, "[data-terminer], [data-partir]")) b.hidden = etat !== "en_cours";
}

/** @param {HTMLElement} carte @param {string} arrivee */
function enCours(carte, arrivee) {
  carte.dataset.arrivee = arrivee;
  for (const t of tous(carte, "[data-arrivee-heure]")) t.textContent = heure(arrivee);
  montrer(carte, "en_cours");
  const jauge = document.querySelector("[data-jauge]"), barre = document.querySelector(".jauge .encours");
  if (jauge instanceof HTMLElement) { barre?.setAttribute("x", jauge.dataset.faites ?? "0"); barre?.setAttribute("width", "1"); }
  compter();
}

/** @param {HTMLElement} carte @param {string} depart */
function faite(carte, depart) {
  if (carte.dataset.etat === "faite") return;
  for (const t of tous(carte, "[data-depart-heure]")) t.textContent = heure(depart);
  montrer(carte, "faite");
  passee(carte);
  const jauge = document.querySelector("[data-jauge]");
  if (jauge instanceof HTMLElement) {
    const n = Number(jauge.dataset.faites) + 1, total = Number(jauge.dataset.total);
    jauge.dataset.faites = String(n);
    jauge.textContent = `${n} visite${n > 1 ? "s faites" : " faite"} sur ${total}`;
    document.querySelector(".jauge .fait")?.setAttribute("width", String(n));
    document.querySelector(".jauge .encours")?.setAttribute("width", "0");
  }
}

/** A visit that is over joins those of the day, as the server will show it. @param {HTMLElement} carte */
function passee(carte) {
  const boite = /** @type {HTMLElement | null} */ (document.querySelector("details.faites")), liste = boite?.querySelector("ol");
  const etape = document.querySelector(`[data-etape="${CSS.escape(carte.dataset.visite ?? "")}"] a`), heureDite = etape?.querySelector("time"), qui = etape?.querySelector("span");
  if (!boite || !liste || !heureDite || !qui) return;
  const ligne = document.createElement("li");
  ligne.append(heureDite.cloneNode(true), qui.cloneNode(true));
  liste.append(ligne);
  const n = liste.children.length;
  for (const m of tous(boite, "[data-faites-mot]")) m.textContent = `${n} visite${n > 1 ? "s faites" : " faite"}`;
  boite.hidden = false;
}

/** The next visit of the page comes forward. @param {HTMLElement} carte */
function suivante(carte) {
  const etapes = tous(document, "[data-etape]");
  if (!etapes.length && !document.querySelector("[data-fin-tournee]")) return;
  carte.hidden = true;
  const restantes = tous(document, "section[data-visite]").filter((c) => c.dataset.etat !== "faite");
  const prochaine = restantes.find((c) => c.dataset.etat !== "manquee") ?? restantes[0];
  if (prochaine) ouvrir(prochaine);
  else for (const f of tous(document, "[data-fin-tournee]")) f.hidden = false;
  const suite = /** @type {HTMLElement | null} */ (document.querySelector("h2.suite"));
  if (suite) suite.hidden = !tous(document, "[data-etape]").some((e) => !e.hidden);
}

/** @param {HTMLElement} carte */
function ouvrir(carte) {
  for (const c of tous(document, "section[data-visite]")) c.hidden = c !== carte;
  for (const e of tous(document, "[data-etape]")) { const c = carteDe(e.dataset.etape ?? ""); e.hidden = c === carte || c?.dataset.etat === "faite"; }
}

/** Minutes since the arrival, on every card that is going on. */
function compter() {
  for (const c of tous(document, "[data-visite][data-arrivee]")) for (const e of tous(c, "[data-ecoule]")) e.textContent = duree(minutesDepuis(c.dataset.arrivee ?? ""));
}

/** Keeps facts; a phone that cannot keep them must say so, for nothing else will. @param {...any} faits */
async function garder(...faits) {
  try { return await envois.ajouter(...faits); } catch (erreur) {
    avis("Ce téléphone n’a pas pu garder votre geste. Libérez de la place ou quittez la navigation privée, puis recommencez.");
    throw erreur;
  }
}

/** @param {HTMLElement} carte */
async function commencer(carte) {
  const [evenement] = await garder({ genre: "badge.debut", donnees: { intervention: carte.dataset.visite, preuve: "declaree" } });
  enCours(carte, evenement.appareil_a);
  dire(`Arrivée badgée à ${heure(evenement.appareil_a)}.`);
}

/** The hour of departure is the one of this tap, not of the end of the writing. @param {HTMLElement} carte */
function terminer(carte) {
  const ecran = document.getElementById(`fin-${carte.dataset.visite}`);
  if (!(ecran instanceof HTMLDialogElement)) return;
  const depart = new Date();
  ecran.dataset.depart = depart.toISOString();
  for (const t of tous(ecran, "[data-depart]")) t.textContent = heure(depart.getTime());
  for (const t of tous(ecran, "[data-sur-place]")) t.textContent = carte.dataset.arrivee ? duree(minutesDepuis(carte.dataset.arrivee)) : "";
  ecran.showModal();
}

/** @param {HTMLFormElement} f */
async function partir(f) {
  const id = f.dataset.fin ?? "", carte = carteDe(id), ecran = /** @type {HTMLDialogElement} */ (f.closest("dialog"));
  const lu = new FormData(f), observation = String(lu.get("observation") ?? "");
  const erreur = tous(f, "[data-erreur]")[0];
  erreur.hidden = Boolean(observation);
  if (!observation) { f.querySelector("input")?.focus(); return; }
  const depart = ecran.dataset.depart ?? new Date().toISOString(), puce = lu.get("puce");
  await garder(
    { genre: "badge.fin", appareil_a: depart, donnees: { intervention: id, preuve: "declaree" } },
    { genre: "transmission", appareil_a: depart, donnees: { intervention: id, usager: carte?.dataset.usager, observation, puces: puce ? [puce] : [], texte: String(lu.get("texte") ?? "").trim(), audience: "equipe" } },
  );
  ecran.close();
  f.reset();
  if (!carte) return;
  faite(carte, depart);
  suivante(carte);
  dire("Visite terminée. Votre passage est gardé sur ce téléphone.");
  scrollTo({ top: 0 });
}

/** @param {HTMLFormElement} f */
async function noter(f) {
  const lu = new FormData(f), texte = String(lu.get("texte") ?? "").trim(), observation = String(lu.get("observation") ?? "");
  const erreur = tous(f, "[data-erreur]")[0];
  erreur.hidden = Boolean(texte || observation);
  if (!texte && !observation) { f.querySelector("textarea")?.focus(); return; }
  await garder({ genre: "transmission", donnees: { intervention: f.dataset.visite, usager: f.dataset.usager, observation, puces: [], texte, audience: String(lu.get("audience") ?? "equipe") } });
  /** @type {HTMLDialogElement} */ (f.closest("dialog")).close();
  f.reset();
  dire("Note enregistrée sur ce téléphone.");
}

/** Plays again what the server does not know yet. */
async function rejouer() {
  for (const { compte, refuse, evenement } of await envois.lire()) {
    if (compte !== envois.compte || refuse) continue;
    const { genre, donnees, appareil_a } = evenement, carte = carteDe(donnees.intervention ?? "");
    if (genre.startsWith("geste.")) {
      const case_ = document.querySelector(`[data-geste="${CSS.escape(donnees.geste ?? "")}"]`);
      if (case_ instanceof HTMLInputElement) case_.checked = genre === "geste.fait";
    } else if (genre === "badge.debut" && carte && carte.dataset.etat !== "faite") enCours(carte, appareil_a);
    else if (genre === "badge.fin" && carte) { faite(carte, appareil_a); if (!carte.hidden) suivante(carte); }
  }
}

document.addEventListener("click", async (e) => {
  if (!(e.target instanceof Element)) return;
  const cible = e.target.closest("[data-commencer], [data-terminer], [data-partir], [data-noter], [data-fermer], [data-etape] a");
  if (!(cible instanceof HTMLElement)) return;
  const carte = /** @type {HTMLElement | null} */ (cible.closest("[data-visite]"));
  if (cible.matches("[data-fermer]")) /** @type {HTMLDialogElement} */ (cible.closest("dialog")).close();
  else if (cible.matches("[data-etape] a")) {
    const choisie = carteDe(/** @type {HTMLElement} */ (cible.closest("[data-etape]")).dataset.etape ?? "");
    if (choisie) { e.preventDefault(); ouvrir(choisie); choisie.scrollIntoView({ block: "start" }); scrollTo({ top: 0 }); }
  } else if (carte && cible.matches("[data-commencer]")) { cible.hidden = true; await commencer(carte).catch(() => { cible.hidden = false; }); }
  else if (carte && cible.matches("[data-terminer]")) { e.preventDefault(); terminer(carte); }
  else if (carte && cible.matches("[data-partir]")) {
    cible.hidden = true;
    const garde = await garder({ genre: "badge.fin", donnees: { intervention: carte.dataset.visite, preuve: "declaree" } }).catch(() => null);
    if (!garde) { cible.hidden = false; return; }
    const [evenement] = garde;
    faite(carte, evenement.appareil_a);
    dire(`Départ badgé à ${heure(evenement.appareil_a)}.`);
  } else if (carte && cible.matches("[data-noter]")) {
    const ecran = document.getElementById("noter"), f = ecran?.querySelector("form");
    if (!(ecran instanceof HTMLDialogElement) || !f) return;
    f.dataset.visite = carte.dataset.visite;
    f.dataset.usager = carte.dataset.usager;
    for (const t of tous(f, "[data-note-qui]")) t.textContent = carte.dataset.nom ?? "";
    ecran.showModal();
  }
});
document.addEventListener("submit", (e) => {
  const f = /** @type {HTMLFormElement} */ (e.target);
  if (f.matches("[data-fin]")) { e.preventDefault(); partir(f).catch(() => {}); }
  else if (f.matches("[data-note]")) { e.preventDefault(); noter(f).catch(() => {}); }
});
document.addEventListener("change", (e) => {
  const c = e.target;
  if (!(c instanceof HTMLInputElement)) return;
  if (c.dataset.geste) garder({ genre: c.checked ? "geste.fait" : "geste.non_fait", donnees: { geste: c.dataset.geste, intervention: /** @type {HTMLElement | null} */ (c.closest("[data-visite]"))?.dataset.visite } }).catch(() => { c.checked = !c.checked; });
  if (c.name === "observation") for (const m of tous(/** @type {HTMLElement} */ (c.closest("form")), "[data-erreur]")) m.hidden = true;
});

setInterval(compter, 30_000);
compter();
await rejouer().catch(() => {});
const demande = document.querySelector("dialog[data-ouvrir]");
const sienne = demande && carteDe(demande.id.replace("fin-", ""));
if (sienne) terminer(sienne);
