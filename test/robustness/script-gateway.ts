import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Program, startProgram } from '../harness/program.ts';

const SCRIPTS = '/api/v1/apps/driver/scripts';

/** The fields of an execution that tests use. */
export interface ScriptExecution {
  readonly id: string;
  readonly status: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly reason: string; readonly message: string };
  readonly 'x-medkit': {
    readonly stdout: string;
    readonly stderr: string;
    readonly runner: string;
    readonly exit_code?: number;
  };
}

/** A gateway in a separate process, and the scripts of one of its apps. */
export interface ScriptGateway {
  readonly program: Program;
  upload(name: string, text: string): Promise<void>;
  start(name: string, parameters?: object): Promise<ScriptExecution>;
  execution(name: string, id: string): Promise<ScriptExecution>;
  /** Returns the execution as soon as `fits` holds for it. */
  until(name: string, id: string, fits: (execution: ScriptExecution) => boolean): Promise<ScriptExecution>;
  /** Runs an uploaded script to its end. */
  run(name: string): Promise<ScriptExecution>;
}

/** Starts a gateway that stores its data in a folder. */
export async function startScriptGateway(folder: string, ...settings: readonly string[]): Promise<ScriptGateway> {
  const script = join(import.meta.dirname, 'lock-gateway.ts');
  const program = startProgram([folder, ...settings], { script });
  const [, url = ''] = await program.printed(/listening (\S+)/);
  const ask = async (path: string, init?: RequestInit) => {
    const reply = await fetch(url + SCRIPTS + path, init);
    const body = await reply.json();
    assert.ok(reply.ok, JSON.stringify(body));
    return body as ScriptExecution;
  };
  const gateway: ScriptGateway = {
    program,
    upload: async (name, text) => {
      const form = new FormData();
      form.append('file', new Blob([text]), `${name}.sh`);
      await ask('', { method: 'POST', body: form });
    },
    start: (name, parameters) =>
      ask(`/${name}/executions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ execution_type: 'now', parameters }),
      }),
    execution: (name, id) => ask(`/${name}/executions/${id}`),
    until: async (name, id, fits) => {
      for (;;) {
        const execution = await gateway.execution(name, id);
        if (fits(execution)) return execution;
        await sleep(20);
      }
    },
    run: async (name) => {
      const { id } = await gateway.start(name);
      return gateway.until(name, id, ({ status }) => status !== 'running');
    },
  };
  return gateway;
}

/** Returns whether a process is running; a zombie is not. */
export function isAlive(processId: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}
