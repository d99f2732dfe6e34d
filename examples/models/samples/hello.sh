#!/bin/sh
# Greet every user who owns a directory below the given path.
set -eu

root=${1:-/home}
loud=no

usage() {
    echo "usage: $0 [directory]" >&2
    exit 2
}

[ -d "$root" ] || usage

greet() {
    name=$1
    if [ "$loud" = yes ]; then
        name=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
    fi
    printf 'hello, %s\n' "$name"
}

for dir in "$root"/*; do
    [ -d "$dir" ] || continue
    case "$(basename "$dir")" in
        lost+found) ;;
        *) greet "$(basename "$dir")" ;;
    esac
done
