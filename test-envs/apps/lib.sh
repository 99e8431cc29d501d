# What the applications' scripts share: the same story for each, told by bin/bdb-standby's commands. Sourced by NAME/run,
# which defines the application's own part:
#
#   needs      one line a package: PACKAGE COMMAND..., which succeeds when the package is there
#   create     makes the application's data; sets the arrays HOME_OPTIONS (--home and what else a snapshot needs)
#   load       works until it is killed; notes each commit that the application was told is durable: acknowledged TEXT
#   place DIR  prepares DIR for the application, where a standby is to be; prints the standby's own path
#   check DIR ACKS   the application's checker, on the promoted standby in DIR; every line of the file ACKS must be found
set -euo pipefail
apps=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$apps/../.." && pwd)
app=$(basename "$(cd "$(dirname "$0")" && pwd)")
here=$apps/$app
work=${APPS_DIR:-$root/target/apps}/$app
results=$work/results
acks=$work/acknowledged
: "${APPS_SYNCS:=5}" "${APPS_COMMITS:=20}" # rounds, and the least commits between two of them
children=()
as=() # how the application's user is become, if it is not ours
cd "$here"

say() { printf '%s: %s\n' "$app" "$*" >&2; }

# A column of the table. What was begun and not finished is told as failed when the script ends.
result() { printf '%s\t%s\n' "$1" "$2" >>"$results"; say "$1: $2"; }

die() {
  say "$*"
  return 1
}

# Our own children only, by the number of the group that each was started in.
stop_child() { kill -KILL -- "-$1" 2>/dev/null || true; }

finish() {
  local status=$?
  trap - EXIT
  for child in "${children[@]}"; do stop_child "$child"; done
  if ((status)); then
    printf 'failed\t%s\n' "${step:-start}" >>"$results"
    say "FAILED in: ${step:-start}; all is left in $work"
  fi
  exit "$status"
}

# Starts a command in a group of its own, whose number is in $child.
background() { # name, command...
  local name=$1
  shift
  setsid "$@" </dev/null >>"$work/$name.out" 2>>"$work/$name.err" &
  child=$!
  children+=("$child")
}

install_needs() {
  local missing=() package probe
  while read -r package probe; do
    [[ -n $package ]] || continue
    bash -c "$probe" >/dev/null 2>&1 || missing+=("$package")
  done < <(needs)
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  local log=$work/install.log
  # One at a time: packages are installed under dpkg's lock. Services are not started here.
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 </dev/null || {
    tail -n 5 "$log" >&2
    result needs "not to be had: ${missing[*]}"
    exit 77
  }
}

# A command of bdb-standby, with an end; its JSON is in $json.
standby() {
  local command=$1 status=0
  shift
  json=$(timeout -k 10 180 "${as[@]}" "$root/bin/bdb-standby" "$command" --json "$@" 2>"$work/$command.err") || status=$?
  printf '%s\n' "$json" >>"$work/$command.json"
  ((status == 0)) && return 0
  say "$command ends with $status: $(field reason "$json"): $(tail -n 2 "$work/$command.err" | tr '\n' ' ')"
  return "$status"
}

# A plain value of a JSON object, the last one of that name: "name":value or "name":"value".
field() { grep -oE "\"$1\":(\"[^\"]*\"|[0-9.a-z]+)" <<<"$2" | tail -n 1 | sed -E 's/^"[^"]*"://; s/^"//; s/"$//'; }

# The first step of a snapshot: its files and bytes.
copied() { grep -oE '"step":"copy-databases","files":[0-9]+,"bytes":[0-9]+' <<<"$json" | grep -oE '[0-9]+' | paste -sd' '; }

acknowledged() { printf '%s\n' "$*" >>"$acks"; }
commits() { wc -l <"$acks"; }

# Waits until a command succeeds; an application that has stopped working is told, not waited for without end.
await() { # what, seconds, command...
  local what=$1 end=$((SECONDS + $2))
  shift 2
  until "$@"; do
    ((SECONDS < end)) || die "waited too long for $what"
    kill -0 "$loader" 2>/dev/null || die "the program has ended by itself: $(tail -n 3 "$work/load.err")"
    sleep 0.2
  done
}
have_commits() { (($(commits) >= $1)); }
await_commits() { await "$1 more commits" 120 have_commits $(($(commits) + $1)); }
have_cycles() { (($(grep -c '"outcome":"ok"' "$work/follow.out") >= $1)); }

# Every line of the file $1 is in the file $2.
contains_all() {
  local lost
  lost=$(LC_ALL=C comm -23 <(LC_ALL=C sort -u "$1") <(LC_ALL=C sort -u "$2") | wc -l)
  ((lost == 0)) || die "$lost of $(wc -l <"$1") acknowledged commits are not there"
}

# Ends the load as a machine's end does.
kill_application() { stop_child "$loader"; wait "$loader" 2>/dev/null || true; }

# A command's answer that asks for a new snapshot, where that is to be expected.
expected_gap() { # status
  [[ $1 == 4 && $(field reason "$json") == "$EXPECTED_GAP" ]] || die "not to be expected here"
}

# A sync, or the new snapshot that it asks for.
bring_forward() {
  local status=0
  standby sync --standby "$synced" "${FOLLOW_OPTIONS[@]}" || status=$?
  ((status)) || return 0
  expected_gap "$status"
  standby snapshot "${HOME_OPTIONS[@]}" --standby "$synced" "${SNAPSHOT_OPTIONS[@]}"
  anew=$((anew + 1))
}

# A failover with the source's disk there. Where the program has removed log files that the standby does not have, it is
# told so, and goes the way that the hint names.
take_over() {
  local status=0
  salvaged=
  standby failover --standby "$synced" || status=$?
  ((status)) || return 0
  expected_gap "$status"
  [[ $json == *"bdb-standby recover --normal"*"bdb-standby snapshot"* ]] || die "no way out is named"
  standby recover --normal "${HOME_OPTIONS[@]}"
  standby snapshot "${HOME_OPTIONS[@]}" --standby "$synced" "${SNAPSHOT_OPTIONS[@]}"
  standby failover --standby "$synced"
  salvaged=" by recovery of the source and a new snapshot ($EXPECTED_GAP),"
}

verified() {
  standby verify --standby "$synced"
  standby verify --standby "$synced" --drill
  result verify 'ok, drilled'
}

story() {
  rm -rf "$work"
  mkdir -p "$work"
  chmod 1777 "$work" # the application may run as a user of its own
  : >"$acks"
  : >"$results"
  trap finish EXIT
  step=needs && install_needs
  step=create && create

  step=load
  background load "$here/run" load
  loader=$child
  await_commits "$APPS_COMMITS"

  step=snapshot
  synced=$(place "$work/synced")
  standby snapshot "${HOME_OPTIONS[@]}" --standby "$synced" "${SNAPSHOT_OPTIONS[@]}"
  read -r files bytes <<<"$(copied)"
  result snapshot "$files files, $(numfmt --to=iec "$bytes")B, $(field copyMethod "$json")"
  step=follow
  followed=$(place "$work/followed")
  standby snapshot "${HOME_OPTIONS[@]}" --standby "$followed" "${SNAPSHOT_OPTIONS[@]}"
  background follow "${as[@]}" "$root/bin/bdb-standby" follow --json --standby "$followed" "${FOLLOW_OPTIONS[@]}"
  follower=$child

  step=sync
  local before anew=0
  before=$(commits)
  for ((i = 0; i < APPS_SYNCS; i++)); do
    await_commits "$APPS_COMMITS"
    bring_forward
  done
  result sync "$APPS_SYNCS, $(($(commits) - before)) commits meanwhile$( ((anew == 0)) || echo ", $anew by a new snapshot ($EXPECTED_GAP)")"

  step=verify
  verified

  # What was acknowledged before a cycle began is there when the source and its disk are gone.
  step=failover
  cp "$acks" "$work/shipped"
  await "two cycles" 120 have_cycles $(($(grep -c . "$work/follow.out") + 2))
  kill_application
  gone
  standby failover --take-over --standby "$followed"
  wait "$follower" || true
  # Nobody has the source open any more, and its disk can be read after all.
  back
  take_over
  result follow "$(grep -c '"outcome":"ok"' "$work/follow.out") cycles, $(grep -c snapshot-taken "$work/follow.err" || true) by a new snapshot"
  result failover "ok${salvaged:-,} also with the source gone"

  step=check
  check "$work/synced" "$acks"
  check "$work/followed" "$work/shipped"
  result check "$(commits) commits, none lost; $CHECKER"
}

# The source's disk is lost, and found.
gone() { mv "$SOURCE" "$SOURCE-lost"; }
back() { mv "$SOURCE-lost" "$SOURCE"; }

EXPECTED_GAP=none # the reason for which a sync may ask for a new snapshot
FOLLOW_OPTIONS=()
SNAPSHOT_OPTIONS=()
main() {
  case ${1-} in
    load) load ;;
    '') story ;;
    *) die "usage: $0" ;;
  esac
}
