#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Replaces `docker` in tests: accepts the plugin's commands and runs the container's program as a process of this
// machine. Its first argument is the folder in which it records the commands and the "containers".
const [folder = '', verb, ...commandArgs] = process.argv.slice(2);
const wordAfter = (name: string): string => commandArgs[commandArgs.indexOf(name) + 1] ?? '';
const placeOf = (container: string): string => join(folder, 'containers', container);
appendFileSync(join(folder, 'told.jsonl'), `${JSON.stringify([verb, ...commandArgs])}\n`);

if (verb === 'run') run();
else if (verb === 'kill') signal(commandArgs.at(-1) ?? '', wordAfter('--signal'));
else if (verb === 'ps') process.stdout.write(readdirSync(join(folder, 'containers')).join('\n'));
else if (verb === 'rm') for (const container of commandArgs.slice(1)) signal(container, 'KILL');
else refuse(`unknown command: ${verb}`);

function run(): void {
  const [, file = ''] = /src=([^,]+)/.exec(wordAfter('--mount')) ?? [];
  const [interpreter = '', , ...args] = commandArgs.slice(commandArgs.lastIndexOf('/script') - 1);
  const name = wordAfter('--name');
  const inside = spawn(interpreter, [file, ...args], { stdio: 'inherit', detached: true });
  writeFileSync(placeOf(name), String(inside.pid));
  inside.on('exit', (code, by) => {
    rmSync(placeOf(name), { force: true });
    process.exit(code ?? 128 + (by === 'SIGKILL' ? 9 : 15));
  });
}

function signal(container: string, by: string): void {
  if (!existsSync(placeOf(container))) return void refuse(`No such container: ${container}`);
  const id = Number(readFileSync(placeOf(container), 'utf8'));
  if (by === 'KILL') rmSync(placeOf(container), { force: true });
  try {
    process.kill(-id, `SIG${by}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function refuse(message: string): void {
  process.stderr.write(`Error response from daemon: ${message}\n`);
  process.exitCode = 1;
}
