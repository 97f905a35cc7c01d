# make demo: from a bare machine to a running, verified gateway.  make test: everything that proves the collection.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
CLUSTER := $(BIN)/python tests/cluster
PRISMA := tests/cluster/images/litellm/prisma
INVENTORY ?= inventories/kind
# A kubeconfig that is given is used as it is; otherwise the kind cluster's, which `make cluster` made.
USE_CLUSTER := $(if $(KUBECONFIG),true,eval "$$($(CLUSTER) env)")
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/complete ## Make the virtual environment with everything that develops and tests the collection

.venv/complete: requirements-dev.txt requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON=<path of one>." >&2; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear .venv || { echo "The venv module is missing: install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(BIN)/pip install --quiet --requirement requirements-dev.txt --requirement requirements.txt
	@mkdir -p collections/ansible_collections/inference
	@ln -sfn ../../.. collections/ansible_collections/inference/gateway
	@touch $@

.PHONY: cluster cluster-down cluster-status
cluster: setup ## Start the kind cluster, building what is missing
	@$(CLUSTER) up
cluster-down: setup ## Remove the cluster, its registry and its engine; what was built stays cached
	@$(CLUSTER) down
cluster-status: setup ## Show the cluster's node, memory and disk
	@$(CLUSTER) status

.PHONY: demo figures
demo: setup ## The main job: cluster (if no KUBECONFIG is given), site.yml, verify.yml, a first request
	@$(BIN)/python tests/demo.py --inventory $(INVENTORY)
figures: setup ## The demo with a second site.yml: prints times and memory
	@$(BIN)/python tests/demo.py --inventory $(INVENTORY) --again

.PHONY: preflight site verify diagnose status
preflight: setup ## Tell everything that site.yml would stop at, and change nothing
	@$(USE_CLUSTER); $(BIN)/ansible-playbook --inventory $(INVENTORY) playbooks/preflight.yml
site: setup ## Apply site.yml to the cluster
	@$(USE_CLUSTER); $(BIN)/ansible-playbook --inventory $(INVENTORY) playbooks/site.yml
verify: setup ## Verify the running gateway
	@$(USE_CLUSTER); $(BIN)/ansible-playbook --inventory $(INVENTORY) playbooks/verify.yml
diagnose: setup ## Say what is wrong with the gateway, by what it is seen, and what to do about it
	@$(USE_CLUSTER); $(BIN)/ansible-playbook --inventory $(INVENTORY) playbooks/diagnose.yml
status: setup ## Show what runs of the gateway, and how to send it a request
	@$(USE_CLUSTER); $(BIN)/ansible-playbook --inventory $(INVENTORY) playbooks/status.yml

# Every scenario of Molecule, each on a fresh kind cluster, or on that of KUBECONFIG; and those of `make test`, which take minutes.
SCENARIOS := $(notdir $(patsubst %/molecule.yml,%,$(wildcard molecule/*/molecule.yml)))
TESTED := default prerequisites valkey gateway

.PHONY: lint sanity unit integration acceptance commands drills upgrade metrics molecule test test-all
lint: setup ## ruff, ansible-lint (production profile), documentation, changelog
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/yamllint --strict .
	@$(BIN)/ansible-lint
	@$(BIN)/antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .
	@$(BIN)/antsibull-changelog lint
sanity: setup ## Every ansible-test sanity test, without an ignore file
	@$(BIN)/python tests/sanity.py
unit: setup ## Modules, filters, roles' data and documents against in-process stand-ins
	@$(BIN)/pytest tests/unit -q --numprocesses auto
	@$(BIN)/pytest tests/docs/test_blocks.py tests/docs/test_install.py -q
	@if command -v npm >/dev/null; then cd $(PRISMA) && npm ci --silent --ignore-scripts --no-audit --no-fund && npm test --silent; \
	else echo "No npm here: the tests of $(PRISMA) are left out."; fi
integration: setup ## The modules against two versions of the real LiteLLM, PostgreSQL and Valkey Sentinel
	@$(if $(KUBECONFIG),,$(CLUSTER) up --images-only)
	@$(USE_CLUSTER); for version in $$($(BIN)/python tests/integration/stack.py versions); do \
		INTEGRATION_LITELLM=$$version $(BIN)/pytest tests/integration -q; \
	done
acceptance: setup ## The specification's own commands, network flows, secrets, a company's tenants, wrong inventories, on the running gateway
	@$(USE_CLUSTER); $(BIN)/pytest tests/specification tests/network tests/secrets tests/tenants tests/refusals -q
commands: setup ## Every command of every document, on the running gateway (a quarter of an hour)
	@$(USE_CLUSTER); $(BIN)/pytest tests/docs/test_commands.py -q
drills: setup ## Let parts of the running gateway die under load (it needs replicas of everything: molecule test -s ha)
	@$(USE_CLUSTER); $(BIN)/pytest tests/drills/test_drills.py -q
upgrade: setup ## Let site.yml bring the running gateway to the inventory's LiteLLM under load (from an older one: molecule test -s upgrade)
	@$(USE_CLUSTER); $(BIN)/pytest tests/drills/test_upgrade.py -q
metrics: setup ## Ask a real Prometheus for all that is monitored, let an autoscaler work (it needs both: molecule test -s metrics)
	@$(USE_CLUSTER); $(BIN)/pytest tests/metrics -q
molecule: setup ## site.yml, again without a change, verify.yml, and single roles alone, each on a fresh kind cluster
	@$(BIN)/python tests/scenarios.py $(TESTED)
test: lint sanity unit docs integration molecule ## Everything that CI runs
test-all: test ## The same, and every other scenario of Molecule (hours)
	@$(BIN)/python tests/scenarios.py $(filter-out $(TESTED),$(SCENARIOS))

.PHONY: docs changelog build clean
docs: setup ## Render the guides and the reference as a site: docs/build/html/index.html
	@rm -rf docs/build && mkdir -p -m 755 docs/build/rst
	@$(BIN)/antsibull-docs --config-file docs/antsibull-docs.cfg collection --use-current --squash-hierarchy --cleanup everything \
	  --fail-on-error --dest-dir docs/build/rst inference.gateway
	@cp docs/architecture.svg docs/build/rst/
	@$(BIN)/sphinx-build -M html docs/build/rst docs/build -c docs -W --keep-going --quiet
changelog: setup ## Write CHANGELOG.md from the fragments for the version of galaxy.yml
	@$(BIN)/antsibull-changelog release
build: setup ## Build the collection's archive
	@$(BIN)/ansible-galaxy collection build --force
clean: ## Remove what the other targets made in the checkout
	rm -rf .venv collections .ansible docs/build tests/output reports *.tar.gz
