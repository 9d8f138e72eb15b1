from importlib import import_module

Migration = import_module("dossier.migrations.0004_ins_scelle").Migration
