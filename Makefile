# `make` alone prints this help. Everything lives in .venv and .treille, both ignored by git.

.DEFAULT_GOAL := help
.PHONY: help run test check format bench clean requirements
MAKEFLAGS += --no-print-directory

export TREILLE_PORT := $(or $(PORT),$(TREILLE_PORT),8000)

BIN := .venv/bin
SOURCES := $(wildcard platform/plateforme platform/config tenants socles dossier telegestion liaison billing)
TEMPLATES = $(shell find $(SOURCES) -type d -name templates)
COMPILER = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# Settings that must load without a server: nothing listens at these addresses.
SANS_SERVEUR := DATABASE_URL='postgres://treille_app:x@/treille?host=/nonexistent' \
	REDIS_URL='unix:///nonexistent/valkey.sock?db=0' TREILLE_DOMAINE=treille.example

# $(call installer,…): run installation.py with the first Python that fits.
define installer
@for p in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	if "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
		exec "$$p" -I platform/config/lanceur/installation.py $(1); \
	fi; \
done; \
echo "Treille demande Python 3.11, 3.12 ou 3.13 : installez l’une de ces versions, puis relancez la commande." >&2; \
exit 2
endef

help: ## Affiche cette aide.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: ## Lance Treille entière (base, file, web, tâches) sur le port 8000 ; PORT=8001 pour un autre.
	$(call installer,base)
	@exec $(BIN)/python -m config.lanceur

test: ## Joue tous les tests, navigateur compris ; ARGS="-k nom" pour choisir.
	$(call installer,dev)
	$(call installer,navigateur)
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: ## Vérifie sans rien exécuter : style, types, dépendances entre dossiers, gabarits, migrations, réglages.
	$(call installer,dev)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy $(SOURCES)
	$(BIN)/lint-imports
	$(if $(TEMPLATES),$(BIN)/djlint --lint --quiet $(TEMPLATES))
	$(SANS_SERVEUR) DJANGO_SETTINGS_MODULE=config.settings.test PYTHONWARNINGS=ignore::RuntimeWarning \
		$(BIN)/python manage.py makemigrations --check --dry-run
	$(SANS_SERVEUR) DJANGO_SETTINGS_MODULE=config.settings.prod \
		TREILLE_SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(48))')" TREILLE_CLES=kms \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: ## Met le code en forme et corrige ce qui peut l’être.
	$(call installer,dev)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: ## Mesure les performances et les compare aux objectifs.
	$(call installer,dev)
	@$(BIN)/python -m benchmarks $(ARGS)

clean: ## Efface .venv et les caches ; DONNEES=1 efface aussi la base et les fichiers.
	$(call installer,nettoyer $(if $(DONNEES),donnees))

requirements: ## Recompile les versions épinglées depuis pyproject.toml.
	$(call installer,dev)
	$(COMPILER) pyproject.toml -o requirements/base.txt
	$(COMPILER) --extra dev pyproject.toml -o requirements/dev.txt
