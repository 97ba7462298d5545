// Runs a TypeScript program of this repository with the Node that npm installs beside it, installing packages first
// where they are missing or out of date; without a program, that is all. Plain JavaScript for Node 20: the first thing
// that runs on a bare machine.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.medkit-lock');
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

function install() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return;
  console.error('medkit: installing packages from npm (the first time only, about half a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) {
    console.error('medkit: npm ci failed (see above). Check that the npm registry can be reached, then try again.');
    process.exit(done.status ?? 1);
  }
  writeFileSync(stamp, lockHash);
}

function nodeBinary() {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return process.execPath;
  const bundled = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  console.error(
    `medkit: this needs Node ${NEEDED_MAJOR}; here is ${process.version}, and npm has no Node for ` +
      `${process.platform}-${process.arch} in this project. Install Node ${NEEDED_MAJOR} and try again.`,
  );
  return process.exit(1);
}

install();
const [program, ...programArguments] = process.argv.slice(2);
if (program === undefined) process.exit();
const node = nodeBinary();
// As packages/cli/bin/medkit, the published command, has them.
const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
const child = spawn(node, [...flags, join(root, program), ...programArguments], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
});
// A Ctrl-C reaches the child from the terminal; other signals come to this process alone and are handed on.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)));
