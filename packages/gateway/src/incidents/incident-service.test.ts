import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { indexEntities, LOCAL } from '@medkit/core';
import { entityLists } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Occurrence, openIncidentBook } from '@medkit/incidents';
import { memoryDatabase } from '../testing/memory-database.ts';
import { IncidentMerged } from './incident-reader.ts';
import { type IncidentServiceOptions, incidentService } from './incident-service.ts';

const HOUR_MS = 3_600_000;

/** Returns the fault number `sequence`, an hour after the previous one, so that only a user merges them. */
function occurrence(sequence: number): Occurrence {
  const beganMs = sequence * HOUR_MS;
  const entity = { type: 'app', id: `app_${sequence}` } as const;
  const times = { beganMs, startedMs: beganMs, reportedMs: beganMs, healedMs: beganMs + 1000 };
  const fields = { code: `FAULT_${sequence}`, description: '', severity: 2 as const };
  return { origin: LOCAL, number: 1, sequence, entity, recordings: [], related: [], ...fields, ...times };
}

test('incidents can be merged by ids that were merged before, and only the id of the target is redirected', async () => {
  const clock = new SimulatedClock();
  const database = memoryDatabase(clock);
  const book = await openIncidentBook({
    database,
    clock,
    log: () => undefined,
    robotOf: (origin) => (origin === LOCAL ? 'amr' : origin),
    maxOccurrences: 100,
    onNews: () => undefined,
  });
  book.tell([1, 2, 5, 6].map(occurrence));
  await book.settled();
  const service = incidentService({
    book,
    clock,
    random: { bytes: randomBytes },
    configuresBlocking: () => false,
    model: { runtimes: [], tree: indexEntities(entityLists({}), 1) },
  } as unknown as IncidentServiceOptions);

  await service.merge('inc_1', { incidents: ['inc_2'] }, 'jan');
  const merged = await service.merge('inc_5', { incidents: ['inc_2', 'inc_6'] }, 'jan');
  assert.equal(merged.id, 'inc_1');
  assert.deepEqual(
    merged.faults.map(({ fault_code }) => fault_code),
    ['FAULT_1', 'FAULT_2', 'FAULT_5', 'FAULT_6'],
  );
  await assert.rejects(service.merge('inc_2', { incidents: ['inc_1'] }, 'jan'), IncidentMerged);
  await assert.rejects(service.merge('inc_1', { incidents: ['inc_2'] }, 'jan'), /Specify incidents other than inc_1/);
  await book.close();
  await database.close();
});
