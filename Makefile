# make demo    builds everything and starts the demo organisations
# make test    installs what the tests need and runs them all
.PHONY: demo build generate test bench screenshots

ADDR ?= 127.0.0.1:8080
BENCH ?= .
SCREENSHOTS ?= $(CURDIR)/screenshots

export CGO_ENABLED := 0
# The real files that some tests read lie beside the checkout, where they exist.
ifneq ($(realpath ../shared/data),)
export THROUGHLINE_DATA ?= $(realpath ../shared/data)
endif

demo: build
	./throughline demo --addr $(ADDR)

build: generate
	go build -trimpath -o throughline ./cmd/throughline

generate: node_modules
	@.ci/require
	go generate ./...

# npm's own record of what it installed is the only thing that tells its age.
node_modules: node_modules/.package-lock.json
node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@.ci/require
	npm ci --silent
	@touch $@

test:
	@.ci/test

bench:
	.ci/with-postgres --durable go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 60m ./...

# Every picture that the browser tests take, in one folder.
screenshots: generate
	THROUGHLINE_SCREENSHOTS=$(SCREENSHOTS) .ci/with-postgres go test -count=1 \
		$$(grep -rl --include='*_test.go' '"throughline/internal/kit/browser"' internal | xargs -n1 dirname | sort -u | sed 's,^,./,')
	@echo "The pictures are in $(SCREENSHOTS)."
