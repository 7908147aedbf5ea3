# Runs a command until it succeeds, for ten minutes: new roles and the first start of an app take a while to count.
retry() {
  left=20
  until "$@"; do
    left=$((left - 1))
    if [ "$left" -eq 0 ]; then echo "Given up: $*" >&2; return 1; fi
    sleep 30
  done
}
