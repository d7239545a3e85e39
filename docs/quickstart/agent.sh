# Simulates the agent: clones a repository and makes two commits on a branch of its own. Runs in the sandbox.
#   sh -s REPOSITORY DIRECTORY
set -eu
git clone --quiet "$1" "$2"
cd "$2"
git config user.name 'An Agent'
git config user.email agent@example.com
git checkout --quiet -b agent/fix-login

printf '<form method="post" action="/session">\n</form>\n' >login.html
git add login.html
git commit --quiet -m 'Send the login form by POST'

printf '# Login\n\nThe form posts to /session, so that no password shows in a URL.\n' >LOGIN.md
git add LOGIN.md
git commit --quiet -m 'Say where the login form goes'
git log --oneline -2
