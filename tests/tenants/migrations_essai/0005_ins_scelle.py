from importlib import import_module

Migration = import_module("dossier.migrations.0005_ins_scelle").Migration
