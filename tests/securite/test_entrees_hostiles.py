"""Every route and operation, fed with what nobody should send: never a crash, never raw HTML, never English."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client

from config.api import api_structure
from plateforme.core.clock import today
from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.registre import action
from plateforme.identity.models import Role
from plateforme.reseau.models import RoleReseau
from plateforme.tenancy.courant import lier
from tests.securite.routes import Operation, Route, operations, routes
from tests.securite.scenes import INCONNU, Scene, dresser, objet_du_chemin, remplir
from tests.support.monde import Monde, client_de

MARQUE = "<i id=xss>"
GABARIT = "{{ 40|add:2 }}%}{% now 'Y' %}<c-vide />"
LONG = "à" * 10_240
TEXTES = (
    "", " ", "\x00", "a\x00b", MARQUE, '"><i id=xss>', GABARIT, "'; DROP TABLE dossier_usager; --", "%", "_\\", "\u202eexe.txt",
    "👩🏽‍🦽🏳️‍🌈", "é" * 300, LONG, "\r\nSet-Cookie: a=b", "../../etc/passwd", "${7*7}", "\ufeff\u200b", "٣٤", "None",
)  # fmt: skip
NOMBRES = ("0", "-1", "1e9", "NaN", "Infinity", "9" * 25, str(2**31), str(2**63), "1.5", "²")
DATES = (
    "0001-01-01", "9999-12-31", "1899-12-31", "2101-01-01", "2026-02-30", "20261231", "2026-W01-1", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "24:00", "23:59:60", "02:30+23:59", "1e400",
)  # fmt: skip
IDENTIFIANTS = (
    "pas-un-uuid",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{}",
    "[]",
)
PAGES = ("-1", "0", "999999999", "abc", "9" * 25, "last", "1.0")
HOSTILES = (*TEXTES, *NOMBRES, *DATES, *IDENTIFIANTS)
# The ones that broke something one day, somewhere: each field of each form takes each of them.
MORDANTES = (
    "", "\x00", MARQUE, LONG, "👩🏽‍🦽", "\u202eexe", "²", "-1", "NaN", "9" * 25, str(2**63), "0001-01-01", "9999-12-31", "23:59:60",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
)  # fmt: skip

# What addresses read, with the values that look like what is expected. A page that reads another one adds it here.
DEMANDES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("jour", "avant", "vu"), DATES),
    **dict.fromkeys(("page", "taille"), (*PAGES, *NOMBRES)),
    **dict.fromkeys(("secteur", "visite", "usager", "intervenant", "grappe", "apres"), IDENTIFIANTS),
    **dict.fromkeys(
        ("q", "statut", "par", "famille", "panneau", "filtre", "etat", "suite", "next", "expiree", "action"),
        TEXTES,
    ),
}
ANGLAIS = re.compile(
    r"\b(?:This field|Enter a|Enter the|Select a valid|is not (?:a )?valid|Ensure (?:this|that)|Field required|Input should|Not Found|"
    r"Bad Request|Server Error|should be|Traceback|DoesNotExist|Cannot parse|Unprocessable|Method Not Allowed|Forbidden|"
    r"Extra inputs|Invalid|Expecting|String should|must be|Too Large|too large|already exists|The submitted file|No file was)\b"
)
PERSONNES = {
    Role.DIRECTION: "direction", Role.RESPONSABLE: "alice", Role.IDEC: "idec", Role.SECRETARIAT: "accueil", Role.INTERVENANT: "awa",
    Role.DPD: "delphine",
}  # fmt: skip

ROUTES = [r for r in routes() if r.chemin not in ("livez", "readyz", "metrics")]
OPERATIONS = operations()


@pytest.fixture
def scene(monde: Monde) -> Scene:
    return dresser(monde.a)


def _marquer(scene: Scene) -> None:
    """Every text of the structure becomes hostile: names, notes, addresses, people."""
    colonnes = {
        "dossier_secteur": ("nom",), "dossier_vigilance": ("libelle",), "dossier_proche": ("nom_complet", "lien", "telephone"),
        "dossier_usager": ("nom_naissance", "prenoms", "nom_usage", "adresse", "commune", "medecin", "telephone", "acces_logement"),
        "telegestion_intervenant": ("nom", "prenom", "telephone"), "telegestion_intervention": ("consigne", "annulee_motif"),
        "telegestion_geste": ("libelle",), "liaison_transmission": ("texte",), "notifications_notification": ("titre", "detail"), "identity_compte": ("prenom", "nom"),
    }  # fmt: skip
    with lier(scene.contexte), connections["default"].cursor() as curseur:
        for table, noms in colonnes.items():
            for nom in noms:
                curseur.execute(
                    "SELECT character_maximum_length FROM information_schema.columns"
                    " WHERE table_schema = current_schema() AND table_name = %s AND column_name = %s",
                    [table, nom],
                )
                trouve = curseur.fetchone()
                assert trouve, (table, nom)
                curseur.execute(
                    f"UPDATE {table} SET {nom} = left(%s, %s)", [f"{MARQUE}{GABARIT}", trouve[0] or 500]
                )


@contextmanager
def essai() -> Iterator[None]:
    """Whatever the request wrote is undone, whatever state it left the transaction in."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def corps(reponse: Any) -> str:
    brut = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return str(brut.decode(errors="replace"))


def juger(reponse: Any, quoi: str) -> list[str]:
    """What is wrong with this answer, in one line each."""
    fautes, texte = [], corps(reponse)
    if reponse.status_code >= 500:
        cause = reponse.exc_info[1] if getattr(reponse, "exc_info", None) else ""
        fautes.append(f"{reponse.status_code} {quoi} {type(cause).__name__} {str(cause)[:160]}")
    if reponse.headers.get("Content-Type", "").startswith("text/html"):
        if MARQUE in texte:
            fautes.append(f"HTML brut {quoi}")
        if "42%}" in texte:
            fautes.append(f"gabarit exécuté {quoi}")
    if "\r" in reponse.headers.get("Location", "") or reponse.cookies.get("a"):
        fautes.append(f"en-tête injecté {quoi}")
    if trouve := ANGLAIS.search(re.sub(r"<script.*?</script>", "", texte, flags=re.DOTALL)):
        fautes.append(f"anglais {quoi} « {texte[max(0, trouve.start() - 40) : trouve.end() + 40]} »")
    suite = reponse.headers.get("Location", "")
    if suite.startswith("//") or "evil" in suite.split("?")[0]:
        fautes.append(f"renvoi ailleurs {quoi} {suite}")
    return fautes


@pytest.mark.parametrize(
    ("reponse", "faute"),
    [
        (HttpResponse(status=500), "500"),
        (HttpResponse(f"<p>{MARQUE}</p>"), "HTML brut"),
        (HttpResponse("42%}"), "gabarit exécuté"),
        (HttpResponse("This field is required."), "anglais"),
        (HttpResponse(status=302, headers={"Location": "//evil.example/"}), "renvoi ailleurs"),
    ],
)
def test_le_controle_voit_chaque_faute(reponse: HttpResponse, faute: str) -> None:
    assert [f for f in juger(reponse, "ici") if faute in f]


def test_le_controle_laisse_passer_ce_qui_est_echappe() -> None:
    assert juger(HttpResponse("&lt;i id=xss&gt; {{ 40|add:2 }} Ce champ est obligatoire."), "ici") == []
    assert juger(HttpResponse(MARQUE, content_type="application/json"), "ici") == []


def _personne(monde: Monde, cible: Route | Operation) -> Client:
    """Somebody entitled, on the right host."""
    if isinstance(cible, Route) and cible.site == "reseau":
        porteur = cible.action != LIBRE and RoleReseau.OPERATEUR not in action(cible.action).roles
        return client_de(None, "paule" if porteur else "denis", raise_request_exception=False)
    if cible.action == LIBRE:
        return client_de(monde.a, raise_request_exception=False)
    identifiant = next(PERSONNES[role] for role in PERSONNES if role in action(cible.action).roles)
    return client_de(monde.a, identifiant, raise_request_exception=False)


def _cible(scene: Scene, cible: Route | Operation) -> str:
    if isinstance(cible, Route) and cible.site == "reseau":
        from tenants.models import Structure

        if cible.chemin.startswith("console/structures/<") and "geste" not in cible.parametres:
            return remplir(cible.chemin, Structure.objects.get(slug="alpha").pk)
        return remplir(cible.chemin, INCONNU)
    return remplir(cible.chemin, objet_du_chemin(scene, cible.chemin) if cible.parametres else INCONNU)


@pytest.mark.parametrize("route", [r for r in ROUTES if "GET" in r.methodes], ids=str)
def test_une_adresse_hostile_ne_fait_rien_tomber(route: Route, monde: Monde, scene: Scene) -> None:
    """Every parameter at once, each in turn with its likely traps; all pages show texts that are hostile themselves."""
    _marquer(scene)
    client, chemin = _personne(monde, route), _cible(scene, route)
    fautes: list[str] = []
    with essai():
        for n in range(max(len(famille) for famille in DEMANDES.values())):
            demande = {cle: famille[n % len(famille)] for cle, famille in DEMANDES.items()}
            en_tetes = {"HX-Request": "true"} if n % 3 else {}
            reponse = client.get(f"{chemin}?{urlencode(demande)}", headers=en_tetes)
            fautes += juger(reponse, f"{route} {n} {demande['jour']} {demande['page']} {demande['q'][:20]!r}")
        for valeur in MORDANTES:
            reponse = client.get(f"{chemin}?{urlencode(dict.fromkeys(DEMANDES, valeur))}")
            fautes += juger(reponse, f"{route} ?*={valeur[:30]!r}")
        fautes += juger(
            client.get(f"{chemin}?jour=&jour=x&%00=1&q=%ED%A0%80&[]=1"), f"{route} adresse cassée"
        )

    assert fautes == []


CHAMPS = (
    "identifiant", "mot_de_passe", "suite", "theme", "ouvrir", "lue", "toutes", "usager", "intervenant", "jour", "debut", "fin", "duree",
    "version", "nature", "consigne", "gestes", "motif", "prenom", "nom", "metier", "telephone", "secteur", "heures", "compte", "id",
    "civilite", "prenoms", "nom_naissance", "nom_usage", "ne_le", "accompagne_depuis", "adresse", "code_postal", "commune", "vit_seul",
    "acces_logement", "medecin", "medecin_telephone", "gir", "homonyme_confirme", "vu_a", "sorti_le", "nom_complet", "lien",
    "personne_de_confiance", "libelle", "niveau", "sante", "texte", "observation", "audience", "puces", "puce", "intervention", "grappe",
    "porteur", "finess", "ouverte_le", "confirmation", "courriel", "role", "motif_correction", "raison", "jusqu_a",
)  # fmt: skip


def _juste(scene: Scene) -> dict[str, str]:
    """A form nobody would refuse: one field at a time is then made hostile."""
    jour = today().isoformat()
    return {
        "usager": str(scene.objets["usagers"]), "intervenant": str(scene.objets["intervenants"]), "jour": jour, "debut": "06:00",
        "duree": "30", "nature": "repas", "motif": "Motif", "prenom": "Jeanne", "nom": "Essai", "metier": "aide", "heures": "35",
        "civilite": "MME", "prenoms": "Jeanne", "nom_naissance": "Essai", "ne_le": "1940-01-01", "accompagne_depuis": "2024-01-01",
        "sorti_le": jour, "nom_complet": "Claire Essai", "lien": "fille", "libelle": "Diabète", "niveau": "attention", "texte": "Un mot",
        "observation": "habitude", "audience": "equipe", "id": str(scene.objets["interventions"]), "porteur": "CIAS", "finess": "220000020",
        "ouverte_le": jour, "role": "intervenant", "theme": "clair", "fin": jour, "identifiant": "alice", "mot_de_passe": "x",
    }  # fmt: skip


POSTS = [r for r in ROUTES if "POST" in r.methodes]


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_un_formulaire_hostile_est_refuse_ou_pris_jamais_casse(
    route: Route, monde: Monde, scene: Scene
) -> None:
    client, chemin = _personne(monde, route), _cible(scene, route)
    with lier(scene.contexte):
        juste = _juste(scene)
    if route.nom == "intervenant_absence":
        juste["debut"] = juste["jour"]
    if route.nom in ("inviter_la_direction", "ouvrir_grappe", "mettre_a_jour"):
        juste = {}  # opening writes through another connection: the hostile values alone are sent
    fautes: list[str] = []
    ecrits = _champs_lus(client, chemin, route)
    for valeur in MORDANTES:
        with essai():
            fautes += juger(client.post(chemin, dict.fromkeys(CHAMPS, valeur)), f"{route} *={valeur[:30]!r}")
    for champ in ecrits:
        for valeur in _mordantes(champ):
            with essai():
                reponse = client.post(chemin, {**juste, champ: valeur})
                fautes += juger(reponse, f"{route} {champ}={valeur[:30]!r}")

    assert fautes == []


def _mordantes(champ: str) -> tuple[str, ...]:
    """What a field like this one may choke on."""
    if champ in (
        "jour",
        "debut",
        "fin",
        "ne_le",
        "accompagne_depuis",
        "sorti_le",
        "ouverte_le",
        "vu_a",
        "jusqu_a",
    ):
        return ("", "\x00", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "23:59:60", LONG)
    if champ in (
        "version",
        "heures",
        "duree",
        "gir",
        "niveau",
        "usager",
        "intervenant",
        "secteur",
        "compte",
        "id",
    ):
        return ("", "\x00", "²", "-1", "NaN", "9" * 5000, str(2**63), "ffffffff-ffff-ffff-ffff-ffffffffffff")
    return ("", "\x00", MARQUE, LONG, "👩🏽‍🦽", "\u202eexe", "²")


def _champs_lus(client: Client, chemin: str, route: Route) -> list[str]:
    """Fields the page of this form prints; for a form that is on another page, all those known."""
    if "GET" in route.methodes and route.action != LIBRE:
        noms = set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', corps(client.get(chemin))))
        return sorted(noms - {"csrfmiddlewaretoken"})
    return [champ for champ in CHAMPS if champ in _DES_POSTS.get(route.nom, ())]


# Forms that live on another page, with the fields they read.
_DES_POSTS: dict[str, tuple[str, ...]] = {
    "connexion": ("identifiant", "mot_de_passe", "suite"),
    "theme": ("theme", "suite"),
    "planning_deplacer": ("id", "debut", "intervenant", "jour"),
    "intervention_annuler": ("motif", "version"),
    "usager_proche_ajouter": ("nom_complet", "lien", "telephone", "personne_de_confiance"),
    "usager_vigilance_noter": ("libelle", "niveau", "sante"),
    "changer_l_etat": ("motif", "confirmation"),
    "inviter_la_direction": ("prenom", "nom", "courriel", "piece", "mode"),
    "second_facteur": ("code", "_cle", "telephone"),
    "oubli": ("identifiant",),
    "acces": ("mot_de_passe", "code", "_cle"),
    "enrolement": ("code", "_cle", "nom"),
    "fermer_mes_sessions": ("session", "toutes"),
    "attester_identite": ("piece", "mode"),
    "reinitialiser_facteur": ("piece", "mode", "motif"),
    "role_compte": ("role",),
    "sessions_compte": ("session",),
    "invitation_compte": ("geste",),
}


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_un_corps_qui_n_est_pas_un_formulaire(route: Route, monde: Monde, scene: Scene) -> None:
    client, chemin = _personne(monde, route), _cible(scene, route)
    fautes: list[str] = []
    for type_, octets in (
        ("application/json", b'{"a": 1}'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="nom"\r\n\r\ncoup'),
        ("multipart/form-data", b"rien"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"nom=%00&nom=%ff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % i for i in range(1200))),
        ("application/x-www-form-urlencoded", b"nom=" + b"x" * 6 * 1024 * 1024),
        ("", b"\xff\xfe"),
    ):
        with essai():
            reponse = client.generic("POST", chemin, octets, content_type=type_)
            fautes += juger(reponse, f"{route} {type_} {len(octets)}")

    assert fautes == []


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\x00" * 40,
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b"a;b;c\n<i id=xss>;;\n",
        ("x;" * 5000).encode(),
        b'"' * 999,
    ],
    ids=range(7),
)
def test_une_liste_illisible_est_expliquee(contenu: bytes, monde: Monde) -> None:
    client = client_de(None, "denis", raise_request_exception=False)
    with essai():
        reponse = client.post(
            "/console/structures/ouvrir", {"fichier": SimpleUploadedFile(f"{MARQUE}.csv", contenu)}
        )

        assert juger(reponse, "liste") == []
        assert reponse.status_code == 422


@pytest.mark.parametrize("route", [r for r in ROUTES if r.parametres], ids=str)
def test_un_identifiant_hostile_dans_le_chemin(route: Route, monde: Monde) -> None:
    client, fautes = _personne(monde, route), []
    modele = re.sub(r"<slug:geste>", "suspendre", f"/{route.chemin}")
    for valeur in (
        "abc",
        "%00",
        quote(MARQUE),
        quote("../.."),
        "%ff%fe",
        "%ED%A0%80",
        "1" * 3000,
        str(INCONNU).upper(),
    ):
        chemin = re.sub(r"<[^>]+>", valeur, modele)
        for methode in ("GET", "POST"):
            if methode in route.methodes:
                with essai():
                    reponse = client.generic(methode, chemin)
                fautes += juger(reponse, f"{route} {valeur[:20]}")
                if reponse.status_code not in (400, 404):
                    fautes.append(f"{reponse.status_code} {methode} {chemin[:60]}")

    assert fautes == []


def _profond(niveaux: int) -> bytes:
    return b'{"a":' * niveaux + b"1" + b"}" * niveaux


CORPS = (
    b"", b"{", b'{"usager": ', b"null", b"[]", b"true", b'"texte"', b"NaN", b"1" * 5000, b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"{}\x00",
    _profond(300), _profond(100_000), b"[" * 100_000, b'{"a":1,"a":2}', b'{"a": "' + b"x" * 6 * 1024 * 1024 + b'"}',
)  # fmt: skip
VALEURS_JSON: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 10**400, 1.5, float("nan"), float("inf"), [], {}, [[]], "", "\x00", "\ud800", MARQUE, GABARIT, LONG,
    "9" * 25, "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "pas-un-uuid",
    ["\x00"], ["\ud800"], [None], [LONG] * 3, {"\x00": "\ud800"}, "2026-06-31", 1e300, -62135596800000,
)  # fmt: skip


def _demande(scene: Scene) -> dict[str, Any]:
    return {
        "usager": str(scene.objets["usagers"]), "debut": f"{today().isoformat()}T04:00:00Z", "duree_minutes": 30, "nature": "repas",
        "intervenant": str(scene.objets["intervenants"]), "consigne": "", "gestes": [], "version": 1, "motif": "Motif",
        "civilite": "MME", "nom_naissance": "Essai", "prenoms": "Jeanne", "ne_le": "1940-01-01", "accompagne_depuis": "2024-01-01",
        "nom_usage": "", "secteur_id": None, "adresse": "", "code_postal": "", "commune": "", "telephone": "", "vit_seul": False,
        "acces_logement": "", "medecin": "", "medecin_telephone": "", "gir": None, "homonyme_confirme": True, "texte": "Un mot",
        "observation": None, "audience": "equipe", "puces": [], "intervention": None,
    }  # fmt: skip


def _lus(operation: Operation, quoi: str) -> list[str]:
    """Names the published schema gives to the query, or to the body."""
    schema: Any = api_structure.get_openapi_schema(path_prefix="/api/v1/")
    decrites = schema["paths"][operation.chemin.replace("{uuidstr:", "{").replace("{uuid:", "{")]
    decrite = decrites[operation.methode.lower()]
    if quoi == "parameters":
        return [p["name"] for p in decrite.get(quoi, ()) if p["in"] == "query"]
    corps_decrit = decrite.get(quoi, {}).get("content", {}).get("application/json", {}).get("schema", {})
    nom = corps_decrit.get("$ref", "").rsplit("/", 1)[-1]
    return list(schema["components"]["schemas"].get(nom, corps_decrit).get("properties", ()))


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_un_json_hostile_recoit_un_refus_en_francais(
    operation: Operation, monde: Monde, scene: Scene
) -> None:
    client, chemin = _personne(monde, operation), _cible(scene, operation)
    with lier(scene.contexte):
        demande = _demande(scene)
    fautes: list[str] = []

    def envoyer(octets: bytes, dit: str, type_: str = "application/json", **en_tetes: str) -> None:
        with essai():
            reponse = client.generic(operation.methode, chemin, octets, content_type=type_, headers=en_tetes)
            fautes.extend(juger(reponse, f"{operation} {dit}"))
            if reponse.status_code >= 400 and not reponse.headers["Content-Type"].startswith(
                "application/problem+json"
            ):
                fautes.append(f"{operation} {dit} : {reponse.status_code} {reponse.headers['Content-Type']}")

    if operation.methode == "GET":
        for cle in _lus(operation, "parameters"):
            for valeur in (*HOSTILES, *PAGES):
                with essai():
                    reponse = client.get(f"{chemin}?{urlencode({cle: valeur})}")
                    fautes += juger(reponse, f"{operation} ?{cle}={valeur[:30]!r}")
    else:
        for octets in CORPS:
            envoyer(octets, repr(octets[:20]))
        for type_ in (
            "text/plain",
            "multipart/form-data; boundary=x",
            "",
            "application/json; charset=utf-16",
        ):
            envoyer(b'{"a": 1}', type_, type_)
        for cle in _lus(operation, "requestBody"):
            for valeur in VALEURS_JSON:
                envoyer(json.dumps({**demande, cle: valeur}).encode(), f"{cle}={str(valeur)[:30]!r}")
        for cle in ("court", "é" * 20, "a\x00bcdefgh", "x" * 300):
            envoyer(json.dumps(demande).encode(), f"clé {cle[:10]!r}", **{"Idempotency-Key": cle})

    assert fautes == []


def test_le_telephone_peut_tout_envoyer(monde: Monde, scene: Scene) -> None:
    """Each event has its verdict, whatever is in it, and the queue behind it goes on."""
    client = client_de(monde.a, "awa", raise_request_exception=False)
    visite = str(scene.objets["interventions"])
    fautes: list[str] = []
    numeros = (f"018f0000-0000-7000-8000-{n:012d}" for n in count(1))
    for valeur in VALEURS_JSON:
        evenements: list[Any] = [
            {"id": next(numeros), "genre": genre, "appareil_a": "2026-01-01T08:00:00Z", "donnees": {"intervention": visite, cle: valeur}}
            for genre in ("badge.debut", "badge.fin", "geste.fait", "geste.non_fait", "transmission")
            for cle in ("intervention", "usager", "texte", "observation", "audience", "puces", "geste", "preuve", "motif")
        ]  # fmt: skip
        evenements += [
            {**evenements[-1], "id": next(numeros), cle: valeur}
            for cle in ("id", "genre", "appareil_a", "donnees")
        ]
        evenements.append(valeur)
        for lot in (
            {"envoye_a": 1_700_000_000_000, "evenements": evenements},
            *(
                {"envoye_a": 1_700_000_000_000, "evenements": evenements[:1], cle: valeur}
                for cle in ("envoye_a", "compte", "evenements")
            ),
        ):
            with essai():
                reponse = client.generic(
                    "POST",
                    "/api/v1/terrain/evenements",
                    json.dumps(lot).encode(),
                    content_type="application/json",
                )
                fautes += juger(reponse, f"{str(valeur)[:30]!r}")
                if reponse.status_code == 200 and len(reponse.json()["resultats"]) != len(lot["evenements"]):
                    fautes.append(f"verdict perdu {valeur!r}")

    assert fautes == []
