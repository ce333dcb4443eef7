#!/bin/sh
# Builds words.wasm. Needs Go 1.27 or later and wit-bindgen 0.63: cargo install wit-bindgen-cli@0.63
set -eu
cd "$(dirname "$0")"
wit-bindgen go wit --pkg-name example/words
go mod tidy
go test ./count
# The bindings ask the runtime for memory before it is up, by a name that the linker keeps to itself otherwise.
GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w -checklinkname=0' -o words.wasm .
