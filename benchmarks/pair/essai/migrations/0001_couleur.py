"""The same AddField as ours, on another table of the structure, so that both really change something."""

from django.db import migrations, models


class Ajout(migrations.AddField):
    """AddField on a model of ``dossier`` from this app's migration."""

    def state_forwards(self, app_label, state):
        super().state_forwards("dossier", state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards("dossier", schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("dossier", "0001_initial")]
    operations = [Ajout("proche", "couleur", models.CharField(max_length=20, default="vert"))]
