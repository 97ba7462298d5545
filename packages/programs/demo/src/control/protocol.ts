import { isScenarioName, SCENARIO_NAMES, type ScenarioName, type ScenarioStates } from '../scenarios/scenarios.ts';

/** Request to the running demo: one JSON object on one line. */
export type ControlRequest =
  | { readonly command: 'inject' | 'clear'; readonly scenarios: readonly ScenarioName[] }
  | { readonly command: 'status' };

/** Reply, also on one line. */
export type ControlReply =
  | {
      readonly ok: true;
      readonly domainId: number;
      readonly scenarios: ScenarioStates;
      /** Address of the webhook receiver. */
      readonly receiver: string;
    }
  | { readonly ok: false; readonly error: string };

/** Maximum line length, above that of every request and reply. */
export const MAX_LINE_LENGTH = 4096;

/** A line that violates the protocol. */
export class MalformedControlLine extends Error {
  override readonly name = 'MalformedControlLine';
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new MalformedControlLine('not JSON', { cause });
  }
  throw new MalformedControlLine('not an object');
}

export function decodeRequest(line: string): ControlRequest {
  const { command, scenarios } = parseObject(line);
  if (command === 'status') return { command };
  if (command !== 'inject' && command !== 'clear') throw new MalformedControlLine(`unknown command ${command}`);
  const names = Array.isArray(scenarios) ? scenarios.slice(0, SCENARIO_NAMES.length).map(String) : [];
  if (names.length === 0 || !names.every(isScenarioName)) throw new MalformedControlLine('unknown scenario');
  return { command, scenarios: names };
}

export function decodeReply(line: string): ControlReply {
  const { ok, error, domainId, scenarios, receiver } = parseObject(line);
  if (ok === false) return { ok, error: String(error) };
  const states = scenarios as ScenarioStates;
  const complete = typeof states === 'object' && SCENARIO_NAMES.every((name) => typeof states?.[name] === 'boolean');
  if (ok !== true || typeof domainId !== 'number' || !complete) throw new MalformedControlLine('not a reply');
  return { ok, domainId, scenarios: states, receiver: String(receiver) };
}

export function encodeLine(value: ControlRequest | ControlReply): string {
  return `${JSON.stringify(value)}\n`;
}
