# Functions of the shell that runs the commands of a document (typed-commands.ts): commands use the demo of the test
# instead of the reader's, end by themselves, and fail if a gateway answers with an error.
set -e -E -o pipefail
exec </dev/null
# Stops background jobs when an error ends the shell.
trap 'kill $(jobs -p) 2>/dev/null || :' EXIT

# `typed_from <line of the document> $LINENO`: the following commands begin at that line. An error reports its line, also
# if it occurs in a function called there.
typed_from() {
  TYPED_OFFSET=$(($1 - $2 - 1))
}
trap 'TYPED_AT=${BASH_LINENO[*]: -1}; echo "typed in line $((TYPED_OFFSET + ${TYPED_AT:-LINENO}))" >&2' ERR

# Runs a command that only Ctrl-C ends, and interrupts it after a while. Fails if the command fails earlier.
for_a_while() {
  timeout --signal=INT --kill-after=10 "$@" || (($? == 124))
}

# `--answers 409` replaces a comment `# 409 …` after the command: the document expects this error.
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

# The reader's program, started with `&` and ended with `kill $!`: exec makes it the process with this id.
node() {
  exec "$TYPED_NODE" "$@"
}

medkit() {
  local program=("$TYPED_NODE" --disable-warning=ExperimentalWarning "$TYPED_ROOT/packages/programs/cli/src/main.ts")
  case "$1 ${2-}" in
    # With a separate port it is started with `&`, like an island.
    'up --port') exec timeout --signal=INT --kill-after=10 90 "${program[@]}" "$@" ;;
    # An additional gateway of the document, started with `&` like an island.
    'up --config') [[ " $* " != *' --port '* ]] || exec timeout --signal=INT --kill-after=10 90 "${program[@]}" "$@" ;;&
    'up '*) for_a_while 8 "${program[@]}" "$@" --port 0 ;;
    # They are started with `&` and ended with `kill $!`: exec makes them the process with this id.
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
