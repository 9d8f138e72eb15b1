from importlib import import_module

Migration = import_module("dossier.migrations.0006_prise_en_charge").Migration
