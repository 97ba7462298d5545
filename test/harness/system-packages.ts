import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { leftOut } from './left-out.ts';

/** Set to `install`, a run of the tests installs what they need from the system's packages; `.ci/run` sets it. */
const SWITCH = 'MEDKIT_SYSTEM_PACKAGES';

/** What some of the tests need that npm does not bring: packages of Debian, and files that are there where these are. */
const NEEDS = {
  peers: {
    what: 'tests with real Cyclone DDS and Fast DDS processes',
    packages: ['cyclonedds-dev', 'cyclonedds-tools', 'libfastrtps-dev', 'libfastcdr-dev', 'gcc', 'g++'],
    files: [
      '/usr/bin/idlc',
      '/usr/bin/gcc',
      '/usr/bin/g++',
      '/usr/include/dds/dds.h',
      '/usr/include/fastdds/dds/domain/DomainParticipant.hpp',
      '/usr/include/fastcdr/Cdr.h',
    ],
  },
  browser: { what: 'browser tests', packages: ['chromium'], files: ['/usr/bin/chromium'] },
  responder: {
    what: 'multicast DNS with another responder',
    packages: ['python3-zeroconf'],
    files: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/zeroconf/__init__.py'],
  },
  writers: {
    what: 'writers of the ingest protocol in C and Python',
    packages: ['gcc', 'libc6-dev', 'python3'],
    files: ['/usr/bin/cc', '/usr/include/stdio.h', '/usr/bin/python3'],
  },
  mosquitto: {
    what: 'tests with a real MQTT broker',
    packages: ['mosquitto', 'openssl'],
    files: ['/usr/sbin/mosquitto', '/usr/bin/mosquitto_passwd', '/usr/bin/openssl'],
  },
  proxies: {
    what: 'tests behind real reverse proxies',
    packages: ['nginx-light', 'caddy', 'haproxy', 'openssl'],
    files: ['/usr/sbin/nginx', '/usr/bin/caddy', '/usr/sbin/haproxy', '/usr/bin/openssl'],
  },
  shells: {
    what: 'completion in zsh and fish',
    packages: ['zsh', 'fish'],
    files: ['/usr/bin/zsh', '/usr/bin/fish'],
  },
  namespaces: { what: 'tests across network namespaces', packages: ['iproute2'], files: ['/usr/sbin/ip'] },
  bubblewrap: { what: 'scripts under bubblewrap', packages: ['bubblewrap'], files: ['/usr/bin/bwrap'] },
  systemd: { what: 'what systemd says of the unit', packages: ['systemd'], files: ['/usr/bin/systemd-analyze'] },
} as const;

const isThere = ({ files }: { readonly files: readonly string[] }) => files.every((file) => existsSync(file));

/** `undefined` where it is there, else the sentence that says what is left out and how to get it: the reason of a skipped suite. */
export function missingSystemPackages(need: keyof typeof NEEDS): string | undefined {
  const { what, packages } = NEEDS[need];
  if (isThere(NEEDS[need])) return undefined;
  return leftOut(what, `needs ${packages.join(', ')}; run with ${SWITCH}=install as root, or apt-get install them`);
}

/**
 * Installs what is missing where the switch says so, before the first test: one that runs meanwhile would meet programs that
 * are there and do not work yet. Throws where that fails.
 */
export function installSystemPackages(environment = process.env): void {
  if (environment[SWITCH] !== 'install') return;
  const packages = Object.values(NEEDS).flatMap((need) => (isThere(need) ? [] : need.packages));
  if (packages.length === 0) return;
  console.log(`installing ${packages.join(', ')}`);
  apt(['update']);
  apt(['install', '-y', '--no-install-recommends', ...packages]);
  const missing = Object.values(NEEDS).filter((need) => !isThere(need));
  if (missing.length === 0) return;
  const files = missing.flatMap((need) => need.files.filter((file) => !existsSync(file)));
  throw new Error(`${packages.join(', ')} were installed, but ${files.join(', ')} are still not there`);
}

/** Waits where another installation is at work on this machine. */
function apt(words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...words], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`apt-get ${words.join(' ')} failed: ${error?.message ?? stderr}`);
}
