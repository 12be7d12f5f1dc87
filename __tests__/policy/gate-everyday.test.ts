// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are shell text
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isSuspect } from '../../src/policy/gate.ts';
import { gateShells, quoted, runGate, withDirectory } from './gate-shells.ts';

const trial = `#@fragment suspect@
inline() {
  case $1 in
    @gate:text@) echo suspect ;;
    *) echo passed ;;
  esac
}
whole() {
  if @p@_guard_is_suspect "$1"; then echo suspect; else echo passed; fi
}`;

/** Lines that hold no word of interest at all: the inline look alone must let them go. */
const strangers = `
:
ls -la
ls
pwd
cd ..
cd ~/projects/app
clear
exit
echo hello world
echo "$PATH" | tr ':' '\\n'
cat README.md
less src/index.ts
head -n 50 CHANGELOG.md
mkdir -p dist/assets
rm -rf node_modules dist
cp -r src lib
mv a.txt b.txt
touch .env
chmod +x scripts/deploy.sh
find . -name '*.ts' -not -path './node_modules/*'
find . -type f -exec wc -l {} +
grep -rn "TODO" src
rg --files | head
sed -i 's/foo/bar/g' src/a.ts
awk '{ print $1 }' access.log | sort | uniq -c
git status
git add -A
git commit -m "Fix the parser"
git push origin main
git pull --rebase
git log --oneline -20
git diff HEAD~1
git checkout -b feature/login
git rebase -i HEAD~3
git stash pop
docker ps
docker compose up -d
docker build -t app .
docker exec -it app sh
kubectl get pods -n prod
terraform plan
make
make -j4 all
cmake --build build
./configure --prefix=/usr/local
cargo build --release
cargo run
go build ./...
go vet ./...
rustc main.rs
gcc -O2 -o main main.c
python3 manage.py runserver
python -m venv .venv
source .venv/bin/activate
pip install -r requirements.txt
node server.js
node -e 'console.log(process.version)'
node --version
npx prettier --write .
npx tsc --noEmit
npx create-react-app my-app
tsc -w
eslint . --fix
vite build
next build
ruby -v
bundle exec rails s
bundle install
java -jar app.jar
mvn package -DskipT
./gradlew build
ssh user@example.org
scp a.txt host:/tmp/
rsync -av src/ dst/
curl -sSf https://example.org/install.sh | sh
wget https://example.org/a.tar.gz
tar xzf a.tar.gz
ps aux | grep node
kill -9 1234
top -b -n1
df -h
du -sh *
history | tail
which node
man ls
vim src/main.ts
code .
open index.html
export NODE_ENV=production
source ~/.bashrc
for f in *.txt; do echo "$f"; done
while read -r l; do echo "$l"; done < file
if [ -f .env ]; then . ./.env; fi
x=$(date +%s)
sudo apt-get update
sudo systemctl restart nginx
apt list --installed
brew update
uname -a
lsb_release -a # Ubuntu
docker run -it ubuntu bash
echo "ubuntu $(lsb_release -sc)"
[[ -d dist ]] && rm -r dist
test -f package.json && echo yes
trap 'rm -f "$tmp"' EXIT
set -euo pipefail
printf '%s\\n' "\${array[@]}"
date; uptime; free -m
sleep 1 &
tmux attach
crontab -l
jq '.scripts' package.json
psql -c 'select 1'
redis-cli ping
ffmpeg -i a.mp4 b.webm
`;

/** Lines that speak of a runner or a package manager, and start none. */
const acquaintances = `
npm ci
npm i
npm install
npm install --save-dev jest
npm install -D "jest@^30" 'vitest@3'
npm install jest && git add package.json
npm uninstall turbo
npm view jest versions --json
npm ls jest
npm outdated
npm audit fix
npm -v
npm --version
npm config get registry
npm run build
npm run -s build
npm run build -- --watch
npm run lint
NODE_ENV=production npm run build
npm start
npm run
npm exec tsc
npm whoami
npm cache clean --force
npm ci && echo done
pnpm install
pnpm i --frozen-lockfile
pnpm add -D vitest
pnpm why jest
pnpm build
pnpm run build
pnpm exec tsc -b
pnpm store prune
yarn
yarn install --immutable
yarn add --dev jest
yarn why jest
yarn build
yarn tsc --noEmit
bun install
bun add -d vitest
bun run build
bun src/index.ts
pip install pytest pytest-xdist
pip3 show pytest
uv add --dev pytest
brew install yarn
apt-get install npm
apt install -y python3-pytest
corepack enable yarn
grep jest package.json
grep -rn "npm test" docs
grep -E 'jest|vitest' package.json
rg -n turbo
cat jest.config.js
cat package.json | grep jest
cat package.json | grep -E "jest|vitest" | head -5
ls node_modules/.bin | grep vitest
ls node_modules/jest
less turbo.json
vim jest.config.ts
code vitest.config.ts
rm -rf .turbo node_modules/.cache/turbo
rm yarn.lock && touch yarn.lock
mv jest.config.js jest.config.cjs
mkdir -p .cache/jest
cp vitest.config.ts ../app/
git add jest.config.js yarn.lock
git commit -m "Add jest"
git commit -m "test(jest): cover a; b | c & d"
git commit -m 'fix(npm): run "npm test"; (all)'
grep -E "\\bjest\\b|npm test" *.md
git commit -am "fix: npm test in CI; run vitest"
git log --oneline --grep=jest
git diff -- jest.config.js
git checkout main -- yarn.lock
git add -A && git commit -m "Move from jest to vitest" && git push
git show HEAD:turbo.json
git status # before npm test
cd packages/jest-preset
cd packages/turbo-utils && ls
echo "run npm test first"
echo jest
which jest
which npm yarn pnpm
type npm
command -v pnpm
test -x node_modules/.bin/jest
[ -f node_modules/.bin/jest ]
export JEST_WORKERS=2; echo npm
ps aux | grep jest
pgrep -fl vitest
pkill -f jest
man npm
sed -i s/jest/vitest/ package.json
diff jest.config.js ../b/jest.config.js
wc -l yarn.lock
head -20 pytest.ini
tail -f npm-debug.log
tree -L 1 node_modules/jest
curl -s https://registry.npmjs.org/jest | jq .name
gh pr create --title "Use jest 30" --body "npm test passes"
gh issue list --search jest
tsc -p tsconfig.jest.json
eslint jest.config.js
prettier --check vitest.config.ts
# npm test
ls ~/.npm ~/.yarn ~/.bun
`;

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

const scripts = { build: 'tsc -p .', start: 'node server.js', lint: 'eslint .', test: 'jest' };

describe('everyday lines are no suspects', () => {
  test.each(gateShells)('$name lets lines without any word of interest go at the first look', (shell) => {
    const lines = linesOf(strangers);
    const printed = withDirectory((directory) =>
      runGate(
        shell,
        trial,
        lines.map((line) => `inline ${quoted(line)}`),
        directory,
      ),
    );
    const passed = lines.filter((_line, index) => printed[index] === 'passed');
    // Such words stand within others in a few (`bundle`, `ubuntu`); those are sorted out at the second look.
    expect(
      lines.filter((line) => !passed.includes(line) && !/bundle|ubuntu|Ubuntu|nginx/.test(line)),
    ).toEqual([]);
  });

  test.each(gateShells)('$name asks about none of them', (shell) => {
    const lines = [...linesOf(strangers), ...linesOf(acquaintances)];
    expect(lines.length).toBeGreaterThan(200);
    const printed = withDirectory((directory) => {
      writeFileSync(
        join(directory, 'package.json'),
        `${JSON.stringify({ name: 'app', scripts }, null, 2)}\n`,
      );
      return runGate(
        shell,
        trial,
        lines.map((line) => `whole ${quoted(line)}`),
        directory,
      );
    });
    expect(lines.filter((_line, index) => printed[index] !== 'passed')).toEqual([]);
  });

  test('only those that run a script or a program of a package need more than their text', () => {
    const byText = linesOf(acquaintances).filter(isSuspect);
    expect(byText.filter((line) => !/\b(npm|pnpm|yarn|bun) |^(npm|yarn)$/.test(line))).toEqual([]);
    expect(byText.length).toBeLessThan(30);
  });
});
