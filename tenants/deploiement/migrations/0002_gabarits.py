"""The first version of each template, published."""

from django.db import migrations
from django.utils import timezone

from tenants.deploiement.gabarits import etapes


def installer(apps, editeur):
    # The owner of the tables: the role that serves has no right on them yet.
    base = editeur.connection.alias
    Gabarit = apps.get_model("deploiement", "Gabarit")
    EtapeModele = apps.get_model("deploiement", "EtapeModele")
    for type_ in ("acquisition", "mise_a_niveau"):
        for profil in ("saad", "domicile", "ssiad"):
            gabarit = Gabarit.objects.using(base).create(
                type=type_, profil=profil, version=1, publie_a=timezone.now(), note="Version d’origine"
            )
            EtapeModele.objects.using(base).bulk_create(
                EtapeModele(
                    gabarit=gabarit, ordre=rang, code=e.code, phase=e.phase, titre=e.titre, aide=e.aide,
                    responsable=e.responsable, jours_avant=e.jours_avant, fait=e.fait, bloquante=e.bloquante,
                    derogeable=e.derogeable, preuve_exigee=e.preuve_exigee, depend_de=list(e.depend_de),
                    raci=dict(e.raci), source=e.source,
                )
                for rang, e in enumerate(etapes(type_, profil), start=1)
            )


class Migration(migrations.Migration):
    dependencies = [("deploiement", "0001_initial")]
    operations = [migrations.RunPython(installer, migrations.RunPython.noop)]
