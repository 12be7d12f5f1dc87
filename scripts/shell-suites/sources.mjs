// Where the shells' own test suites come from: Debian's source packages, by apt, with sources and lists of our own.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The release whose sources are taken: the one that this machine runs, as its shells are tested. */
async function release() {
  const { stdout } = await $({ quiet: true })`. /etc/os-release && echo "$VERSION_CODENAME"`;
  return stdout.trim();
}

/**
 * The unpacked source of a Debian package below `cache`, fetched when it is not there yet. Needs apt and the network
 * the first time; writes nothing outside `cache`. Rejected when apt or tar fails, with what they said.
 */
export async function sourceOf(name, cache) {
  const target = join(cache, 'sources', name);
  if (!existsSync(target)) await fetchSource(name, cache, target);
  const [top] = readdirSync(target);
  return join(target, top);
}

async function fetchSource(name, cache, target) {
  const apt = join(cache, 'apt');
  const downloads = join(apt, 'downloads');
  for (const directory of ['lists/partial', 'archives/partial', 'downloads']) {
    mkdirSync(join(apt, directory), { recursive: true });
  }
  writeFileSync(
    join(apt, 'sources.list'),
    `deb-src [signed-by=${keyring}] http://deb.debian.org/debian ${await release()} main\n`,
  );
  const settings = {
    'Dir::Etc::SourceList': join(apt, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::Cache': apt,
    // apt's own user may not enter the cache directory; the signature is checked all the same.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const sh = $({ cwd: downloads, quiet: true });
  await sh`apt-get -qq ${options} update`;
  await sh`apt-get -qq ${options} source --download-only ${name}`;
  const archive = readdirSync(downloads).find(
    (file) => file.startsWith(`${name}_`) && /\.orig\.tar\.\w+$/.test(file),
  );
  if (archive === undefined) throw new Error(`apt fetched no source of ${name}`);
  const unpacking = `${target}.unpacking`;
  rmSync(unpacking, { recursive: true, force: true });
  mkdirSync(unpacking, { recursive: true });
  await sh`tar -xf ${archive} -C ${unpacking}`;
  await sh`mv ${unpacking} ${target}`;
}
