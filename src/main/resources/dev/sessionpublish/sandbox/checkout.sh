# Runs in the sandbox with the arguments DIRECTORY ROOT UNCOMMITTED NAME EMAIL and its own text in $script. Describes the
# checkout, then writes the pack that the operator requests. Writes nothing into the checkout.
#
#   stdin   "base-id ID", "base NAME", "tracking no", "files yes" (each optional), "."
#   stdout  the header: "session-publish 1", one "key value" per line, "end header"; or "refused CODE", "end header"
#   stdin   ids that the forge has, one per line, "."
#   stdin   "old ID|none", "chain yes|no", "tracking yes|no", "ofs yes|no", "thin yes|no", "lfs OID"..., "."; here and before also "quit"
#   stdout  if chain: commits of old..new as `cat-file --batch` writes them, "end chain"; for each requested LFS
#           object "lfs-object OID SIZE" and its bytes, or "lfs-missing OID", then "end lfs"; then the pack

unset IFS CDPATH
set -f
newline='
'
# --- read owners and permissions without a further program
# Sets $owned to "UID GID MODE" of each of these files, one per line. Fails if one is not there, or has lines in its name.
owners() {
  owned=
  files=$#
  listing=$(ls -ldn -- "$@" 2>/dev/null)
  set -- $?
  IFS=$newline
  for line in $listing; do
    unset IFS
    files=$((files - 1))
    set -- "$1" $line
    owned="$owned$4 $5 $2$newline"
  done
  unset IFS
  [ "$1" -eq 0 ] && [ $files -eq 0 ]
}
# Sets $unmatched to the first line of $owned that matches neither pattern.
unmatched() {
  unmatched=
  IFS=$newline
  for line in $owned; do
    case $line in
    $1 | $2) ;;
    *)
      unmatched=$line
      break
      ;;
    esac
  done
  unset IFS
}
root_only='0 * d????-??-*'
sticky='0 * d????????[tT]*'
# Adds to $ways the physical directory $1 and those that lead to it. Those named are no links, or `ls` tells.
add_way() {
  part=$1
  while [ -n "$part" ]; do
    case $ways in
    *"$newline$part$newline"*) return ;;
    esac
    ways=$ways$part$newline
    case $part in
    */*) part=${part%/*} ;;
    *) return ;;
    esac
  done
}
# Reads the owners of $ways, and of the root of the file system.
owners_of_ways() {
  IFS=$newline
  set -- / $ways
  unset IFS
  owners "$@"
}
# Prints the physical path of the directory $1 if root alone may change it and the way to it, which begins at the current
# directory where it leads there. In a directory with the sticky bit nobody may replace what belongs to root.
sealed() {
  place=$(cd -P -- "$1" 2>/dev/null && pwd -P) || return
  case $place in
  *"$newline"*) return 1 ;;
  "$directory"/*) place=.${place#"$directory"} ;;
  esac
  ways=$newline
  add_way "$place"
  owners_of_ways && unmatched "$root_only" "$sticky" && [ -z "$unmatched" ] && printf '%s\n' "$place"
}
# The same for a directory in which nobody else may add anything either.
closed() { sealed "$1" && owners "$1" && unmatched "$root_only" && [ -z "$unmatched" ]; }

# --- settle which programs are run
# Root runs no program that somebody else can have put on the PATH: of its directories those that root alone may change,
# then the system's. What runs as the owner of the checkout has all of that PATH.
container_path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
user=
while read -r name line _; do
  if [ "$name" = Uid: ]; then
    user=$line
    break
  fi
done 2>/dev/null </proc/self/status
[ -n "$user" ] || user=$(id -u 2>/dev/null) || user=0
# Until the directory of the checkout is the current one.
directory=/dev/null
# Sets $path to the directories of the PATH $1 that root alone may change, each with a colon after it. All are looked at at
# once, and one by one only if one of them, or of those that lead to it, is not such a directory.
safe_path() {
  path=
  ways=$newline
  line=$1:
  while [ -n "$line" ]; do
    place=${line%%:*}
    line=${line#*:}
    case $place in
    /*) cd -P -- "$place" || continue ;;
    *) continue ;;
    esac
    case $PWD in
    *:* | *"$newline"*) continue ;;
    /*) path=$path$PWD: && add_way "$PWD" ;;
    esac
  done 2>/dev/null
  owners_of_ways && unmatched "$root_only" && [ -z "$unmatched" ] && return
  line=$path
  path=
  while [ -n "$line" ]; do
    if place=$(closed "${line%%:*}"); then
      path=$path$place:
    fi
    line=${line#*:}
  done
}
if [ "$user" = 0 ]; then
  unset LD_PRELOAD LD_LIBRARY_PATH
  # Where the system's directories have no tools, such as in images of Nix, the owner alone can be compared.
  if ! command -v ls >/dev/null || ! command -v sed >/dev/null; then
    line=$container_path:
    while [ -n "$line" ]; do
      place=${line%%:*}
      line=${line#*:}
      case $place in
      /*) ! [ -O "$place" ] || PATH=$PATH:$place ;;
      esac
    done 2>/dev/null
  fi
  safe_path "$container_path"
  PATH=$path/usr/sbin:/usr/bin:/sbin:/bin
else
  PATH=$container_path
fi
# A line of a value that looks like a variable's does no harm.
IFS=$newline
for line in $(export -p); do
  name=${line%%=*}
  name=${name##* }
  case $name in
  *[!A-Za-z0-9_]*) ;;
  GIT_*) unset "$name" ;;
  esac
done
unset IFS
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
    -c pack.threads=2 -c pack.windowMemory=32m -c pack.deltaCacheSize=64m -c core.bigFileThreshold=16m \
    -c submodule.recurse=false -c diff.orderFile=/dev/null -c diff.ignoreSubmodules=dirty -c diff.renames=false -c status.renames=false -c core.splitIndex=false -c core.safecrlf=false "$@" 3>&- 4<&-
}
# The working tree and the repository are named relative to the current directory, which stays the one whose owner was
# checked when somebody puts another in its place.
tree_git() { plain_git --work-tree=. "$@"; }
# `exit` in a pipe or a substitution does not end the script, but the operator stops at the "refused" line.
damaged() { say 'refused damaged'; }
count() { plain_git rev-list --count "$@" || damaged; }
# Prints the required filters whose program is missing.
missing_filters() {
  plain_git config --bool --get-regexp '^filter\..*\.required$' | sed -n 's/^filter\.\(.*\)\.required true$/\1/p' |
    while IFS= read -r name; do
      line=$(plain_git config --get "filter.$name.process" || plain_git config --get "filter.$name.clean") || continue
      command -v "${line%% *}" >/dev/null 2>&1 || printf 'The filter %s needs %s. ' "$name" "${line%% *}"
    done
}
# Refuses because the command of git that is given has failed, with the code $1 if no filter is the cause. The last two
# messages are of filters that run as a process.
refuse_git() {
  code=$1
  shift
  case $(tree_git "$@" 2>&1 >/dev/null | tail -c 4000) in
  *" filter '"*"' failed"* | *'remote end hung up'* | *'initialization for subprocess'*)
    missing_filters >&2
    refuse filter-failed
    ;;
  esac
  refuse "$code"
}
# Filters ids for those of commits that the checkout has.
commits_of() { plain_git cat-file --batch-check='%(objecttype) %(objectname)' | sed -n 's/^commit //p'; }
# The commits on which a pack may build besides those that the forge advertises.
tracked() { plain_git for-each-ref --count=2000 --format='%(objectname)' refs/remotes | commits_of; }

# Sets git_dir to the repository of the working tree $1.
find_git_dir() {
  if [ -d "$1/.git" ]; then
    git_dir=$1/.git
  elif [ -f "$1/.git" ] && [ ! -h "$1/.git" ]; then
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
# Whether these files exist and belong to the user of this script or to root: settings there are no other user's trap. For
# root, others must not be able to write there either. Otherwise $other is the first "UID GID MODE" of another owner.
is_own() {
  other=
  owners "$@" || return
  unmatched "$user *" '0 *'
  other=$unmatched
  [ -z "$other" ] || return
  [ "$user" != 0 ] || { unmatched '0 * [-dp]????-??-*' && [ -z "$unmatched" ]; }
}
# Whether what decides in the repository $1 is one's own, and the files that follow. Sets $repository to a path to it on which, for root, nobody else
# can put another in its place.
is_own_repository() {
  repository=$1
  shift
  set -- "$@" "$repository/."
  for name in HEAD config config.worktree commondir info info/attributes objects objects/info objects/info/alternates refs; do
    if [ -e "$repository/$name" ] || [ -h "$repository/$name" ]; then
      set -- "$@" "$repository/$name"
    fi
  done
  is_own "$@" || return
  [ "$user" = 0 ] || return 0
  case $repository in
  . | .git) [ ! -h "$repository" ] && return ;;
  esac
  repository=$(sealed "$repository")
}
# Sets name and home of the user $1.
find_account() {
  while IFS=: read -r name _ line _ _ home _; do
    [ "$line" != "$1" ] || return 0
  done 2>/dev/null </etc/passwd
  name=
  home=
}
# Whether a command runs, without a word.
works() { "$@" >/dev/null 2>&1; }
# Runs the script again as the user $1 of the group $2. The variables of the container stay behind, because the user may
# not know them. The arguments BASE-ID BASE USE-TRACKING FILES say that the request has been read.
become() {
  uid=$1
  gid=$2
  shift 2
  find_account "$uid"
  set -- env -i "PATH=$container_path" "HOME=$home" /bin/sh -c "$script" sh "$@"
  if works setpriv --reuid="$uid" --regid="$gid" --clear-groups true; then
    exec setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@" <&4 >&3 3>&- 4<&-
  elif works chroot --userspec="$uid:$gid" --groups= / true; then
    exec chroot --userspec="$uid:$gid" --groups= / "$@" <&4 >&3 3>&- 4<&-
  elif [ -n "$name" ] && works su -s /bin/sh -c true -- "$name"; then
    exec su -s /bin/sh -c 'exec "$@"' -- "$name" sh "$@" <&4 >&3 3>&- 4<&-
  fi
}
tab='	'

if [ $# -lt 8 ]; then
  say 'session-publish 1'
fi
# Looks without running anything; whether root may run it is settled later.
line=$PATH
PATH=$container_path
command -v git >/dev/null 2>&1 || refuse git-missing
PATH=$line

policy=$3
author=$4
email=$5
base_id=${6-}
base=${7-}
use_tracking=${8-yes}
count_files=${9-}
while [ $# -lt 8 ]; do
  IFS= read -r line <&4 || exit 4
  case $line in
  .) break ;;
  'base-id '*) base_id=${line#base-id } ;;
  'base '*) base=${line#base } ;;
  'tracking no') use_tracking=no ;;
  'files yes') count_files=yes ;;
  esac
done

# --- locate the repository
missing=workspace-missing
if [ $# -ge 8 ]; then
  missing=repository-owner
fi
cd -P -- "$2" && root=$PWD || refuse $missing
# The program asks for the directory itself; a shell can answer with the path by which it came there.
cd -P -- "$1" && directory=$(env pwd -P) || refuse $missing
case $directory/ in
"${root%/}"/*) ;;
*) refuse outside-workspace ;;
esac

# --- act with the rights of the owner
# git does not check the owner of a repository that --git-dir names. Filters and settings of the checkout would act with
# rights that the owner lacks. So nothing is read before the owner of the file is settled.
# Runs the script, with these arguments, as the one owner of what was not found to be one's own, or refuses.
act_as_owner() {
  if [ -z "$other" ]; then
    [ "$user" = 0 ] && [ -n "$owned" ] || refuse not-a-repository
    printf 'The repository belongs to root, but others may write to it or to the directories that lead to it.\n' >&2
    refuse repository-owner
  fi
  uid=${other%% *}
  gid=${other#* }
  gid=${gid%% *}
  unmatched "$uid *" '0 *'
  if [ "$user" = 0 ] && [ -z "$unmatched" ]; then
    # Root's group is what files get by default; it gives rights that their owner need not have.
    if [ "$gid" = 0 ]; then
      gid=$uid
    fi
    become "$uid" "$gid" "$1" "$2" "$3" "$4" "$5" "$base_id" "$base" "$use_tracking" "$count_files"
  fi
  printf 'The repository belongs to the uid %s, and commands run as the uid %s.\n' "$uid" "$user" >&2
  refuse repository-owner
}
# Lets git, as root, read only settings that root alone may change, of the home that the container names or of root's own.
settle_home() {
  find_account 0
  for home in "${HOME:-/dev/null}" "${home:-/dev/null}"; do
    home=$(sealed "$home") || continue
    set -- "$home/."
    for name in .gitconfig .config .config/git .config/git/config .config/git/attributes .config/git/ignore; do
      if [ -e "$home/$name" ] || [ -h "$home/$name" ]; then
        set -- "$@" "$home/$name"
      fi
    done
    if is_own "$@"; then
      export HOME="$home"
      return
    fi
  done
  # git before 2.32 knows only the home.
  export HOME=/nonexistent GIT_CONFIG_GLOBAL=/dev/null
}
bare=no
if [ -d .git ]; then
  git_dir=.git
  is_own_repository "$git_dir" . .git || act_as_owner "$@"
elif [ -f .git ] && [ ! -h .git ]; then
  is_own . .git || act_as_owner "$@"
  find_git_dir . || refuse not-a-repository
  is_own_repository "$git_dir" || act_as_owner "$@"
else
  [ ! -e .git ] && [ ! -h .git ] && [ -f HEAD ] && [ -d objects ] && [ -d refs ] || refuse not-a-repository
  git_dir=.
  bare=yes
  is_own_repository "$git_dir" || act_as_owner "$@"
fi
git_dir=$repository
# A linked worktree has its settings in another directory.
common=$git_dir
if [ -f "$git_dir/commondir" ]; then
  [ ! -h "$git_dir/commondir" ] || refuse not-a-repository
  IFS= read -r line <"$git_dir/commondir" || [ -n "$line" ] || refuse not-a-repository
  case $line in
  /*) common=$line ;;
  *) common=$git_dir/$line ;;
  esac
  is_own_repository "$common" || act_as_owner "$@"
  common=$repository
  # Root does not resolve that path twice.
  if [ "$user" = 0 ]; then
    export GIT_COMMON_DIR="$common"
  fi
fi
command -v git >/dev/null 2>&1 || refuse git-missing
if [ "$user" = 0 ]; then
  unset XDG_CONFIG_HOME
  settle_home
fi

# --- describe HEAD
# One question for all that needs no walk. What git cannot answer ends it, so that the line tells which one that was: the
# tip of the base, which the checkout may lack, comes after HEAD. "--" is the last line of a whole answer.
set -- 'HEAD^{commit}' 'HEAD^{tree}'
if [ -n "$base_id" ]; then
  set -- "$@" "$base_id^{commit}" "$base_id^{tree}"
fi
line=$(plain_git rev-parse --is-shallow-repository "$@" --symbolic-full-name HEAD -- 2>/dev/null)
IFS=$newline
set -- $line
unset IFS
if [ $# -lt 3 ]; then
  plain_git rev-parse --git-dir >/dev/null || refuse not-a-repository
  if plain_git symbolic-ref -q HEAD >/dev/null && ! plain_git rev-parse --verify -q HEAD >/dev/null; then
    refuse no-commits
  fi
  refuse damaged
fi
shallow=$1
head=$2
tree=$3
shift 3
known=
base_tree=
if [ -n "$base_id" ] && [ "${1-}" = "$base_id" ]; then
  known=$base_id
  # A partial clone may lack the tree.
  base_tree=${2-}
  [ $# -eq 1 ] || shift
  shift
fi
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
if [ "$*" = "${1-} --" ]; then
  branch=$1
else
  branch=$(plain_git symbolic-ref -q HEAD) || branch=
fi
case $branch in
refs/heads/*) say "branch ${branch#refs/heads/}" ;;
esac
# Missing objects of a partial clone are not fetched.
partial=no
missing=
missing_ok=
store=
line=$newline$(plain_git config --get-regexp '^(extensions\.partialclone|remote\..*\.promisor|lfs\.storage)$' 2>/dev/null)
case $line in
*"$newline"extensions.partialclone*) partial=yes ;;
*"$newline"remote.*.promisor*)
  if plain_git config --bool --get-regexp '^remote\..*\.promisor$' 2>/dev/null | grep -q ' true$'; then
    partial=yes
  fi
  ;;
esac
case $line in
*"$newline"lfs.storage*) store=yes ;;
esac
if [ $partial = yes ]; then
  missing=--missing=allow-any
  missing_ok=--missing-ok
fi
# Of each changed file one character: "s" of a submodule, "u" of a conflict, "1" of another one that git tracks, "?".
changes=
if [ "$bare" = no ]; then
  set -- status --porcelain=v2 --untracked-files=normal --ignore-submodules=dirty
  changes=$({ tree_git "$@" && echo .; } |
    sed -e '/^#/d' -e '/^1 .. [^ ]* [0-7 ]*160000 /s/.*/s/' -e 's/^\(.\).*/\1/')
  case $changes in
  *.) changes=${changes%.} ;;
  *) refuse_git damaged "$@" ;;
  esac
  case $changes in
  *u*)
    say 'operation merge-conflict'
    busy=yes
    ;;
  esac
fi
# Each has a line.
uncommitted=$((${#changes} / 2))

# --- commit uncommitted changes, with index and objects in a temporary directory
new=$head
if [ "$policy" = Commit ] && [ "$uncommitted" -gt 0 ] && [ $busy = no ]; then
  line=$(plain_git rev-parse --git-path index --git-path objects) || refuse damaged
  index=${line%"$newline"*}
  objects=$(cd -P -- "${line##*"$newline"}" && pwd -P) || refuse damaged
  temporary=
  for place in "${TMPDIR:-/tmp}" /tmp /dev/shm; do
    place=$(cd -P -- "$place" 2>/dev/null && pwd -P) || continue
    case $place/ in
    "${directory%/}"/* | "${objects%/objects}"/*) continue ;;
    esac
    # In a directory of others, root's files could become links.
    if [ "$user" = 0 ]; then
      place=$(sealed "$place") || continue
    fi
    temporary=$(mktemp -d "$place/session-publish.XXXXXX" 2>/dev/null) && break
  done
  [ -n "$temporary" ] || refuse no-temporary-directory
  trap 'rm -rf "$temporary"' EXIT
  trap 'exit 5' HUP INT TERM
  # A file, because GIT_ALTERNATE_OBJECT_DIRECTORIES would split the path at a colon.
  mkdir -p "$temporary/objects/info" && printf '%s\n' "$objects" >"$temporary/objects/info/alternates" ||
    refuse no-temporary-directory
  if [ -f "$index" ]; then
    # Keeps the mtime, from which git detects files that changed in the second in which the index was written.
    cp -p "$index" "$temporary/index" || refuse no-temporary-directory
  fi
  export GIT_INDEX_FILE="$temporary/index" GIT_OBJECT_DIRECTORY="$temporary/objects"
  case $changes in
  *[12s]*)
    staged=$(tree_git write-tree $missing_ok) || refuse damaged
    tree_git add -u >/dev/null || refuse_git unreadable-files add -u
    # A nested repository that replaced a file would be a link to a commit that exists nowhere else.
    { tree_git diff-index --cached --diff-filter=T --full-index "$staged" || damaged; } |
      sed -n -e "s/^:[0-7]* 160000 \([0-9a-f]*\) [0-9a-f]* T$tab/0 \1$tab/p" | tree_git update-index --index-info || refuse damaged
    ;;
  esac
  case $changes in
  *'?'*)
    # Skips nested repositories, listed with a trailing slash, for the same reason.
    { tree_git ls-files --others --exclude-standard || damaged; } | sed -e '/\/$/d' -e '/\/"$/d' |
      tree_git update-index --add --remove --stdin || refuse_git unreadable-files add .
    ;;
  esac
  made=$(tree_git write-tree $missing_ok) || refuse damaged
  if [ "$made" != "$tree" ]; then
    tree=$made
    # With the date of HEAD, a repeated attempt and another publish of the same work make the same commit.
    date=$(plain_git rev-list --max-count=1 --format=%ct "$head")
    date=${date##*"$newline"}
    case $date in
    *[!0-9]* | '' | ???????????????????*) date=0 ;;
    esac
    date="@$date +0000"
    new=$(printf 'Uncommitted changes of the session\n' |
      GIT_AUTHOR_NAME=$author GIT_AUTHOR_EMAIL=$email GIT_AUTHOR_DATE=$date GIT_COMMITTER_NAME=$author GIT_COMMITTER_EMAIL=$email GIT_COMMITTER_DATE=$date \
        plain_git -c i18n.commitEncoding=UTF-8 commit-tree "$made" -p "$head") || refuse damaged
    { plain_git cat-file commit "$new" || damaged; } | while IFS= read -r line; do
      say "made $line"
    done
  fi
fi

# --- compare with the base
# The remote-tracking refs of the base.
find_tracking() {
  tracking=
  for name in $([ -z "$base" ] ||
    plain_git for-each-ref --count=20 --format='%(objectname)' "refs/remotes/*/$base" | commits_of); do
    case " $tracking " in
    *" $name "*) ;;
    *) tracking="$tracking $name" ;;
    esac
  done
}
tracking=
if [ -z "$known" ]; then
  find_tracking
fi
# Whether $2 contains commit $1.
contains() {
  plain_git merge-base --is-ancestor "$1" "$2" && return
  [ $? -eq 1 ] || damaged
  return 1
}
# Sets tree to the tree of commit $1, of which a partial clone may have no more than the commit.
find_tree() {
  tree=$(plain_git cat-file commit "$1") || damaged
  tree=${tree%%"$newline"*}
  tree=${tree#tree }
}
commits=
if [ -n "$known" ]; then
  if [ "$shallow" != true ]; then
    line=$(plain_git rev-list --count --left-right "$new...$known") || refuse damaged
    commits=${line%%"$tab"*}
    if [ "$commits" = 0 ]; then
      say 'contained yes'
    fi
    say "ahead $commits"
    say "behind ${line##*"$tab"}"
  fi
  [ -n "$base_tree" ] || base_tree=$(find_tree "$known" && printf '%s' "$tree")
  say "base-tree $base_tree"
else
  # Remote-tracking refs prove nothing: they name a commit to ask the forge about.
  tracked=
  for name in $tracking; do
    if [ "$shallow" != true ] && contains "$new" "$name"; then
      tracked=$new
    elif [ -z "$tracked" ] && [ "$(find_tree "$name" && printf '%s' "$tree")" = "$tree" ] && contains "$name" "$new"; then
      tracked=$name
    fi
  done
  [ -z "$tracked" ] || say "tracked $tracked"
fi
# The work is what the base's tip lacks. Where the checkout does not have that tip, remote-tracking refs of the base stand
# for it; of a fork they can hide commits of the work, so that none left means unknown. A walk that ends at a commit
# without parents has missed the place where the work begins, which a shallow history or the refs of another repository
# do not show.
bounds=${known:-$tracking}
work=$new
for name in $bounds; do
  work="$work ^$name"
done
if [ -z "$commits" ] && [ -n "$bounds" ] && [ -z "$(plain_git rev-list --max-parents=0 --max-count=1 $work || damaged)" ]; then
  commits=$(count $work)
  if [ -z "$known" ] && [ "$commits" = 0 ]; then
    commits=
  fi
fi
[ -z "$commits" ] || say "commits $commits"

# --- list the work
# Besides the subjects, the paths that these commits change: they tell where to look for submodules and attributes, because
# the tree of a large repository takes longer to read than all else. ":submodule" stands for one. Where that is more than 500
# lines, or git quotes a path, or fails, as it does where trees are missing, they are looked for everywhere. "." is the end of
# a whole list.
everywhere=yes
listed=
if [ "$commits" = 0 ]; then
  everywhere=no
elif [ -n "$bounds" ]; then
  listed=$({ plain_git log --encoding=UTF-8 --format='commit %H%nsubject %s' --raw --no-abbrev --no-color --no-decorate --no-renames \
    --ignore-submodules=none -r -c --root $work -- && echo .; } 2>/dev/null |
    sed -n -e 500q -e '/^[cs.]/p' -e "s/^:[^$tab]*160000 .*/:submodule/p" -e "s/^:[^$tab]*$tab/:/p")
  case $listed in
  *"$newline".) everywhere=no ;;
  *) listed=$([ -z "$commits" ] || plain_git rev-list --encoding=UTF-8 --max-count=50 --format='subject %s' $work) || damaged ;;
  esac
fi
count=0
changed=$newline
IFS=$newline
for line in $listed; do
  case $line in
  ':"'*) everywhere=yes ;;
  :*) changed=$changed${line#:}$newline ;;
  c* | s*)
    count=$((count + 1))
    [ -z "$commits" ] || [ $count -gt 100 ] || printf '%.1000s\n' "$line" >&3
    ;;
  esac
done
unset IFS
# Whether the submodule's repository has commit $1, but neither its remote-tracking refs nor its shallow boundary
# contain it.
is_unpushed() {
  plain_git cat-file -e "$1^{commit}" || return
  lacking=$(plain_git rev-list --max-count=1 "$1" --not --remotes \
    $([ ! -f "$git_dir/shallow" ] || sed -n '1,100s/^[0-9a-f]\{40,64\}$/&/p' "$git_dir/shallow")) || return 0
  [ -n "$lacking" ]
}
# Filters lines "COMMIT PATH" for submodules with such a commit that the base does not record.
unpushed_submodules() {
  unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR
  above=$git_dir
  while IFS= read -r line; do
    path=${line#* }
    recorded=${line%% *}
    git_dir=$above
    of_base=
    for name in $known $tracking; do
      of_base="$of_base $(plain_git rev-parse --verify -q "$name:$path")"
    done
    find_git_dir "./$path" && is_own_repository "$git_dir" && [ ! -e "$repository/commondir" ] || continue
    git_dir=$repository
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
submodules=$everywhere
case $changes in
*s*) submodules=yes ;;
esac
case $changed in
*"$newline"submodule"$newline"*) submodules=yes ;;
esac
if [ "$bare" = no ] && [ $submodules = yes ]; then
  [ -z "$known" ] || find_tracking
  # A partial clone may lack trees.
  { plain_git ls-tree -r -z "$new" || [ $partial = yes ] || damaged; } | tr '\0' '\n' |
    sed -n "s/^160000 commit \([0-9a-f]*\)$tab/\1 /p" | sed -n 1,200p |
    unpushed_submodules 2>/dev/null | sed -n 1,20p >&3
fi

# The files that differ from where the work left the base; all of them where the forge has no base. The empty line says that
# the list is whole.
if [ -n "$count_files" ]; then
  if start=$([ -n "$bounds" ] && plain_git merge-base "$new" $bounds) && { [ -n "$known" ] || [ "$start" != "$new" ]; }; then
    set -- diff-tree -r --name-only "$start" "$new"
  elif [ -z "$base_id" ]; then
    set -- ls-tree -r --name-only "$new"
  else
    set --
  fi
  files=$({ [ $# -gt 0 ] && plain_git "$@" && echo; } | sed -n '/^$/=')
  [ -z "$files" ] || say "files $((files - 1))"
fi

# --- find Git LFS files
# Whether a file .gitattributes that decides about the work tells of Git LFS. Output of grep is a match, or an error such
# as an absent file of a partial clone, after which nothing is certain.
attributes_tell() {
  if [ $everywhere = yes ] || [ "$use_tracking$known" = no ]; then
    set -- grep -qE filter=lfs "$new" -- ':(glob)**/.gitattributes'
  else
    ways=$newline
    IFS=$newline
    for path in $changed; do
      case $path in
      */*) add_way "${path%/*}" ;;
      esac
    done
    set -- --literal-pathspecs grep -qE filter=lfs "$new" -- .gitattributes
    for place in $ways; do
      set -- "$@" "$place/.gitattributes"
    done
    unset IFS
  fi
  [ -n "$(plain_git "$@" 2>&1 && echo found)" ]
}
# Without any sign of Git LFS a file that looks like a pointer is none.
uses_lfs() {
  [ -d "$common/lfs" ] || [ -n "$store" ] ||
    { [ -e "$common/info/attributes" ] && grep -q filter=lfs "$common/info/attributes" 2>/dev/null; } || attributes_tell
}
if { [ -z "$known" ] || [ "$commits" != 0 ]; } && uses_lfs; then
  # Each line is compared with the header of a blob, because the content before it can end anywhere.
  # At least the objects that the pack can have: it builds on the forge's tips, and where the base's tip is missing also
  # on the remote-tracking refs.
  {
    printf '%s\n' "$new"
    if [ -n "$known" ]; then
      printf '^%s\n' "$known"
    elif [ "$use_tracking" = yes ]; then
      tracked | sed 's/^/^/'
    fi
  } | { plain_git rev-list --objects $missing --stdin || damaged; } | cut -d' ' -f1 |
    { plain_git cat-file --batch-check='%(objecttype) %(objectsize) %(objectname)' || damaged; } |
    sed -n -e 's/^blob [0-9]\{1,3\} //p' -e 's/^blob 10[01][0-9] //p' -e 's/^blob 102[0-3] //p' |
    { plain_git cat-file --batch || damaged; } |
    sed -n '/^[0-9a-f]\{40,64\} blob [0-9]*$/{
      :blob
      n
      /^[0-9a-f]\{40,64\} blob [0-9]*$/b blob
      /^version https:\/\/git-lfs.github.com\/spec\/v1$/!b
      :extension
      n
      /^[0-9a-f]\{40,64\} blob [0-9]*$/b blob
      /^ext-[0-9]-/b extension
      s/^oid sha256:\([0-9a-f]\{64\}\)$/lfs-oid \1/
      /^lfs-oid /!b
      h
      n
      /^[0-9a-f]\{40,64\} blob [0-9]*$/b blob
      /^size [0-9]\{1,18\}$/!b
      x
      p
      x
      s/^/lfs-/p
    }' | sed -n 1,20002p >&3
fi
say "head $head"
say "new $new"
say "tree $tree"
say "uncommitted $uncommitted"
say "shallow ${shallow:-false}"
say "partial $partial"
say 'end header'

# --- look for what the pack can build on, while the operator stores what it is about to do
# Prints the ids from $line on. Each costs a lookup, and in a partial clone an attempt to fetch it.
haves() {
  count=0
  while [ "$line" != . ]; do
    count=$((count + 1))
    if [ $partial = no ] || [ $count -le 64 ]; then
      printf '%s\n' "$line"
    fi
    IFS= read -r line <&4 || break
  done
}
bases=
IFS= read -r line <&4 || exit 4
case $line in
quit) exit ;;
.) ;;
*)
  bases=$(haves | plain_git cat-file --buffer --batch-check='%(objecttype) %(objectname)' 2>/dev/null |
    sed -n -e 's/^commit //p' -e 's/^tag //p')
  ;;
esac
# Where the base's tip is there, the pack needs no more.
tracked=
if [ -z "$known" ] && [ "$use_tracking" = yes ]; then
  tracked=$(tracked)
fi

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
  [ -z "$old" ] || plain_git rev-list --ancestry-path --topo-order "$old..$new" 2>/dev/null | plain_git cat-file --batch >&3
  say 'end chain'
fi

if [ -n "$lfs" ]; then
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
if [ "$use_tracking" != yes ]; then
  tracked=
fi
{
  printf '%s\n' "$new"
  for name in $bases $tracked; do
    printf '^%s\n' "$name"
  done
} | plain_git pack-objects --revs $thin $missing --stdout -q $offset >&3
