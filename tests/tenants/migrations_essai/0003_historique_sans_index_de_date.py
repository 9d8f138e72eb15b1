from importlib import import_module

Migration = import_module("dossier.migrations.0003_historique_sans_index_de_date").Migration
