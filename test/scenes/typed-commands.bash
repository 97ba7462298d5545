# What a shell has that types the commands of a document (typed-commands.ts): they reach the demo of the test instead of the
# one that a reader started, they come to an end by themselves, and an error that a gateway answers fails them.
set -e -E -o pipefail
exec </dev/null
# What is left in the background when an error ends it.
trap 'kill $(jobs -p) 2>/dev/null || :' EXIT

# `typed_from <line of the document> $LINENO`: what comes next is from there on. An error tells the line that it is in, also
# where it is in a function that this line calls.
typed_from() {
  TYPED_OFFSET=$(($1 - $2 - 1))
}
trap 'TYPED_AT=${BASH_LINENO[*]: -1}; echo "typed in line $((TYPED_OFFSET + ${TYPED_AT:-LINENO}))" >&2' ERR

# Runs a command that only Ctrl-C ends, and ends it; fails where it fails before that.
for_a_while() {
  timeout --signal=INT --kill-after=10 "$@" || (($? == 124))
}

# `--answers 409` stands for a comment `# 409 …` behind the command: this error is what the document tells of.
curl() {
  local words=() stream= status=
  while (($#)); do
    case $1 in
      -N | --no-buffer) stream=1 ;;
      --answers) status=$2 && shift ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ $status ]]; then
    local answer
    answer=$(command curl -sS --max-time 30 -w '\n%{http_code}' "${words[@]}")
    printf '%s\n' "$answer"
    [[ ${answer##*$'\n'} == "$status" ]]
  elif [[ $stream ]]; then
    for_a_while 2 curl -sS --fail-with-body -N "${words[@]}"
  else
    command curl -sS --max-time 30 --fail-with-body "${words[@]}"
  fi
}

# A program of the reader's own, typed with `&` and ended with `kill $!`: this is the process that then is meant.
node() {
  exec "$TYPED_NODE" "$@"
}

medkit() {
  local program=("$TYPED_NODE" --disable-warning=ExperimentalWarning "$TYPED_ROOT/packages/programs/cli/src/main.ts")
  case "$1 ${2-}" in
    # On a port of its own it is typed with `&`, as an island is.
    'up --port') exec timeout --signal=INT --kill-after=10 90 "${program[@]}" "$@" ;;
    # A gateway of the document's own, typed with `&` as the island is.
    'up --config') [[ " $* " != *' --port '* ]] || exec timeout --signal=INT --kill-after=10 90 "${program[@]}" "$@" ;;&
    'up '*) for_a_while 8 "${program[@]}" "$@" --port 0 ;;
    # They are typed with `&`, and ended with `kill $!`: this is the process that then is meant.
    'island '* | 'plc '*) exec timeout --signal=INT --kill-after=10 90 "${program[@]}" "$@" ;;
    'doctor '*) "${program[@]}" "$@" || (($? == 1)) ;;
    'demo '*) "${program[@]}" "$@" --domain "$TYPED_DOMAIN" ;;
    'vda5050 explain' | 'vda5050 check') "${program[@]}" "$@" --url "$TYPED_URL" ;;
    'manifest check' | audit* | config*) "${program[@]}" "$@" ;;
    *) MEDKIT_URL=${MEDKIT_URL:-$TYPED_URL} "${program[@]}" "$@" ;;
  esac
}

npm() {
  case "$1 $2" in
    'run example') [[ $4 != examples/two-robots/cell.ts ]] || return 0 ;;& # It runs, as the demo does.
    'start ' | 'start --') ;; # The demo runs, with the words that stand here.
    'run medkit') medkit "${@:4}" ;;
    'run example') for_a_while 5 "$TYPED_NODE" --disable-warning=ExperimentalWarning "${@:4}" "$TYPED_URL/api/v1" ;;
    *) echo "nobody knows how to type: npm $*" >&2 && return 1 ;;
  esac
}
