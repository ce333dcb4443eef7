# Guests in Rust. Sourced by `build`.

# rust_ready TARGET: finds or gets what compiles for TARGET, and sets `rust_env`, `rust_with` and `rust_flags` for
# cargo: the environment of any build, what is more for TARGET, and arguments.
rust_ready() {
  local target=$1 route=${WORKY_GUESTS_RUST:-auto} sysroot linker debian
  has cargo || { reason "there is no cargo; https://rustup.rs installs it"; return 1; }
  sysroot=$(rustc --print sysroot)
  # No flags that are meant for the machine's own programs.
  rust_env=(env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET) rust_flags=() rust_with=()
  if [ "$route" != debian ]; then
    if [ -d "$sysroot/lib/rustlib/$target/lib" ]; then rust_kind=rustup; return 0; fi
    if has rustup; then
      say "rustup target add $target"
      if timeout 300 rustup target add "$target" >&2 && [ -d "$sysroot/lib/rustlib/$target/lib" ]; then
        rust_kind=rustup
        return 0
      fi
      say "rustup could not get it; trying Debian's packages"
    fi
  fi
  [ "$route" != rustup ] || { reason "rustup has no target $target"; return 1; }

  # The compiler and the standard library's source from Debian, the standard library built from it, cargo the machine's.
  debian="$cache/tools/rust-$(pin debian rustc-web version | cut -d+ -f1)"
  linker=$(find "$sysroot/lib/rustlib" -name rust-lld -type f 2> /dev/null | head -n 1)
  [ -n "$linker" ] || linker=$(command -v wasm-ld || true)
  [ -n "$linker" ] || { reason "there is no linker for WebAssembly: neither rust-lld in $sysroot nor wasm-ld"; return 1; }
  fetch_debian "$debian" || return 1
  cat > "$debian/rustc" <<SCRIPT
#!/bin/sh
export LD_LIBRARY_PATH="$debian/usr/lib/x86_64-linux-gnu:$debian/usr/lib"
exec "$debian/usr/bin/rustc" "\$@"
SCRIPT
  chmod +x "$debian/rustc"
  rust_kind=debian
  rust_with=("RUSTC=$debian/rustc" RUSTC_BOOTSTRAP=1
    "CARGO_TARGET_$(echo "$target" | tr 'a-z-' 'A-Z_')_LINKER=$linker")
  rust_flags=(-Zbuild-std=std,panic_abort)
}

# build_rust DIR NAME OUTPUT: tests the crate on this machine where it is a plugin, builds it and makes a component of it.
build_rust() {
  local dir=$1 name=$2 output=$3 target=wasm32-unknown-unknown built
  rust_ready "$target" || return 1
  built="$cache/target/$rust_kind"
  case "$dir" in
    plugins/* | runtime/*)
      "${rust_env[@]}" CARGO_TARGET_DIR="$cache/target/host" cargo test --quiet --lib --locked --release \
        --manifest-path "$dir/Cargo.toml" >&2 || { reason "its own tests fail"; return 1; } ;;
  esac
  "${rust_env[@]}" ${rust_with[@]+"${rust_with[@]}"} CARGO_TARGET_DIR="$built" cargo build --quiet --locked --release ${rust_flags[@]+"${rust_flags[@]}"} \
    --target "$target" --manifest-path "$dir/Cargo.toml" >&2 || { reason "cargo could not build it"; return 1; }
  case "$dir" in runtime/*) cp "$built/$target/release/${name//-/_}.wasm" "${output%.part}.core" ;; esac
  componentize "$built/$target/release/${name//-/_}.wasm" -o "$output"
}
