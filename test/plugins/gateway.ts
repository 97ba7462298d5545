import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, startProgram } from '../harness/program.ts';

/** A JSON object of a reply. */
// biome-ignore lint/suspicious/noExplicitAny: tests compare values of any type.
type Json = Readonly<Record<string, any>>;

/** `medkit up` with plugins, on loopback. */
export interface PluginGateway extends AsyncDisposable {
  readonly program: Program;
  readonly api: string;
  ask(
    path: string,
    method?: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string; readonly body: Json }>;
  apps(): Promise<readonly string[]>;
  /** Returns what `/health` reports about a plugin: its state, and the messages of its warnings. */
  report(
    name: string,
  ): Promise<{ readonly state: string; readonly warnings: readonly string[]; readonly health: Json }>;
  /** Returns the living processes that it started. */
  children(): readonly number[];
}

const modules = join(import.meta.dirname, 'modules');

/** Settings of one plugin of `modules`. */
export function moduleOf(name: string, module = name): readonly string[] {
  return [`plugins.${name}.path=${join(modules, `${module}.ts`)}`];
}

export async function startPluginGateway(
  domain: number,
  plugins: readonly string[],
  settings: readonly string[],
): Promise<PluginGateway> {
  // Its child processes are only those of plugins: no process is started to check whether scripts can be confined.
  const defaults = ['scripts.runner=plain', `plugins=${plugins.join(',')}`];
  const sets = [...defaults, ...settings].flatMap((setting) => ['--set', setting]);
  const program = startProgram(['up', '--port', '0', '--domain', String(domain), ...sets], {
    env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
  });
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const api = `${url}/api/v1`;
  const ask: PluginGateway['ask'] = async (path, method = 'GET', body) => {
    const reply = await fetch(`${api}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await reply.text();
    return { status: reply.status, text, body: text === '' ? {} : JSON.parse(text) };
  };
  return {
    program,
    api,
    ask,
    apps: async () => (await ask('/apps')).body['items'].map(({ id }: { id: string }) => id),
    report: async (name) => {
      const health = (await ask('/health')).body;
      const plugin = health['x-medkit-plugins'].plugins.find((each: { name: string }) => each.name === name);
      const messages = health['warnings'].map(({ message }: { message: string }) => message);
      return {
        state: plugin?.state,
        warnings: messages.filter(
          (text: string) => text.startsWith(`Plugin ${name} `) || text.startsWith(`Plugin ${name}:`),
        ),
        health,
      };
    },
    children: () => childrenOf(program.pid),
    [Symbol.asyncDispose]: async () => {
      assert.equal(await program.end('SIGTERM'), 0, program.output());
    },
  };
}

/** Returns the processes whose parent is `pid`. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    } catch {
      // The process has ended meanwhile.
      return [];
    }
  });
}
