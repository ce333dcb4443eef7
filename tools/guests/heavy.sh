# Guests in Python and JavaScript: components with an interpreter in them, made by large toolchains. Sourced by `build`.

# wit_of DIR COPY: the packages that the guest's world may name, in the layout that these tools read.
wit_of() {
  mkdir -p "$2/deps/worky"
  cp -R wit/deps/. "$2/deps"
  cp wit/*.wit "$2/deps/worky"
  find "$2" -type f -not -name '*.wit' -delete
  cp "$1"/wit/*.wit "$2"
}

# build_python DIR NAME OUTPUT: with componentize-py. The world has the guest's name.
build_python() {
  local dir=$1 name=$2 output=$3 tool work
  tool="$cache/tools/componentize-py-$(pin pypi componentize-py version)"
  fetch_pypi componentize-py "$tool" || return 1
  work=$(mktemp -d "$cache/tmp.XXXXXX")
  wit_of "$dir" "$work/wit"
  cp "$dir"/*.py "$work"
  if ! (cd "$work" && PYTHONPATH="$tool" python3 -c 'import sys, componentize_py; sys.exit(componentize_py.script())' \
      -d wit -w "$name" componentize app -o component.wasm >&2) || [ ! -s "$work/component.wasm" ]; then
    rm -rf "$work"; reason "componentize-py could not build it"; return 1
  fi
  mv "$work/component.wasm" "$output"
  rm -rf "$work"
}

# build_js DIR NAME OUTPUT: with componentize-js, which is what jco calls. The world has the guest's name.
build_js() {
  local dir=$1 name=$2 output=$3 tool work
  { has node && has npm; } || { reason "there is no node and npm"; return 1; }
  tool="$cache/tools/js-$(sha256 tools/guests/js/package-lock.json | cut -c1-16)"
  if [ ! -e "$tool/.complete" ]; then
    say "getting componentize-js from npm"
    work=$(mktemp -d "$cache/tmp.XXXXXX")
    cp tools/guests/js/package.json tools/guests/js/package-lock.json "$work"
    # Not `npm ci`: it wants the optional packages of every other platform in the lock file.
    if ! (cd "$work" && npm install --no-audit --no-fund --ignore-scripts --loglevel=error >&2); then
      rm -rf "$work"; reason "npm could not get componentize-js"; return 1
    fi
    settle "$work" "$tool"
  fi
  cp tools/guests/js/componentize.mjs "$tool"
  work=$(mktemp -d "$cache/tmp.XXXXXX")
  wit_of "$dir" "$work/wit"
  if ! node "$tool/componentize.mjs" "$dir/app.js" "$work/wit" "$name" "$output" >&2; then
    rm -rf "$work"; reason "componentize-js could not build it"; return 1
  fi
  rm -rf "$work"
}
