import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.ts';
import type { GatewayProcess, Json } from './gateway-process.ts';

/** What a loaded machine may add to any time. */
const SLACK_MS = 3000;

export interface Outcome {
  readonly status: number;
  readonly body: Json;
  readonly ms: number;
}

/** Asks, and takes the time. */
export async function timed(gateway: GatewayProcess, [method, path, body]: Question): Promise<Outcome> {
  const startMs = performance.now();
  const { status, body: answer } = await gateway.ask(method, path, body);
  return { status, body: answer, ms: performance.now() - startMs };
}

/** As `GatewayProcess.ask` takes it. */
export type Question = readonly [method: string, path: string, body?: unknown];

/** What a failed request is to be answered with. */
export interface Failure {
  readonly what: string;
  readonly ask: Question;
  readonly status: number;
  /** `vendor_code` where it is one, else `error_code`. */
  readonly code: string;
  /** In the message or the parameters: the thing that failed, and how. */
  readonly says: readonly RegExp[];
  readonly withinMs: number;
}

export function assertFailure({ what, status, code, says, withinMs }: Failure, outcome: Outcome): void {
  const { error_code, vendor_code, message, parameters } = outcome.body;
  const said = `${what}: ${outcome.status} ${JSON.stringify(outcome.body)}`;
  assert.equal(outcome.status, status, said);
  const [error, vendor] = code.startsWith('x-medkit-') ? ['vendor-error', code] : [code, undefined];
  assert.deepEqual([error_code, vendor_code], [error, vendor], said);
  for (const words of says) assert.match(`${message} ${JSON.stringify(parameters)}`, words, what);
  assert.ok(outcome.ms < withinMs + SLACK_MS, `${what} took ${outcome.ms} ms`);
}

/** A request to execute an operation of an app. */
export const execution = (app: string, operation: string, parameters: unknown = {}): Question => [
  'POST',
  `/apps/${app}/operations/${operation}/executions`,
  { parameters },
];

/** Waits until the apps have so many operations. */
export async function untilShown(gateway: GatewayProcess, counts: Readonly<Record<string, number>>): Promise<void> {
  for (const [app, count] of Object.entries(counts)) {
    await eventually(`${count} operations of ${app}`, async () => {
      const { body } = await gateway.ask('GET', `/apps/${app}/operations`);
      return body['items']?.length === count;
    });
  }
}
