from importlib import import_module

Migration = import_module("dossier.migrations.0002_ins_avec_son_oid").Migration
