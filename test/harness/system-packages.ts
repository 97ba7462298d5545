import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { skipReason } from './skip-reason.ts';

/** If set to `install`, a test run installs the system packages that it needs; `.ci/run` sets it. */
const SWITCH = 'MEDKIT_SYSTEM_PACKAGES';

/**
 * Requirements of some tests that npm does not install: Debian packages, and files that show that they are installed. A `*`
 * is any version.
 */
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
  firefox: { what: 'browser tests in Firefox', packages: ['firefox-esr'], files: ['/usr/bin/firefox-esr'] },
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
  nats: {
    what: 'tests with a real server of NATS',
    packages: ['nats-server'],
    files: ['/usr/sbin/nats-server'],
  },
  postgres: {
    what: 'tests with a real PostgreSQL',
    packages: ['postgresql', 'util-linux'],
    files: ['/usr/lib/postgresql/*/bin/initdb', '/usr/lib/postgresql/*/bin/postgres', '/usr/bin/setpriv'],
  },
  swift: {
    what: 'tests with a real server of the S3 protocol',
    packages: ['python3-swift', 'util-linux'],
    files: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/swift/__init__.py', '/usr/bin/setpriv'],
  },
  prometheus: {
    what: 'tests with a real Prometheus',
    packages: ['prometheus'],
    files: ['/usr/bin/prometheus', '/usr/bin/promtool'],
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

const isPresent = (file: string): boolean => globSync(file).length > 0;
const isThere = ({ files }: { readonly files: readonly string[] }) => files.every(isPresent);

/**
 * Returns `undefined` if it is installed, otherwise the reason of a skipped suite: what is skipped, and how to get it.
 */
export function missingSystemPackages(need: keyof typeof NEEDS): string | undefined {
  const { what, packages } = NEEDS[need];
  if (isThere(NEEDS[need])) return undefined;
  return skipReason(what, `needs ${packages.join(', ')}; run with ${SWITCH}=install as root, or apt-get install them`);
}

/**
 * Installs missing packages if the switch is set, before the first test: a test that runs during the installation would
 * find programs that do not work yet. Throws if that fails.
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
  const files = missing.flatMap((need) => need.files.filter((file) => !isPresent(file)));
  throw new Error(`${packages.join(', ')} were installed, but ${files.join(', ')} are still not there`);
}

/** Waits if another installation is running on this machine. */
function apt(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}
