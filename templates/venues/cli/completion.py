# Edited in templates/venues/cli/completion.py; the copy in generated/ is imported.
"""venues completion: what makes a shell complete commands, APIs, operations, parameters and their values."""

from __future__ import annotations

from argparse import Namespace

from venues.cli.printing import print_line

# Bash ends words at "=", so what it is offered must begin after that.
BASH = """\
_venues() {
    local current=${COMP_LINE:0:COMP_POINT} IFS=$' \\t\\n' words
    read -ra words <<< "$current"
    [[ $current == *" " ]] && words+=("")
    IFS=$'\\n'
    COMPREPLY=($(venues complete -- "${words[@]:1}" 2>/dev/null))
    local last=${words[-1]}
    [[ $last == *=* ]] && COMPREPLY=("${COMPREPLY[@]#"${last%%=*}="}")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}
complete -o default -F _venues venues"""
ZSH = """\
#compdef venues
_venues() {
    local -a found
    found=("${(@f)$(venues complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -S '' -- ${(M)found:#*=}
    compadd -- ${found:#*=}
}
compdef _venues venues"""
FISH = """\
complete -c venues -f -a '(venues complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def run(options: Namespace) -> None:
    """Print the script of a shell; `source <(venues completion bash)` loads it."""
    print_line(SCRIPTS[options.shell])
