import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { FAULT_STATUSES, type Fault, type FaultEvent } from '@medkit/core';
import type { FaultManager, OpenFaultManager } from '@medkit/faults';
import { filesOf } from './robot.ts';
import { type FoundFault, foundFault, lastText, type StormEvents } from './storm-events.ts';
import { COUNTED_CODES } from './storm-setting.ts';

type Reported = Extract<StormEvents, { kind: 'reported' }>;
type PublishedEvent = Extract<StormEvents, { kind: 'event' }>;

/** Records what the robots of one folder printed, and compares it with the data on disk. */
export class StormWitness {
  /** The newest report of each code that was acknowledged, or found by a started robot. */
  readonly #reported = new Map<string, Pick<Reported, 'code' | 'number' | 'occurrenceCount' | 'lastOccurredNs'>>();
  /** The newest occurrence of each code whose clearing was acknowledged. */
  readonly #cleared = new Map<string, number>();
  readonly #events = new Map<number, PublishedEvent>();
  /** The last event on disk at the last start of the robot. */
  #newestId = 0;
  /** Robots that were killed with data on disk that was not acknowledged yet. */
  killedDuringWrites = 0;

  /** Takes in what a robot printed in its life. */
  record(events: readonly StormEvents[]): void {
    for (const news of events) {
      if (news.kind === 'open') this.checkFound(news.found);
      if (news.kind === 'reported' && news.number > (this.#reported.get(news.code)?.number ?? 0)) {
        this.#reported.set(news.code, news);
      }
      if (news.kind === 'cleared') this.#cleared.set(news.code, news.occurrenceCount);
      if (news.kind === 'event') {
        assert.ok(news.id > this.#newestId, `event ${news.id} has the number of an earlier one`);
        this.#events.set(news.id, news);
      }
    }
  }

  /** Fails if anything is lost or inconsistent. */
  async check({ manager }: Pick<OpenFaultManager, 'manager'>, folder: string): Promise<void> {
    this.checkFound(manager.list({ statuses: FAULT_STATUSES }).faults.map(foundFault));
    this.#checkEvents(await eventsOf(manager));
    await checkConsistent({ manager }, folder);
  }

  /** Fails if a started robot did not find everything acknowledged before. */
  checkFound(found: readonly FoundFault[]): void {
    const faults = new Map(found.map((fault) => [fault.code, fault]));
    for (const { code, number, occurrenceCount, lastOccurredNs } of this.#reported.values()) {
      const fault = faults.get(code);
      assert.ok(fault, `${code} was acknowledged and is lost`);
      assert.ok(Number(fault.description) >= number, `${code}: report ${number} was acknowledged and is lost`);
      assert.ok(fault.occurrenceCount >= occurrenceCount, `${code}: occurrence ${occurrenceCount} is lost`);
      assert.ok(BigInt(fault.lastOccurredNs) >= BigInt(lastOccurredNs), `${code}: it occurred later than that`);
    }
    for (const [code, occurrence] of this.#cleared) {
      const fault = faults.get(code);
      const isCleared = fault && (fault.occurrenceCount > occurrence || fault.status === 'CLEARED');
      assert.ok(isCleared, `${code}: occurrence ${occurrence} was cleared and is not`);
    }
    const untold = found.filter(({ code, description }) => this.#reported.get(code)?.number !== Number(description));
    if (untold.length > 0) this.killedDuringWrites += 1;
    // Data found once must also stay.
    for (const fault of untold) this.#reported.set(fault.code, { ...fault, number: Number(fault.description) });
  }

  /** Checks that every printed event is in the log unchanged, and that no number occurs twice. */
  #checkEvents(events: readonly FaultEvent[]): void {
    for (const [index, { id, type, fault }] of events.entries()) {
      assert.equal(id, index + 1, 'numbers of events have no gaps');
      const printed = this.#events.get(id);
      if (printed)
        assert.deepEqual([type, fault.code, fault.description], [printed.type, printed.code, printed.description]);
    }
    const newestPrinted = [...this.#events.keys()].at(-1) ?? 0;
    assert.ok(events.length >= newestPrinted, `event ${newestPrinted} was told and is lost`);
    this.#newestId = events.length;
  }
}

/** Returns all events of a log that is too short to have dropped any. */
async function eventsOf(manager: Pick<FaultManager, 'eventsAfter'>): Promise<readonly FaultEvent[]> {
  const all: FaultEvent[] = [];
  for (let events: readonly FaultEvent[] = []; ; all.push(...events)) {
    ({ events } = await manager.eventsAfter(all.at(-1)?.id ?? 0, 1000));
    if (events.length === 0) return all;
  }
}

/** Fails if data of a fault comes from different reports. Returns the number of faults. */
export async function checkConsistent({ manager }: Pick<OpenFaultManager, 'manager'>, folder: string): Promise<number> {
  const { faults } = manager.list({ statuses: FAULT_STATUSES });
  const last = new Map((await eventsOf(manager)).map((event) => [event.fault.code, event]));
  using database = new DatabaseSync(filesOf(folder).faults, { readOnly: true });
  const rows = rowsOf(database);
  for (const fault of faults) checkWhole(fault, rows, last);
  return faults.length;
}

/** Other rows written by each report, by code. */
interface Rows {
  /** Counter of the newest near miss. */
  readonly nearMisses: ReadonlyMap<string, number>;
  /** The newest occurrence, and how it ended. */
  readonly occurrences: ReadonlyMap<string, readonly unknown[]>;
}

function rowsOf(database: DatabaseSync): Rows {
  const nearMisses = database
    .prepare(
      'SELECT fault_code, debounce_counter FROM near_misses WHERE id IN (SELECT max(id) FROM near_misses GROUP BY fault_code)',
    )
    .all();
  const occurrences = database
    .prepare('SELECT fault_code, max(number) AS number, ended_as FROM occurrences GROUP BY fault_code')
    .all();
  return {
    nearMisses: new Map(nearMisses.map((row) => [String(row.fault_code), Number(row.debounce_counter)])),
    occurrences: new Map(occurrences.map((row) => [String(row.fault_code), [row.number, row.ended_as]])),
  };
}

/** Checks that all rows of a report come from the same report. */
function checkWhole(fault: Fault, rows: Rows, events: ReadonlyMap<string, FaultEvent>): void {
  const { code, counter, occurrenceCount, reporters = [], sources, status } = fault;
  const known = reporters.map(({ source }) => source).sort();
  assert.deepEqual(known, sources, `${code}: who reported it is known by name alone`);
  const ended = status === 'CLEARED' ? status : '';
  const occurrence = rows.occurrences.get(code);
  assert.deepEqual(occurrence, [occurrenceCount, ended], `${code}: its occurrence is of another report`);
  if (COUNTED_CODES.includes(code)) {
    assert.equal(counter, -Number(lastText(fault)), `${code}: reports are lost or counted twice`);
    assert.equal(rows.nearMisses.get(code), counter, `${code}: its near miss is of another report`);
  } else {
    assert.deepEqual(events.get(code)?.fault, fault, `${code}: its last event is of another report`);
  }
}
