import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.ts';
import type { GatewayProcess, Json } from './gateway-process.ts';

/** Allowance for a loaded machine. */
const SLACK_MS = 3000;

export interface Outcome {
  readonly status: number;
  readonly body: Json;
  readonly ms: number;
}

/** Sends a request and measures its time. */
export async function timed(gateway: GatewayProcess, [method, path, body]: Question): Promise<Outcome> {
  const startMs = performance.now();
  const { status, body: answer } = await gateway.ask(method, path, body);
  return { status, body: answer, ms: performance.now() - startMs };
}

/** Arguments of `GatewayProcess.ask`. */
export type Question = readonly [method: string, path: string, body?: unknown];

/** Expected answer to a failing request. */
export interface Failure {
  readonly what: string;
  readonly ask: Question;
  readonly status: number;
  /** `vendor_code` if there is one, otherwise `error_code`. */
  readonly code: string;
  /** Patterns for the message or the parameters: what failed, and how. */
  readonly says: readonly RegExp[];
  readonly withinMs: number;
}

export function assertFailure({ what, status, code, says, withinMs }: Failure, outcome: Outcome): void {
  const { error_code, vendor_code, message, parameters } = outcome.body;
  const said = `${what}: ${outcome.status} ${JSON.stringify(outcome.body)}`;
  assert.equal(outcome.status, status, said);
  const [error, vendor] = code.startsWith('x-medkit-') ? ['vendor-error', code] : [code, undefined];
  assert.deepEqual([error_code, vendor_code], [error, vendor], said);
  for (const pattern of says) assert.match(`${message} ${JSON.stringify(parameters)}`, pattern, what);
  assert.ok(outcome.ms < withinMs + SLACK_MS, `${what} took ${outcome.ms} ms`);
}

/** A request to execute an operation of an app. */
export const execution = (app: string, operation: string, parameters: unknown = {}): Question => [
  'POST',
  `/apps/${app}/operations/${operation}/executions`,
  { parameters },
];

/** Waits until each app has this many operations. */
export async function waitForOperations(
  gateway: GatewayProcess,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [app, count] of Object.entries(counts)) {
    await eventually(`${count} operations of ${app}`, async () => {
      const { body } = await gateway.ask('GET', `/apps/${app}/operations`);
      return body['items']?.length === count;
    });
  }
}
