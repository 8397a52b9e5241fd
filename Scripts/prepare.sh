# What Scripts/carousel and Scripts/test share: installing what is missing, and building. Read by them with `.`;
# $root is the folder of the package. Everything said goes to standard error.

# What a build needs, as the file that shows that it is there, and the Debian package that brings it.
needed='
/usr/include/readline/readline.h libreadline-dev
/usr/include/zip.h libzip-dev
/usr/include/stdio.h libc6-dev
/usr/bin/pkg-config pkg-config
/usr/bin/ld binutils
/usr/bin/rsvg-convert librsvg2-bin
'

# How tests are built. A folder of its own: these flags are not those of Scripts/carousel, and neither shall undo the
# other's build.
test_flags="-c release --scratch-path .build/test-release -Xswiftc -enable-testing -Xswiftc -warnings-as-errors"

say() { printf '%s: %s\n' "$speaker" "$*" >&2; }

# prepare NAME: sees to it that a build can begin; NAME is who speaks.
prepare() {
  speaker=$1
  install_packages
  if ! command -v swift >/dev/null; then
    say "Swift 6 is needed, and the command swift is not found."
    say "How to install it: https://www.swift.org/install/ (then start again; PATH must lead to swift)"
    exit 1
  fi
}

install_packages() {
  missing=$(missing_packages)
  [ -z "$missing" ] && return
  if ! command -v apt-get >/dev/null; then
    say "these Debian packages are missing, or what your system calls them:$missing"
    exit 1
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "missing:$missing; as root: apt-get install$missing"
      exit 1
    fi
    as_root=sudo
  fi
  say "installing$missing (apt-get)"
  # shellcheck disable=SC2086 # the names are words
  if ! install_with_apt $missing; then
    say "asking for the current list of packages (apt-get update)"
    $as_root apt-get -q update >&2
    # shellcheck disable=SC2086
    if ! install_with_apt $missing; then
      say "apt-get could not install:$missing"
      exit 1
    fi
  fi
}

install_with_apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" >&2
}

# The packages whose files are not there, each after a blank. Looks at files only: quick.
missing_packages() {
  echo "$needed" | while read -r file package; do
    if [ -n "$file" ] && [ ! -e "$file" ]; then printf ' %s' "$package"; fi
  done
}

# build_program: the release build, and the stamp that Scripts/carousel compares the sources with.
build_program() {
  mkdir -p "$root/.build"
  # A source that is saved while the build runs is newer than this, so it is not forgotten.
  : >"$root/.build/carousel.stamp.new"
  say "building the program (release; the first time takes a few minutes)"
  if ! swift build --package-path "$root" -c release --product carousel --static-swift-stdlib >&2; then
    say "the build failed"
    exit 1
  fi
  mv "$root/.build/carousel.stamp.new" "$root/.build/carousel.stamp"
}
