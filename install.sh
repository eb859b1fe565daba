#!/bin/sh
# Installs Hob on a Linux machine with systemd: a release under /opt/hob, a user, a service, the `hob` command.
# It may be run again at any time: what is right already stays as it is. Data and configuration are never touched
# except by --purge. Exit codes: 0 done, 1 failed, 2 wrong use, 3 this machine does not fit.
set -eu

usage() {
  cat <<'TEXT'
usage: ./install.sh [--yes] [--from RELEASE] [--http-port PORT] [--data-dir DIR] [--no-start] [--dry-run] [--root DIR]
       ./install.sh --uninstall | --purge

  --from RELEASE    install this release (a folder or a tar archive); default: the clone this script stands in,
                    which is built first when needed
  --http-port PORT  port of web page and API in a new configuration; default 80
  --data-dir DIR    where the house's data lives; default /var/lib/hob
  --no-start        install, but neither enable nor start the service
  --dry-run         say what would be done, change nothing
  --root DIR        install into DIR instead of /, without user and service tools (images, tests)
  --uninstall       remove the program and the service; data and configuration stay
  --purge           remove those as well
  --yes             do not ask
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'hob install: %s\n' "$*" >&2; exit 1; }
misuse() { printf 'hob install: %s\n' "$*" >&2; usage >&2; exit 2; }

# step WHAT COMMAND...: says it, and does it unless this is a dry run.
step() {
  say "  $1"
  shift
  [ -n "$dry_run" ] || "$@"
}

parse() {
  root='' from='' http_port='' data_dir=/var/lib/hob verb=install assume_yes='' start=yes dry_run=''
  while [ $# -gt 0 ]; do
    case $1 in
      --root | --from | --http-port | --data-dir)
        [ $# -ge 2 ] || misuse "$1 needs a value"
        case $1 in
          --root) root=${2%/} ;;
          --from) from=$2 ;;
          --http-port) http_port=$2 ;;
          --data-dir) data_dir=${2%/} ;;
        esac
        shift
        ;;
      --yes) assume_yes=yes ;;
      --no-start) start='' ;;
      --dry-run) dry_run=yes ;;
      --uninstall) verb=uninstall ;;
      --purge) verb=purge ;;
      --help | -h) usage && exit 0 ;;
      *) misuse "unknown argument $1" ;;
    esac
    shift
  done
  case $http_port in *[!0-9]*) misuse "--http-port wants a number, not $http_port" ;; esac
  case $data_dir in /*) ;; *) misuse "--data-dir wants a path from /, not $data_dir" ;; esac
  case $data_dir in *[!A-Za-z0-9/._-]*) misuse "--data-dir may hold letters, digits and / . _ - only" ;; esac
  case $root in '' | /*) ;; *) root=$(pwd)/$root ;; esac
  opt=$root/opt/hob
  config=$root/etc/hob/config.yaml
  unit=$root/etc/systemd/system/hob.service
  drop_in=$root/etc/systemd/system/hob.service.d/data.conf
  sysusers=$root/usr/lib/sysusers.d/hob.conf
  command=$root/usr/local/bin/hob
  data=$root$data_dir
}

# ---- Does this machine fit? -----------------------------------------------------------------------------------------

problem() {
  problems=$((problems + 1))
  printf '  - %s\n' "$*" >&2
}

check_machine() {
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) arch='' && problem "this is a $(uname -m) machine; Hob runs on 64-bit x86 and ARM" ;;
  esac
  [ "$(getconf LONG_BIT)" = 64 ] || problem 'the system is 32-bit (a 64-bit kernel is not enough): install a 64-bit system'
  [ -n "$root" ] || check_libc
  folder=$opt
  until [ -d "$folder" ]; do folder=$(dirname "$folder"); done
  free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free" -ge 600 ] || [ "$verb" != install ] || problem "$folder has $free MB free, 600 MB are needed"
}

check_libc() {
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | awk '{ print $2 }')
  [ -n "$libc" ] || { problem 'the C library is not glibc (Debian 12 or newer is right)'; return; }
  newest=$(printf '%s\n2.34\n' "$libc" | sort -V | tail -n 1)
  [ "$newest" = "$libc" ] || problem "glibc is $libc, 2.34 or newer is needed (Debian 12 or newer)"
}

check_rights() {
  [ -z "$root" ] || return 0
  [ "$(id -u)" = 0 ] || [ -n "$dry_run" ] || problem 'this needs root: run it with sudo'
  [ -z "$start" ] || [ -d /run/systemd/system ] || problem 'systemd is not running: use --no-start and start /opt/hob/current/hob yourself'
}

# port_holder PORT: who listens there, or nothing. Hob itself does not count.
port_holder() {
  holder=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p; t; s/.*/another program/p' | head -n 1)
  [ -n "$holder" ] || return 0
  main=$(systemctl show -P MainPID hob 2>/dev/null || true)
  case $holder in *"process $main)") ;; *) say "$holder" ;; esac
}

check_ports() {
  [ -z "$root" ] && [ -n "$start" ] || return 0
  check_port "${http_port:-$(configured http_port 80)}" "use --http-port 8080 (in $config once that exists)"
  check_port "$(configured mqtt_port 1883)" "set mqtt_port in $config"
}

# check_port PORT OTHERWISE: OTHERWISE says what else can be done than to stop who listens there.
check_port() {
  by=$(port_holder "$1")
  [ -z "$by" ] || problem "port $1 is taken by $by: stop it, or $2"
}

# A folder of somebody else's is never taken over, so that --purge can never remove one.
check_data() {
  [ ! -d "$data" ] || [ -e "$data/hub.db" ] || [ -z "$(ls -A "$data")" ] ||
    problem "$data holds other files than Hob's: name a new or empty folder with --data-dir"
}

# configured KEY DEFAULT: the value of a key in the configuration file.
configured() {
  value=''
  [ ! -f "$config" ] || value=$(sed -n "s/^$1: *\([0-9][0-9]*\).*/\1/p" "$config" | head -n 1)
  say "${value:-$2}"
}

check() {
  problems=0
  check_rights
  check_machine
  [ "$verb" != install ] || { check_ports; check_data; }
  [ "$problems" = 0 ] || { say 'hob install: nothing was changed' >&2; exit 3; }
}

# ---- The release ----------------------------------------------------------------------------------------------------

# Sets `tree` to a folder that holds the release to install.
find_release() {
  here=$(cd "$(dirname "$0")" && pwd)
  if [ -z "$from" ] && [ -f "$here/SHA256SUMS" ]; then from=$here; fi
  if [ -z "$from" ]; then
    [ -f "$here/server/system/package/release.mjs" ] || fail 'no release here: name one with --from'
    [ -d "$here/node_modules" ] || fail "run 'npm install' in $here first"
    tree=$scratch/release
    as_owner "$here/server/node.sh" "$here/server/build.mjs" --missing || fail 'the build failed'
    "$here/server/node.sh" "$here/server/system/package/release.mjs" "$tree" || fail 'the release could not be laid out'
  elif [ -d "$from" ]; then
    tree=$from
  elif [ -f "$from" ]; then
    tree=$scratch/release
    mkdir "$tree"
    tar -xf "$from" -C "$tree" || fail "$from is no tar archive"
  else
    fail "there is no $from"
  fi
  [ -f "$tree/SHA256SUMS" ] || fail "${from:-$tree} holds no release (no SHA256SUMS in it)"
  is_whole "$tree" || fail "${from:-$tree} is damaged: a file does not match SHA256SUMS"
  [ -x "$tree/node_modules/node-linux-$arch/bin/node" ] || fail "this release is not made for $arch"
  version=$(sed -n 's/^  "version": "\([0-9A-Za-z.+-]*\)",*$/\1/p' "$tree/package.json")
  [ -n "$version" ] || fail "$tree/package.json names no version"
}

# The clone stays its owner's: what a build writes into it does not become root's.
as_owner() {
  owner=$(stat -c %U "$here")
  if [ "$(id -u)" = 0 ] && [ "$owner" != root ] && [ "$owner" != UNKNOWN ]; then runuser -u "$owner" -- "$@"; else "$@"; fi
}

is_whole() { (cd "$1" && sha256sum --check --quiet --strict SHA256SUMS >/dev/null 2>&1); }

has_release() {
  [ "$(readlink "$opt/current" 2>/dev/null)" = "releases/$version" ] &&
    cmp -s "$tree/SHA256SUMS" "$opt/releases/$version/SHA256SUMS" && is_whole "$opt/releases/$version"
}

copy_release() {
  mkdir -p "$opt/releases"
  rm -rf "$opt/releases/.new" "$opt/releases/.old"
  cp -R "$tree" "$opt/releases/.new"
  chmod -R u=rwX,go=rX "$opt/releases/.new"
  [ "$(id -u)" != 0 ] || chown -R 0:0 "$opt/releases/.new"
  before=$(readlink "$opt/current" 2>/dev/null || true)
  [ ! -d "$opt/releases/$version" ] || mv "$opt/releases/$version" "$opt/releases/.old"
  mv "$opt/releases/.new" "$opt/releases/$version"
  ln -s "releases/$version" "$opt/current.new"
  mv -T "$opt/current.new" "$opt/current"
  # The release before stays as the way back; older ones go.
  for each in "$opt/releases"/* "$opt/releases/.old"; do
    case ${each##*/} in "$version" | "${before##*/}") ;; *) rm -rf "$each" ;; esac
  done
}

# ---- The parts around it --------------------------------------------------------------------------------------------

# has TEXT FILE: whether the file holds exactly this text.
has() { [ -f "$2" ] && [ "$1" = "$(cat "$2")" ]; }

# put TEXT FILE MODE: writes the file in one move.
put() {
  mkdir -p "$(dirname "$2")"
  printf '%s\n' "$1" >"$2.new"
  chmod "$3" "$2.new"
  mv "$2.new" "$2"
}

# keep TEXT FILE MODE WHAT: writes the file unless it is right; notes that something changed.
keep() {
  ! has "$1" "$2" || return 0
  step "$4: $2" put "$1" "$2" "$3"
  changed=yes
}

add_user() {
  if [ -n "$root" ]; then
    printf 'hob:x:990:990:Hob smart-home hub:/var/lib/hob:/usr/sbin/nologin\n' >>"$root/etc/passwd"
    printf 'hob:x:990:\n' >>"$root/etc/group"
  elif command -v systemd-sysusers >/dev/null; then
    systemd-sysusers "$sysusers"
  else
    useradd --system --user-group --home-dir /var/lib/hob --no-create-home --shell /usr/sbin/nologin hob
  fi
}

has_user() { grep -q '^hob:' "$root/etc/passwd" 2>/dev/null; }

# ids_of_hob: USER:GROUP by number, since a scratch root has its own users.
ids_of_hob() { sed -n 's/^hob:[^:]*:\([0-9]*:[0-9]*\):.*/\1/p' "$root/etc/passwd"; }

put_config() {
  put "$(sed "s/^http_port: .*/http_port: ${http_port:-80}/" "$package/config.yaml")" "$config" 0640
  [ "$(id -u)" != 0 ] || chown "0:$(ids_of_hob | cut -d: -f2)" "$config"
}

make_data() {
  mkdir -p "$data"
  chmod 0700 "$data"
  [ "$(id -u)" != 0 ] || chown "$(ids_of_hob)" "$data"
}

command_text() {
  cat <<TEXT
#!/bin/sh
HOB_DATA=\${HOB_DATA:-$data_dir}
export HOB_DATA
exec /opt/hob/current/hob "\$@"
TEXT
}

drop_in_text() {
  cat <<TEXT
[Service]
Environment=HOB_DATA=$data_dir
ReadWritePaths=$data_dir
TEXT
}

# ---- Verbs ----------------------------------------------------------------------------------------------------------

install_hob() {
  find_release
  package=$tree/server/system/package
  confirm "Install Hob $version into $opt?"
  say "Hob $version"
  changed=''
  if has_release; then
    say "  $opt/releases/$version is there and whole"
  else
    step "copy the release to $opt/releases/$version" copy_release
    changed=yes
  fi
  keep "$(cat "$package/hob.sysusers")" "$sysusers" 0644 'describe the user hob'
  [ -z "$root" ] || mkdir -p "$root/etc"
  has_user || step 'add the user hob' add_user
  [ -f "$config" ] || step "write the configuration $config" put_config
  [ -z "$http_port" ] || [ "$(configured http_port 80)" = "$http_port" ] || say "  $config stays as it is: http_port is set there"
  [ -d "$data" ] || step "make the data folder $data" make_data
  keep "$(command_text)" "$command" 0755 'put the command'
  keep "$(cat "$package/hob.service")" "$unit" 0644 'put the service'
  if [ "$data_dir" != /var/lib/hob ]; then
    keep "$(drop_in_text)" "$drop_in" 0644 'tell the service its data folder'
  elif [ -f "$drop_in" ]; then
    step "the data folder is /var/lib/hob again: remove $drop_in" rm "$drop_in"
    changed=yes
  fi
  start_service
  farewell
}

start_service() {
  [ -z "$root" ] && [ -n "$start" ] || return 0
  [ -z "$changed" ] || step 'systemctl daemon-reload' systemctl daemon-reload
  systemctl is-enabled -q hob 2>/dev/null || step 'enable the service' systemctl enable -q hob
  if ! systemctl is-active -q hob; then
    step 'start the service' systemctl start hob
  elif [ -n "$changed" ]; then
    step 'restart the service' systemctl restart hob
  fi
}

farewell() {
  [ -z "$dry_run" ] || { say 'Nothing was changed (--dry-run).'; return; }
  port=$(configured http_port 80)
  [ "$port" = 80 ] && port='' || port=:$port
  say ''
  if [ -n "$root" ] || [ -z "$start" ]; then
    say "Installed. Start it with: systemctl enable --now hob"
  else
    say "Hob runs. Its page: http://$(uname -n)$port and its log: journalctl -u hob"
  fi
  say 'Make yourself the owner with the link that this shows:'
  say '  sudo hob claim'
}

remove_program() {
  running=''
  [ -n "$root" ] || [ ! -d /run/systemd/system ] || running=yes
  [ -z "$running" ] || [ ! -f "$unit" ] || step 'stop and disable the service' systemctl disable -q --now hob
  remove "$unit" "$drop_in" "$command" "$sysusers" "$opt"
  # What somebody else put beside our part of the service is theirs.
  [ ! -d "${drop_in%/*}" ] || [ -n "$dry_run" ] || rmdir --ignore-fail-on-non-empty "${drop_in%/*}"
  [ -z "$running" ] || step 'systemctl daemon-reload' systemctl daemon-reload
}

# remove PATH...: those that are there.
remove() {
  for each; do
    [ ! -e "$each" ] || step "remove $each" rm -rf "$each"
  done
}

remove_user() {
  if [ -n "$root" ]; then
    sed -i '/^hob:/d' "$root/etc/passwd" "$root/etc/group"
  else
    userdel hob
  fi
}

uninstall_hob() {
  confirm "Remove Hob? Data in $data and configuration in $root/etc/hob stay."
  say 'Removing Hob'
  remove_program
  say "Data in $data, the configuration in $root/etc/hob and the user hob stay. --purge removes them."
}

purge_hob() {
  confirm "Remove Hob with all data in $data?"
  # The data folder that the service was told is the one to remove.
  told=$(sed -n 's/^Environment=HOB_DATA=//p' "$drop_in" 2>/dev/null || true)
  [ -z "$told" ] || data=$root$told
  check_data
  [ "$problems" = 0 ] || fail 'nothing was changed'
  say 'Removing Hob and its data'
  remove_program
  remove "$data" "$root/etc/hob"
  ! has_user || step 'remove the user hob' remove_user
}

# confirm QUESTION: asks at a terminal; elsewhere, and with --yes, it goes on.
confirm() {
  [ -z "$assume_yes" ] && [ -z "$dry_run" ] && [ -t 0 ] && [ -t 1 ] || return 0
  printf '%s [y/N] ' "$1"
  read -r answer
  case $answer in y | Y | yes) ;; *) fail 'nothing was changed' ;; esac
}

main() {
  parse "$@"
  check
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM
  case $verb in
    install) install_hob ;;
    uninstall) uninstall_hob ;;
    purge) purge_hob ;;
  esac
}

main "$@"
