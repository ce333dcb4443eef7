# Guests in C: commands of WASI preview 1, made components by the adapter. Sourced by `build`.

# build_c DIR NAME OUTPUT: builds DIR/main.c with Zig's compiler, which has WASI's C library with it.
build_c() {
  local dir=$1 name=$2 output=$3 zig core
  if [ -n "${WORKY_GUESTS_ZIG:-}" ]; then
    zig=$WORKY_GUESTS_ZIG
  else
    fetch_pypi ziglang "$cache/tools/zig-$(pin pypi ziglang version)" || return 1
    zig=$(find "$cache/tools/zig-$(pin pypi ziglang version)" -name zig -type f | head -n 1)
    [ -n "$zig" ] || { reason "the package ziglang has no zig"; return 1; }
  fi
  core="$output.core"
  # Both of its caches are ours.
  if ! ZIG_GLOBAL_CACHE_DIR="$cache/zig" ZIG_LOCAL_CACHE_DIR="$cache/zig" "$zig" cc -target wasm32-wasi -Os -s -Wall -Wextra \
      -Werror -o "$core" "$dir/main.c" >&2; then
    rm -f "$core"; reason "zig could not build it"; return 1
  fi
  componentize "$core" -o "$output" || { rm -f "$core"; return 1; }
  # The module goes along: preview 1 as it is.
  mv "$core" "${output%.part}.core"
}
