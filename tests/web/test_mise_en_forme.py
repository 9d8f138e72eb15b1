"""Forms: label above, error below and tied to its field, a summary that leads to each of them."""

import re

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from plateforme.web.formulaires import Formulaire, repondre


class Visite(Formulaire, forms.Form):
    nature = forms.ChoiceField(
        label="Nature", choices=[("aide", "Aide"), ("soin", "Soin")], widget=forms.RadioSelect
    )
    jour = forms.DateField(label="Jour", help_text="Dans les deux mois.")
    debut = forms.TimeField(label="Début")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    cle = forms.CharField(widget=forms.HiddenInput, initial="k")

    def clean(self) -> None:
        if self.cleaned_data.get("note") == "interdit":
            raise forms.ValidationError("Cette visite existe déjà.")


def rendre(source: str, **contexte: object) -> str:
    return (
        engines["django"]
        .from_string(CottonCompiler().process(source))
        .render(contexte, RequestFactory().get("/"))
    )


def test_une_date_et_une_heure_ont_le_choix_du_navigateur_en_iso() -> None:
    contenu = str(Visite(initial={"jour": "2026-11-24", "debut": "08:25"}))
    assert re.search(
        r'<input type="date" name="jour" value="2026-11-24"[^>]*aria-describedby="id_jour_helptext"', contenu
    )
    assert '<input type="time" name="debut" value="08:25"' in contenu


def test_le_facultatif_se_dit_et_l_obligatoire_se_tait() -> None:
    contenu = str(Visite())
    assert '<label for="id_note">Note <span class="facultatif">facultatif</span></label>' in contenu
    assert '<label for="id_jour">Jour</label>' in contenu
    assert " required" not in contenu


def test_un_choix_est_un_groupe_nomme() -> None:
    assert re.search(
        r'<fieldset class="champ\s*"><legend id="id_nature_libelle">Nature</legend>', str(Visite())
    )


def test_l_erreur_est_sous_le_champ_et_lui_est_liee() -> None:
    contenu = str(Visite(data={"nature": "aide", "jour": "24 novembre", "debut": "08:25", "cle": "k"}))
    assert re.search(r'<input type="date" name="jour" value="24 novembre"[^>]*aria-invalid="true"', contenu)
    assert 'aria-describedby="id_jour_helptext id_jour_error"' in contenu
    assert re.search(r'<p class="erreur" id="id_jour_error">.*Saisissez une date valide\.', contenu)


def test_le_resume_mene_a_chaque_champ_et_prend_le_foyer() -> None:
    formulaire = Visite(data={"note": "interdit", "cle": "k"})
    assert [(ligne.ancre, ligne.libelle, ligne.message) for ligne in formulaire.resume_erreurs] == [
        ("", "", "Cette visite existe déjà."),
        ("id_nature_0", "Nature", "Ce champ est obligatoire."),
        ("id_jour", "Jour", "Ce champ est obligatoire."),
        ("id_debut", "Début", "Ce champ est obligatoire."),
    ]
    contenu = rendre('<c-formulaire :form="form" />', form=formulaire)
    assert 'tabindex="-1" autofocus><h2 id="resume-erreurs-titre">' in contenu
    assert "4 points sont à corriger" in contenu
    assert '<a href="#id_nature_0">Nature&nbsp;: Ce champ est obligatoire.</a>' in contenu


def test_un_formulaire_neuf_n_a_pas_de_resume() -> None:
    assert "resume-erreurs" not in rendre('<c-formulaire :form="form" />', form=Visite())


def test_un_refus_repond_422_avec_le_seul_fragment_sous_htmx() -> None:
    requete = RequestFactory().post("/", headers={"HX-Request": "true"})
    refuse = Visite(data={})
    reponse = repondre(requete, "plateforme/_resume_erreurs.html", {}, refuse)
    assert reponse.status_code == 422
    assert repondre(requete, "plateforme/_resume_erreurs.html", {}, Visite()).status_code == 200


@pytest.mark.parametrize(
    ("source", "attendu"),
    [
        ('<c-bouton icone="phone">Appeler</c-bouton>', '<button class="bouton  " type="button" ><svg '),
        (
            '<c-bouton href="/x" variante="principal">Voir</c-bouton>',
            '<a class="bouton principal " href="/x" >Voir</a>',
        ),
        ('<c-bouton hx-post="/x" disabled>Voir</c-bouton>', 'hx-post="/x" disabled>Voir</button>'),
        ('<c-etat ton="alerte">Retard</c-etat>', '<span class="etat alerte" >Retard</span>'),
        ('<c-pastille nom="Awa Diallo" />', '<span class="pastille " aria-hidden="true">AD</span>'),
        ('<c-onglet href="/x" :actif="True">Fil</c-onglet>', '<a href="/x" aria-current="page" >Fil</a>'),
    ],
)
def test_un_composant_rend_ce_qu_il_promet(source: str, attendu: str) -> None:
    assert attendu in rendre(source)


def test_un_composant_ne_prend_pas_les_variables_de_la_page() -> None:
    assert "<svg" not in rendre("<c-etat>Retard</c-etat>", icone="phone", ton="alerte")


def test_un_composant_echappe_ce_qu_on_lui_donne() -> None:
    assert "<script>" not in rendre(
        '<c-titre :titre="nom" sous_titre="{{ nom }}" />', nom="<script>x</script>"
    )
    assert 'title="&lt;b&gt;&quot;"' in rendre('<c-bouton title="{{ nom }}">x</c-bouton>', nom='<b>"')
