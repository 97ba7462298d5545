import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_ASSOCIATED } from '../bounds.ts';
import { eventFields, eventOf, FIELD_NAMES } from './event-fields.ts';
import type { ReceivedVariant } from './scalars.ts';

const text = (value: string): ReceivedVariant => ({ dataType: 12, value });
const bool = (value: boolean): ReceivedVariant => ({ dataType: 1, value });
const node = (value: string): ReceivedVariant => ({ dataType: 17, value: { namespace: 2, identifierType: 2, value } });
const NOTHING: ReceivedVariant = { dataType: 0 };

/** Returns the fields of an event; the server provides only `given`. */
const fields = (
  values: Partial<Record<(typeof FIELD_NAMES)[number], ReceivedVariant>>,
  further: readonly ReceivedVariant[] = [],
) => [...FIELD_NAMES.map((name) => values[name] ?? NOTHING), ...further];
const eventId = { dataType: 15, value: Buffer.from([1, 2, 3]) };

describe('An event', () => {
  test('has the values of its fields', () => {
    const values = {
      eventId,
      conditionId: node('Alarm'),
      sourceName: text('Tank'),
      message: { dataType: 21, value: { text: 'Too hot' } },
      severity: { dataType: 5, value: 700 },
      time: { dataType: 13, value: new Date(1000) },
      active: bool(true),
      acknowledged: bool(true),
      retain: bool(true),
      shelving: { dataType: 17, value: { namespace: 0, identifierType: 1, value: 2933 } },
    };
    const event = eventOf('i=2253', fields(values, [text('PT1'), NOTHING]), ['SD_1', 'SD_2']);
    assert.deepEqual(event, {
      notifier: 'i=2253',
      conditionId: 'ns=2;s=Alarm',
      eventId: Uint8Array.of(1, 2, 3),
      eventType: '',
      sourceNode: '',
      sourceName: 'Tank',
      conditionName: '',
      branchId: undefined,
      message: 'Too hot',
      severity: 700,
      timeNs: 1_000_000_000n,
      enabled: true,
      active: true,
      shelved: true,
      acknowledged: true,
      confirmed: true,
      retain: true,
      associated: new Map([['SD_1', 'PT1']]),
    });
  });

  test('[edge] of a server without Confirm awaits none, and one without states is enabled, with its active state unknown', () => {
    const event = eventOf('i=2253', fields({ eventId }), []);
    assert.deepEqual([event?.confirmed, event?.enabled, event?.active, event?.shelved], [true, true, undefined, false]);
  });

  test('takes a status in a field for a missing value', () => {
    const status = { dataType: 19, value: { name: 'BadNodeIdUnknown' } };
    const event = eventOf('i=2253', fields({ eventId, sourceName: status }, [status]), ['SD_1']);
    assert.deepEqual([event?.sourceName, event?.associated.size], ['', 0]);
  });

  test('is shelved by the name of its state as well as by its id', () => {
    const named = (name: string) =>
      eventOf('i=2253', fields({ eventId, shelvingName: { dataType: 21, value: { text: name } } }), []);
    assert.deepEqual(
      ['OneShotShelved', 'Timed Shelved', 'Unshelved'].map((name) => named(name)?.shelved),
      [true, true, false],
    );
    const shelving = node('Machine.States.Timed');
    const withShelvingName = (name: string) =>
      eventOf('i=2253', fields({ eventId, shelving, shelvingName: text(name) }), []);
    assert.deepEqual(
      [withShelvingName('TimedShelved')?.shelved, withShelvingName('Unshelved')?.shelved],
      [true, false],
    );
  });

  test('[edge] is none without an id, or with an impossible one', () => {
    assert.equal(eventOf('i=2253', fields({}), []), undefined);
    assert.equal(eventOf('i=2253', fields({ eventId: { dataType: 15, value: Buffer.alloc(100_000) } }), []), undefined);
  });

  test('[edge] has a bounded number of fields', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `SD_${index}`);
    assert.equal(eventFields(names).length, FIELD_NAMES.length + MAX_ASSOCIATED);
  });
});
