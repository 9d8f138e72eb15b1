"""The matricule INS leaves the base in clear: sealed under the usager's key, found by a blind index, out of history."""

import plateforme.chiffrement.champs
from django.db import migrations, models


def sceller(apps, editeur):
    """The sealed column and its index are written by the field itself, one usager at a time."""
    usagers = apps.get_model("dossier", "Usager").objects.using(editeur.connection.alias)
    for usager in usagers.exclude(ins_clair="").only("pk", "ins_clair", "ins", "ins_index"):
        usager.ins = usager.ins_clair
        usager.save(using=editeur.connection.alias, update_fields=["ins", "ins_index"])


class Migration(migrations.Migration):
    dependencies = [
        ("dossier", "0004_acces"),
        ("chiffrement", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="usager", name="usager_ins_unique"),
        migrations.RemoveConstraint(model_name="usager", name="usager_ins_avec_son_oid"),
        migrations.RemoveField(model_name="historicalusager", name="ins"),
        migrations.RenameField(model_name="usager", old_name="ins", new_name="ins_clair"),
        migrations.AddField(
            model_name="usager",
            name="ins",
            field=plateforme.chiffrement.champs.ChampScelle(
                blank=True, index="ins_index", null=True, sujet="pk", verbose_name="matricule INS"
            ),
        ),
        migrations.AddField(
            model_name="usager",
            name="ins_index",
            field=models.BinaryField(null=True, verbose_name="index du matricule INS"),
        ),
        migrations.RunPython(sceller, migrations.RunPython.noop),
        migrations.RemoveField(model_name="usager", name="ins_clair"),
        migrations.AddConstraint(
            model_name="usager",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ins_index__isnull", False)),
                fields=("ins_index", "ins_oid"),
                name="usager_ins_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="usager",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ins__isnull", True), ("ins_index__isnull", True)),
                    models.Q(
                        ("ins__isnull", False),
                        ("ins_index__isnull", False),
                        models.Q(("ins_oid", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="usager_ins_avec_son_oid",
            ),
        ),
    ]
