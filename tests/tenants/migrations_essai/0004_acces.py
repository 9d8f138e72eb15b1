from importlib import import_module

Migration = import_module("dossier.migrations.0004_acces").Migration
