import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetOutbreak } from '@medkit/fleet';
import { type Occurrence, occurrenceKey } from '@medkit/incidents';
import { reportOutbreak } from './outbreak-occurrence.ts';

const outbreak: FleetOutbreak = {
  ...{ id: 4, kind: 'site_lost', subject: 'graz', beganMs: 5000, changedMs: 6000, endedMs: undefined, severity: 2 },
  ...{ name: 'graz', about: '', members: [], robots: 3 },
  report: {
    title: 'Site graz is lost',
    summary: { kind: 'site_lost', subject: 'graz', about: '', robots: 3, sites: ['graz'], groups: [] },
    detail: { members: [], by_version: [], by_site: [] },
  },
};

/** A book that notes what it takes. */
function memoryBook() {
  const known = new Map<string, Occurrence>();
  const taken: (number | undefined)[] = [];
  return {
    taken,
    known: (occurrence: Occurrence) => known.get(occurrenceKey(occurrence)),
    tell: (occurrences: readonly Occurrence[]) => {
      for (const each of occurrences) {
        known.set(occurrenceKey(each), each);
        taken.push(each.healedMs);
      }
    },
  };
}

describe('an outbreak of the record', () => {
  it('is an incident with one identity until it ends', () => {
    const book = memoryBook();
    reportOutbreak(book, outbreak);
    reportOutbreak(book, { ...outbreak, severity: 3, changedMs: 7000 });
    reportOutbreak(book, { ...outbreak, endedMs: 9000 });
    assert.deepEqual(book.taken, [undefined, undefined, 9000]);
    const occurrence = book.known({ origin: 'fleet', code: 'SITE_LOST', number: 4, startedMs: 5000 } as Occurrence);
    assert.equal(occurrence?.description, 'Site graz is lost');
  });

  it('is not reported if it ended before, and its incident was removed or has healed', () => {
    const book = memoryBook();
    reportOutbreak(book, { ...outbreak, endedMs: 9000 });
    assert.deepEqual(book.taken, []);
    reportOutbreak(book, outbreak);
    for (let start = 0; start < 3; start += 1) reportOutbreak(book, { ...outbreak, endedMs: 9000 });
    assert.deepEqual(book.taken, [undefined, 9000]);
  });
});
