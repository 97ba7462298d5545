import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Program, startProgram } from '../harness/program.ts';

/** A JSON object of a reply. */
// biome-ignore lint/suspicious/noExplicitAny: tests compare values of any type.
export type Json = Readonly<Record<string, any>>;

/** Parses JSON with exact integers of any size, like a careful client. */
export function parseExactly(text: string): Json {
  return JSON.parse(text, (_key, value, context?: { source: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? '')
      : value,
  );
}

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** The counterpart of `parseExactly`. */
export const writeExactly = (value: unknown) =>
  JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? rawJSON(String(member)) : member));

interface Reply {
  readonly status: number;
  /** Empty if there is none. */
  readonly body: Json;
  readonly location: string | null;
}

/** `medkit up` on loopback. It ends with its scope, which checks the exit code. */
export interface GatewayProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/api/v1`. */
  readonly api: string;
  readonly program: Program;
  /** `path` below the API. */
  ask(method: string, path: string, body?: unknown): Promise<Reply>;
}

export interface GatewayOptions {
  readonly domainId: number;
  /** `key=value` of docs/config.md. */
  readonly settings?: readonly string[];
  /** Options of its Node process, as in `NODE_OPTIONS`. */
  readonly nodeOptions?: string;
}

/** Starts a gateway that knows the peers' special types, and waits until it listens. */
export async function startGateway({ domainId, settings = [], nodeOptions }: GatewayOptions): Promise<GatewayProcess> {
  const args = ['up', '--port', '0', '--type-folder', join(import.meta.dirname, 'share')];
  const env = {
    ROS_DOMAIN_ID: String(domainId),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
  };
  const program = startProgram([...args, ...settings.flatMap((each) => ['--set', each])], { env });
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const api = `${url}/api/v1`;
  return {
    api,
    program,
    async ask(method, path, body) {
      const reply = await fetch(`${api}${path}`, {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: writeExactly(body) }),
      });
      return {
        status: reply.status,
        body: parseExactly((await reply.text()) || '{}'),
        location: reply.headers.get('location'),
      };
    },
    [Symbol.asyncDispose]: async () => assert.equal(await program.end('SIGTERM'), 0, program.output()),
  };
}
