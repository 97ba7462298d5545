import { createInterface } from 'node:readline';
import { FAULT_STATUSES } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SEVERITY } from '@medkit/faults';
import { openRobot } from './robot.ts';
import { foundFault, lastText, type StormEvents } from './storm-events.ts';
import type { StormOptions } from './storm-life.ts';
import {
  COUNTED_CODES,
  COUNTING_SOURCE,
  LIVE_CODES,
  LIVE_SOURCE,
  stormOptions,
  stormSources,
} from './storm-setting.ts';

/**
 * A robot in a storm of faults, until it is killed. It waits for a line with its `StormOptions`, by which time all its
 * code is loaded. Prints a line for each acknowledgement that something is on disk.
 */

/**
 * Reaches the reader immediately: writes to a pipe are synchronous, and the pipe retains data after its writer was
 * killed.
 */
const print = (news: StormEvents): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
print({ kind: 'loaded' });
const { folder, inFlight, seed, setting }: StormOptions = JSON.parse((await lines.next()).value as string);
const random = seededRandom(seed).float;

const sources = stormSources();
void sources.publish();
const { manager } = await openRobot(folder, stormOptions(setting, sources));
manager.onEvent(({ id, type, fault: { code, description } }) => print({ kind: 'event', id, type, code, description }));
/** Number of FAILED reports of each code, earlier lives included; each report has its number as description. */
const found = manager.list({ statuses: FAULT_STATUSES }).faults;
const reported = new Map(found.map((fault) => [fault.code, Number(lastText(fault))]));
print({ kind: 'open', found: found.map(foundFault) });

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

async function report(code: string, source: string): Promise<void> {
  const number = (reported.get(code) ?? 0) + 1;
  reported.set(code, number);
  const description = String(number);
  const reporter = { runtime: 'ros2', source };
  const answer = await manager.report({ code, event: 'FAILED', severity: SEVERITY.ERROR, description, ...reporter });
  if (!answer.accepted || answer.fault === undefined) throw new Error(`${code} was not accepted`);
  const { counter, occurrenceCount, lastOccurredNs } = answer.fault;
  print({ kind: 'reported', code, number, counter, occurrenceCount, lastOccurredNs: String(lastOccurredNs) });
}

async function clear(code: string): Promise<void> {
  const occurrenceCount = manager.get(code)?.occurrenceCount;
  const { cleared } = await manager.clear(code, { cascade: false });
  if (cleared && occurrenceCount !== undefined) print({ kind: 'cleared', code, occurrenceCount });
}

let next = 0;
async function goOn(): Promise<never> {
  for (;;) {
    const what = random();
    if (what < 0.45) await report(oneOf(COUNTED_CODES), COUNTING_SOURCE);
    else if (what < 0.7) await report(oneOf(LIVE_CODES), LIVE_SOURCE);
    // One source may not have so many.
    else if (what < 0.95) await report(`NEW_${seed}_${next++}`, `${LIVE_SOURCE}/${seed}`);
    else await clear(oneOf(LIVE_CODES));
  }
}
await Promise.all(Array.from({ length: inFlight }, goOn));
