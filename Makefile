# Every target says why it exists; plain `make` prints them.
GO            ?= go
GOLANGCI_LINT  = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOTESTSUM      = $(GO) run gotest.tools/gotestsum@v1.13.0
ARGS          ?=
# The fast loop: everything but the black-box journeys, which need containers.
FAST           = $$($(GO) list ./... | grep -v -e /e2e -e /bench)

.DEFAULT_GOAL := help
.PHONY: help up down run build check fmt vet lint arch test race e2e bench fuzz generate verify

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## the whole shop in containers: Postgres, Kafka, services, one origin on http://localhost:8080
	docker compose up --build --wait

down: ## stop the containers and delete their data
	docker compose down -v

run: ## the whole shop in one process, nothing to install but Go; Ctrl-C ends it
	$(GO) run ./cmd/kontor dev $(ARGS)

build: ## every program into bin/
	$(GO) build -trimpath -o bin/ ./cmd/... ./services/...

check: fmt vet arch lint verify ## what a commit needs, besides the tests: format, vet, import rules, linters, generated files

fmt: ## fail on unformatted files
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted (run gofmt -w):"; echo "$$out"; exit 1; fi

vet: ## the compiler's own doubts
	$(GO) vet ./...

arch: ## the rules of the house as tests: imports, package comments, file sizes, links
	$(GO) test -count=1 ./internal/archtest

lint: ## golangci-lint, each linter with its reason in .golangci.yml
	$(GOLANGCI_LINT) run ./...

test: ## units, properties and adapters on an embedded Postgres and broker; no Docker
	$(GO) test -timeout 10m $(ARGS) $(FAST)

race: ## the same under the race detector
	$(GO) test -race -short -timeout 20m $(ARGS) $(FAST)

e2e: ## journeys on real Postgres and real Kafka in containers; needs Docker
	$(GO) test -count=1 -timeout 30m $(ARGS) ./e2e/...

bench: ## append lane, relay, projections and HTTP beside pgbench, in one run on one Postgres
	$(GO) run ./bench $(ARGS)

generate: ## rewrite what is generated: api/, docs/events.md, environment tables
	$(GO) run ./internal/apigen/cmd

verify: ## fail when a generated file, go.mod or a pinned module differs
	$(GO) mod tidy -diff
	@! grep -nE '^replace' go.mod || (echo "go.mod must have no replace: it breaks go install"; exit 1)
	@grep -q 'Azure/go-ansiterm v0.0.0-20250102033503-faa5f7b0171c' go.mod || (echo "go-ansiterm moved: testcontainers and goose must move together"; exit 1)
	$(GO) run ./internal/apigen/cmd -check
