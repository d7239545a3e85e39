# Runs in the sandbox as `sh -c SCRIPT sh DIRECTORY ROOT UNCOMMITTED NAME EMAIL DATE`. Describes the checkout, then
# writes the pack that the operator requests. Writes nothing into the checkout.
#
#   stdin   "base-id ID", "base NAME" (each optional), "."
#   stdout  the header: "session-publish 1", one "key value" per line, "end header"; or "refused CODE", "end header"
#   stdin   "old ID|none", "chain yes|no", "tracking yes|no", "ofs yes|no", "thin yes|no", "lfs OID"..., ".", then ids that the forge has, one per line, "."; or "quit"
#   stdout  if chain: commits of old..new as `cat-file --batch` writes them, "end chain"; for each requested LFS
#           object "lfs-object OID SIZE" and its bytes, or "lfs-missing OID", then "end lfs"; then the pack

for name in $(env | sed -n 's/^\(GIT_[A-Za-z0-9_]*\)=.*/\1/p'); do
  unset "$name"
done
unset CDPATH
export LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_NO_REPLACE_OBJECTS=1 GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1
export GIT_ALLOW_PROTOCOL=none GIT_GRAFT_FILE=/dev/null GIT_PAGER=cat
umask 077
# Descriptor 3 writes to the operator, 4 reads from it. git and its children get neither, so that no leftover process
# keeps them open.
exec 3>&1 4<&0 </dev/null >/dev/null

say() { printf '%s\n' "$*" >&3; }
refuse() {
  say "refused $1"
  say 'end header'
  exit 3
}

# An empty core.fsmonitor disables it in every version; git before 2.36 would run "false" as a program.
plain_git() {
  git --git-dir="$git_dir" -c core.hooksPath=/dev/null -c core.fsmonitor= -c core.quotePath=true -c gc.auto=0 \
    -c maintenance.auto=false -c advice.graftFileDeprecated=false -c log.showSignature=false -c protocol.allow=never -c core.askPass= -c credential.helper= \
    -c pack.threads=1 -c pack.windowMemory=64m -c pack.deltaCacheSize=64m -c core.bigFileThreshold=16m \
    -c submodule.recurse=false -c diff.ignoreSubmodules=dirty -c diff.renames=false -c status.renames=false -c core.splitIndex=false -c core.safecrlf=false "$@" 3>&- 4<&-
}
tree_git() { plain_git --work-tree="$directory" "$@"; }
# `exit` in a pipe or a substitution does not end the script, but the operator stops at the "refused" line.
count() { plain_git rev-list --count "$@" || say 'refused damaged'; }
# Reads the commit, because a partial clone may lack its tree.
tree_of() { plain_git cat-file commit "$1" | sed -n '1s/^tree //p'; }

# Sets git_dir to the repository of the working tree $1.
find_git_dir() {
  if [ -d "$1/.git" ]; then
    git_dir=$1/.git
  elif [ -f "$1/.git" ]; then
    IFS= read -r line <"$1/.git" || [ -n "$line" ] || return 1
    case $line in
    'gitdir: /'*) git_dir=${line#gitdir: } ;;
    'gitdir: '*) git_dir=$1/${line#gitdir: } ;;
    *) return 1 ;;
    esac
  else
    return 1
  fi
}
tab=$(printf '\t')

say 'session-publish 1'
command -v git >/dev/null 2>&1 || refuse git-missing

base_id=
base=
while :; do
  IFS= read -r line <&4 || exit 4
  case $line in
  .) break ;;
  'base-id '*) base_id=${line#base-id } ;;
  'base '*) base=${line#base } ;;
  esac
done

# --- locate the repository
root=$(cd -P "$2" 2>/dev/null && pwd -P) || refuse workspace-missing
directory=$(cd -P "$1" 2>/dev/null && pwd -P) || refuse workspace-missing
case $directory/ in
"${root%/}"/*) ;;
*) refuse outside-workspace ;;
esac
cd "$directory" || refuse workspace-missing
bare=no
if ! find_git_dir "$directory"; then
  [ ! -e .git ] && [ -f HEAD ] && [ -d objects ] && [ -d refs ] || refuse not-a-repository
  git_dir=$directory
  bare=yes
fi
plain_git rev-parse --git-dir >/dev/null || refuse not-a-repository

# --- describe HEAD
busy=no
for name in MERGE_HEAD:merge CHERRY_PICK_HEAD:cherry-pick REVERT_HEAD:revert rebase-apply/applying:git-am rebase-merge:rebase rebase-apply:rebase BISECT_LOG:bisect; do
  if [ -e "$git_dir/${name%%:*}" ]; then
    say "operation ${name##*:}"
    busy=yes
  fi
done
# A cherry-pick or revert of several commits of which one was committed by hand: the others are pending.
if [ $busy = no ] && [ -s "$git_dir/sequencer/todo" ]; then
  IFS=' ' read -r name line <"$git_dir/sequencer/todo"
  case $name in
  r | revert) say 'operation revert' ;;
  *) say 'operation cherry-pick' ;;
  esac
  busy=yes
fi
for name in index.lock HEAD.lock; do
  if [ -e "$git_dir/$name" ]; then
    say "lock $name"
  fi
done
head=$(plain_git rev-parse --verify -q 'HEAD^{commit}') || {
  if plain_git symbolic-ref -q HEAD >/dev/null && ! plain_git rev-parse --verify -q HEAD >/dev/null; then
    refuse no-commits
  fi
  refuse damaged
}
tree=$(plain_git rev-parse --verify -q "$head^{tree}") || refuse damaged
branch=$(plain_git symbolic-ref -q HEAD) || branch=
case $branch in
refs/heads/*) say "branch ${branch#refs/heads/}" ;;
esac
shallow=$(plain_git rev-parse --is-shallow-repository 2>/dev/null)
# Missing objects of a partial clone are not fetched.
partial=no
missing=
missing_ok=
if plain_git config --get extensions.partialclone >/dev/null 2>&1 ||
  plain_git config --bool --get-regexp '^remote\..*\.promisor$' 2>/dev/null | grep -q ' true$'; then
  partial=yes
  missing=--missing=allow-any
  missing_ok=--missing-ok
fi
uncommitted=0
if [ "$bare" = no ]; then
  if [ -n "$(tree_git ls-files -u | head -n 1)" ]; then
    say 'operation merge-conflict'
    busy=yes
  fi
  uncommitted=$({ tree_git status --porcelain --untracked-files=normal --ignore-submodules=dirty || say 'refused damaged'; } | wc -l)
  uncommitted=$((uncommitted))
fi

# --- commit uncommitted changes, with index and objects in a temporary directory
new=$head
if [ "$3" = Commit ] && [ "$uncommitted" -gt 0 ] && [ $busy = no ]; then
  objects=$(plain_git rev-parse --git-path objects)
  temporary=
  for place in "${TMPDIR:-/tmp}" /tmp /dev/shm; do
    place=$(cd -P -- "$place" 2>/dev/null && pwd -P) || continue
    case $place/ in
    "${directory%/}"/* | "${objects%/objects}"/*) continue ;;
    esac
    temporary=$(mktemp -d "$place/session-publish.XXXXXX" 2>/dev/null) && break
  done
  [ -n "$temporary" ] || refuse no-temporary-directory
  trap 'rm -rf "$temporary"' EXIT
  trap 'exit 5' HUP INT TERM
  # A file, because GIT_ALTERNATE_OBJECT_DIRECTORIES would split the path at a colon.
  mkdir -p "$temporary/objects/info"
  printf '%s\n' "$objects" >"$temporary/objects/info/alternates"
  index=$(plain_git rev-parse --git-path index)
  if [ -f "$index" ]; then
    # Keeps the mtime, from which git detects files that changed in the second in which the index was written.
    cp -p "$index" "$temporary/index"
  fi
  export GIT_INDEX_FILE="$temporary/index" GIT_OBJECT_DIRECTORY="$temporary/objects"
  staged=$(tree_git write-tree $missing_ok) || refuse damaged
  tree_git add -u >/dev/null || refuse unreadable-files
  # Skips nested repositories, listed with a trailing slash: they would be added as links to commits that exist
  # nowhere else. The same goes for one that replaced a file.
  { tree_git ls-files --others --exclude-standard || say 'refused damaged'; } | sed -e '/\/$/d' -e '/\/"$/d' |
    tree_git update-index --add --remove --stdin || refuse unreadable-files
  zero=$(printf '%s' "$head" | tr 0-9a-f 0)
  tree_git diff-index --cached --diff-filter=T --full-index "$staged" |
    sed -n "s/^:[0-7]* 160000 [0-9a-f]* [0-9a-f]* T$tab/0 $zero$tab/p" | tree_git update-index --index-info
  made=$(tree_git write-tree $missing_ok) || refuse damaged
  if [ "$made" != "$tree" ]; then
    tree=$made
    new=$(printf 'Uncommitted changes of the session\n' |
      GIT_AUTHOR_NAME=$4 GIT_AUTHOR_EMAIL=$5 GIT_AUTHOR_DATE=$6 GIT_COMMITTER_NAME=$4 GIT_COMMITTER_EMAIL=$5 GIT_COMMITTER_DATE=$6 \
        plain_git -c i18n.commitEncoding=UTF-8 commit-tree "$made" -p "$head") || refuse damaged
  fi
fi

# --- compare with the base
tracking=
known=
if [ -n "$base" ]; then
  tracking=$(plain_git rev-parse --verify -q "refs/remotes/origin/$base^{commit}") || tracking=
fi
if [ -n "$base_id" ] && [ "$(plain_git cat-file -t "$base_id" 2>/dev/null)" = commit ]; then
  known=$base_id
fi
# Whether the submodule's repository has commit $1, but neither its remote-tracking refs nor its shallow boundary
# contain it.
is_unpushed() {
  plain_git cat-file -e "$1^{commit}" && [ -n "$(plain_git rev-list --max-count=1 "$1" --not --remotes \
    $(sed -n '1,100s/^[0-9a-f]\{40,64\}$/&/p' "$git_dir/shallow"))" ]
}
# Filters lines "COMMIT PATH" for submodules with such a commit that the base does not record.
unpushed_submodules() {
  unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
  above=$git_dir
  while IFS= read -r line; do
    path=${line#* }
    recorded=${line%% *}
    git_dir=$above
    of_base=
    for name in $known $tracking; do
      of_base="$of_base $(plain_git rev-parse --verify -q "$name:$path")"
    done
    find_git_dir "$directory/$path" || continue
    for commit in $recorded $(plain_git rev-parse --verify -q 'HEAD^{commit}'); do
      case "$of_base " in
      *" $commit "*) continue ;;
      esac
      if is_unpushed "$commit"; then
        printf 'submodule %.300s\n' "$path"
        break
      fi
    done
  done
}
if [ "$bare" = no ]; then
  plain_git ls-tree -r -z "$new" | tr '\0' '\n' | sed -n "s/^160000 commit \([0-9a-f]*\)$tab/\1 /p" | head -n 200 |
    unpushed_submodules 2>/dev/null | head -n 20 >&3
fi
set -- "$new"
for name in $known $tracking; do
  if [ "$shallow" != true ] && plain_git merge-base --is-ancestor "$new" "$name" 2>/dev/null; then
    if [ "$name" = "$known" ]; then say 'contained yes'; else say "tracked $new"; fi
  fi
  set -- "$@" "^$name"
done
if [ -z "$known" ] && [ -n "$tracking" ] && [ "$(tree_of "$tracking")" = "$tree" ] &&
  plain_git merge-base --is-ancestor "$tracking" "$new" 2>/dev/null; then
  say "tracked $tracking"
fi
if [ -n "$known" ]; then
  if [ "$shallow" != true ]; then
    say "ahead $(count "$known..$new")"
    say "behind $(count "$new..$known")"
  fi
  say "base-tree $(tree_of "$known")"
fi
if [ $# -gt 1 ]; then
  say "commits $(count "$@")"
fi
plain_git rev-list --encoding=UTF-8 --max-count=50 --format='subject %s' "$@" | cut -b1-1000 >&3

if plain_git grep -qE 'filter=lfs' "$new" -- ':(glob)**/.gitattributes' >/dev/null 2>&1; then
  plain_git rev-list --objects $missing "$@" | cut -d' ' -f1 |
    plain_git cat-file --batch-check='%(objecttype) %(objectsize) %(objectname)' | sed -n 's/^blob [0-9]\{1,3\} //p' |
    plain_git cat-file --batch |
    sed -n '/^[0-9a-f]\{40,64\} blob [0-9]*$/{
      n
      /^version https:\/\/git-lfs.github.com\/spec\/v1$/!b
      n
      s/^oid sha256:\([0-9a-f]*\)$/lfs-oid \1/p
      n
      s/^size \([0-9]*\)$/lfs-size \1/p
    }' | head -n 20002 >&3
fi
say "head $head"
say "new $new"
say "tree $tree"
say "uncommitted $uncommitted"
say "shallow ${shallow:-false}"
say "partial $partial"
say 'end header'

# --- read the request
old=
chain=no
use_tracking=no
offset=
thin=--thin
lfs=
while :; do
  IFS= read -r line <&4 || exit 4
  case $line in
  .) break ;;
  quit) exit ;;
  'old none') old= ;;
  'old '*) old=${line#old } ;;
  'chain '*) chain=${line#chain } ;;
  'tracking '*) use_tracking=${line#tracking } ;;
  'ofs yes') offset=--delta-base-offset ;;
  'thin no') thin= ;;
  'lfs '*) lfs="$lfs ${line#lfs }" ;;
  esac
done

if [ "$chain" = yes ]; then
  if [ "$(plain_git cat-file -t "$old" 2>/dev/null)" = commit ]; then
    plain_git rev-list --ancestry-path --topo-order "$old..$new" | plain_git cat-file --batch >&3
  fi
  say 'end chain'
fi

if [ -n "$lfs" ]; then
  common=$(plain_git rev-parse --git-common-dir)
  store=$(plain_git config --get --path lfs.storage) || store=lfs
  case $store in
  /*) store=$store/objects ;;
  *) store=$common/$store/objects ;;
  esac
  for name in $lfs; do
    rest=${name#??}
    file=$store/${name%"$rest"}/${rest%"${rest#??}"}/$name
    if [ -f "$file" ]; then
      say "lfs-object $name $(($(wc -c <"$file")))"
      cat "$file" >&3
    else
      say "lfs-missing $name"
    fi
  done
  say 'end lfs'
fi

# A thin pack needs base objects that a partial clone may lack.
if [ $partial = yes ]; then
  thin=
fi
# Each id costs a lookup, and in a partial clone an attempt to fetch it.
haves() {
  count=0
  while IFS= read -r line <&4 && [ "$line" != . ]; do
    count=$((count + 1))
    if [ $partial = no ] || [ $count -le 64 ]; then
      printf '%s\n' "$line"
    fi
  done
}
{
  printf '%s\n' "$new"
  {
    haves
    if [ "$use_tracking" = yes ]; then
      plain_git for-each-ref --count=2000 --format='%(objectname)' refs/remotes
    fi
  } | plain_git cat-file --batch-check='%(objecttype) %(objectname)' 2>/dev/null |
    sed -n -e 's/^commit /^/p' -e 's/^tag /^/p'
} | plain_git pack-objects --revs $thin $missing --stdout -q $offset >&3
