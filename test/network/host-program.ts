import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Inbox, openInbox } from '../interop/inbox.ts';
import type { Host } from './namespaces.ts';

const END_TIMEOUT_MS = 5000;

export interface HostProgram extends AsyncDisposable {
  /** Its output, line by line. */
  readonly lines: Inbox<string>;
}

interface HostProgramOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script of these tests with Node on a host. It ends with its scope, when its input ends. */
export function startOnHost(host: Host, { script, args = [], env }: HostProgramOptions): HostProgram {
  const [command, ...prefix] = host.prefix;
  const child = spawn(command!, [...prefix, process.execPath, script, ...args], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ROS_AUTOMATIC_DISCOVERY_RANGE: 'SUBNET', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = openInbox<string>((line) => line);
  createInterface({ input: child.stdout }).on('line', lines.push);
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => lines.end(error.message));
    child.on('close', (code, signal) => {
      lines.end(`${script} ended (${signal ?? code})`);
      resolve();
    });
  });
  return {
    lines,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
