import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../harness/eventually.ts';
import type { DemoScene } from './demo-scene.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** An event of a stream; events of state streams have no id. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: Json;
}

/** Output so far of a command that follows a stream. Ended when disposed. */
export interface FollowedStream extends AsyncDisposable {
  /** Waits for the first event that fits. */
  event(what: string, fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** Resolves when the gateway has ended the stream. */
  readonly ended: Promise<void>;
}

/** Every curl prints data as it arrives, then the status. `open` is the macOS command. */
const PRELUDE = String.raw`
curl() { command curl --silent --show-error --no-buffer --write-out '\n%{http_code}' "$@"; }
open() { curl "$@"; }`;

/** In a pipe the next command reads curl's output, so an error status makes curl fail. */
const IN_PIPES = `
set -o pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }`;

/** A shell in the folder of a demo; `robot-<n>:8080` in a typed command is replaced by the demo's address. */
export function curlShell({ url, sandbox }: DemoScene) {
  const scriptOf = (command: string, prelude = PRELUDE) =>
    `${prelude}\n${command.replaceAll(/http:\/\/robot-\d+:8080/g, url)}`;
  const options = { cwd: sandbox.folder, env: sandbox.environment };
  const type = async (command: string): Promise<{ readonly status: number; readonly text: string }> => {
    const { stdout } = await promisify(execFile)('bash', ['-ec', scriptOf(command)], options);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
  };
  return {
    /** Runs a command to its end. */
    type,
    /** Runs a command to its end; returns its reply as JSON. */
    ask: async (command: string): Promise<{ readonly status: number; readonly body: Json }> => {
      const { status, text } = await type(command);
      return { status, body: text === '' ? undefined : JSON.parse(text) };
    },
    /** Runs a command with pipes to its end; returns its output as JSON. */
    pipe: async (command: string): Promise<Json> =>
      JSON.parse((await promisify(execFile)('bash', ['-ec', scriptOf(command, IN_PIPES)], options)).stdout),
    /** Runs a command that follows a stream. */
    follow: (command: string): FollowedStream =>
      followed(
        spawn('bash', ['-ec', scriptOf(command)], { ...options, detached: true, stdio: ['ignore', 'pipe', 'ignore'] }),
      ),
  };
}

function followed(child: ChildProcess): FollowedStream {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    ended,
    event: (what, fits) => eventually(what, async () => eventsIn(text).find(fits), 60_000),
    async [Symbol.asyncDispose]() {
      assert.ok(child.pid !== undefined);
      // The shell leads a process group that includes curl.
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

function eventsIn(text: string): readonly StreamEvent[] {
  return text.split('\n\n').flatMap((frame) => {
    const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
    const [, id] = /^id: (.*)$/m.exec(frame) ?? [];
    return data === undefined ? [] : [{ id, data: JSON.parse(data) }];
  });
}
