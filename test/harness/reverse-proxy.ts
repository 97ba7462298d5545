import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../federation/free-port.ts';
import type { Certificate } from './certificates.ts';
import { eventually } from './eventually.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
export const PROXIES = ['nginx', 'caddy', 'haproxy'] as const;
type ProxyName = (typeof PROXIES)[number];

interface ProxyOptions {
  /** Program whose block in the guide is used. */
  readonly name: ProxyName;
  /** The guide, relative to `docs`. */
  readonly guide?: string;
  /** Further texts of the block, each with its replacement. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Index of the block, from 0. */
  readonly block?: number;
  readonly folder: string;
  readonly certificate: Certificate;
  /** `127.0.0.1:<port>` of the gateway. */
  readonly gateway: string;
}

/** Returns the guide's blocks for a program, in order. */
function blocksOf(name: ProxyName, guide: string): readonly string[] {
  const text = readFileSync(join(DOCS, guide), 'utf8');
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, of, block]) => (of === name ? [block ?? ''] : []));
}

/** Starts a proxy with a block of the guide; names, ports and files are replaced by those of the test. */
export async function startProxy({
  name,
  guide = 'guides/proxies.md',
  replace = {},
  block = 0,
  folder,
  certificate,
  gateway,
}: ProxyOptions) {
  const port = await freePort();
  const both = join(folder, 'both.pem');
  writeFileSync(both, certificate.cert + certificate.key);
  const template = Object.entries(replace).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    blocksOf(name, guide)[block] ?? '',
  );
  const config = template
    .replaceAll('127.0.0.1:8080', gateway)
    .replaceAll('/etc/ssl/fleet.example.key', certificate.keyFile)
    .replaceAll('/etc/ssl/fleet.example.pem', name === 'haproxy' ? both : certificate.certFile)
    .replaceAll('https://fleet.example', `https://localhost:${port}`)
    .replaceAll('fleet.example', 'localhost')
    .replaceAll('listen 443', `listen 127.0.0.1:${port}`)
    .replaceAll('bind :443', `bind 127.0.0.1:${port}`);
  const file = join(folder, `${name}-${block}.conf`);
  writeFileSync(file, WHOLE[name](config, folder));
  const [program, ...args] = commandOf(name, file, folder);
  const child = spawn(program!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await eventually(`${name} listens`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`);
    return isOpen(port);
  });
  return {
    url: `https://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      // HAProxy waits for open connections.
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(timer);
    },
  };
}

const commandOf = (name: ProxyName, file: string, folder: string): readonly string[] =>
  ({
    nginx: ['/usr/sbin/nginx', '-c', file, '-p', folder, '-e', 'stderr'],
    caddy: ['/usr/bin/caddy', 'run', '--adapter', 'caddyfile', '--config', file],
    haproxy: ['/usr/sbin/haproxy', '-db', '-f', file],
  })[name];

/** Wraps a block into a complete configuration. */
const WHOLE: Readonly<Record<ProxyName, (block: string, folder: string) => string>> = {
  nginx: (block, folder) => `daemon off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  ${block}
}
`,
  caddy: (block) => `{
  admin off
  auto_https disable_redirects
}
${block}`,
  haproxy: (block) => block,
};

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
