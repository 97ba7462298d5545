import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { MAX_REPLAY_ITEMS } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { EMPTY, LOW } from '../testing/battery-rules.ts';
import { newFolder } from '../testing/new-folder.ts';
import { openManager, rulesOf } from '../testing/record-reports.ts';
import { type BagToStore, storeBags } from '../testing/store-bags.ts';
import { BEGAN_NS, floats, writeBag } from '../testing/write-bag.ts';
import { TriedRuleRefused } from '../tried-rules.ts';
import { pairFirings } from './firing-difference.ts';
import { MAX_BAGS } from './merge-bags.ts';
import { MAX_REPLAYED_BYTES, withinLimits } from './stored-bags.ts';
import { tryOnStoredBags } from './try-on-stored-bags.ts';

const BEGAN_MS = Number(BEGAN_NS / 1_000_000n);

/** A recording of a voltage that falls below 22 V after 2 s, and below 21 V after 4 s. */
const sagAt = (second: number, topic = '/battery/voltage') =>
  writeBag([
    floats(topic, [
      [second, 24],
      [second + 2, 21.9],
      [second + 4, 20.5],
      [second + 8, 23],
    ]),
  ]);

/** Runs stored recordings through a document of rules. */
async function tried(document: object, bags: readonly BagToStore[], sinceSecond = 0) {
  const dataFolder = newFolder();
  const rules = rulesOf();
  const manager = await openManager(dataFolder, rules, new SimulatedClock());
  await manager.close();
  storeBags(dataFolder, bags);
  return tryOnStoredBags({
    files: { dataFolder, faultDatabase: join(dataFolder, 'faults.db') },
    inUse: { triggers: new Map([['trig_1', LOW]]), faultTriggers: new Map([['ftr_1', EMPTY]]) },
    document: JSON.stringify(document),
    pollMs: 1000,
    faults: [rules, rules],
    sinceMs: BEGAN_MS + sinceSecond * 1000,
  });
}

const second = (time: string | null | undefined) => (time == null ? time : (Date.parse(time) - BEGAN_MS) / 1000);
const range = (upper_bound: number) => ({ condition_type: 'EnterRange', lower_bound: 0, upper_bound });
const LOWER = { triggers: { trig_1: { trigger_condition: range(21) } } };

describe('a trigger tried on stored recordings', () => {
  it('is compared with the stored one, and says when it fires on which recording', async () => {
    const bags = [
      { id: 'fault_SAG_1', octets: await sagAt(0), second: 6 },
      { id: 'fault_SAG_2', octets: await sagAt(1000), second: 1006 },
    ];
    const { recordings, input } = await tried(LOWER, bags);
    assert.deepEqual([recordings.replayed, recordings.unreadable, recordings.omitted], [2, [], 0]);
    assert.deepEqual([input.count, input.isCut], [8, false]);
    const [rule, ...others] = recordings.rules;
    assert.deepEqual(others, [], 'rules that the document does not name are not replayed');
    assert.deepEqual(
      [rule?.before, rule?.after, rule?.differences],
      [{ fired: 2, values: 8 }, { fired: 2, values: 8 }, 2],
    );
    assert.deepEqual(
      rule?.items.map(({ is, before, after, recording }) => [is, second(before), second(after), recording]),
      [
        ['later', 2, 4, 'fault_SAG_1'],
        ['later', 1002, 1004, 'fault_SAG_2'],
      ],
    );
  });

  it('has no outcome of a stored rule if it is new, and all times are the same if nothing changes', async () => {
    const bags = [{ id: 'fault_SAG_1', octets: await sagAt(0), second: 6 }];
    const { resource } = LOW;
    const added = { resource, trigger_condition: range(22), multishot: true };
    const { recordings } = await tried({ triggers: { tried: added, trig_1: {} } }, bags);
    assert.deepEqual(
      recordings.rules.map(({ id, before, after, items }) => [
        id,
        before?.fired,
        after?.fired,
        items.map(({ is }) => is),
      ]),
      [
        ['trig_1', 1, 1, ['same']],
        ['tried', undefined, 1, ['more']],
      ],
    );
  });

  it('is unknown without its topic, and without any recording since the requested time', async () => {
    const other = [{ id: 'fault_SAG_1', octets: await sagAt(0, '/motor/speed'), second: 6 }];
    const { recordings } = await tried(LOWER, other);
    assert.match(recordings.rules[0]?.after?.unknown ?? '', /have no topic voltage/);
    const none = await tried(LOWER, other, 7);
    assert.deepEqual([none.recordings.replayed, none.input], [0, { count: 0, damaged: 0, isCut: false }]);
    assert.match(none.recordings.rules[0]?.after?.unknown ?? '', /have no topic voltage/);
  });

  it('is unknown on recordings without definitions of types, with the remedy', async () => {
    const path = join(newFolder(), 'sag.db3');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE topics (id INTEGER PRIMARY KEY, name, type, serialization_format, offered_qos_profiles);
      CREATE TABLE messages (id INTEGER PRIMARY KEY, topic_id, timestamp, data);
      INSERT INTO topics VALUES (1, '/battery/voltage', 'std_msgs/msg/Float32', 'cdr', '');
      INSERT INTO messages VALUES (1, 1, ${BEGAN_NS}, x'0001000000000000')`);
    database.close();
    const { recordings } = await tried(LOWER, [{ id: 'sqlite', octets: readFileSync(path), second: 6 }]);
    assert.match(recordings.rules[0]?.after?.unknown ?? '', /no ros2msg definition.*ros2 bag convert/);
  });

  it('is tried on the other recordings if some cannot be read, which are named', async () => {
    const damaged = await writeBag(
      [
        floats('/battery/voltage', [
          [50, 24],
          [52, 20],
          [54, 24],
        ]),
      ],
      { chunkSize: 1 },
    );
    damaged.fill(0xff, 300, 500);
    const cut = await writeBag(
      [
        floats('/battery/voltage', [
          [70, 24],
          [72, 20],
          [74, 24],
        ]),
      ],
      { chunkSize: 1 },
    );
    const { recordings } = await tried(LOWER, [
      { id: 'whole', octets: await sagAt(0), second: 6 },
      { id: 'missing', second: 20 },
      { id: 'text', octets: Buffer.from('hello'), second: 30 },
      { id: 'damaged', octets: damaged, second: 60 },
      { id: 'cut', octets: cut.subarray(0, cut.length - 400), second: 80 },
    ]);
    assert.deepEqual(
      recordings.unreadable.map(({ recording }) => recording),
      ['text', 'missing', 'damaged', 'cut'],
    );
    const [text, missing, bad, end] = recordings.unreadable.map(({ reason }) => reason);
    assert.match(text ?? '', /neither an MCAP file/);
    assert.match(missing ?? '', /files are missing/);
    assert.match(bad ?? '', /^is damaged .*mcap recover/);
    assert.match(end ?? '', /recorder was stopped/);
    assert.equal(recordings.replayed, 2);
    assert.equal(recordings.rules[0]?.items[0]?.recording, 'whole');
  });

  it('is refused with the line if the document is invalid', async () => {
    await assert.rejects(
      tried({ triggers: { trig_9: {} } }, []),
      (error) => error instanceof TriedRuleRefused && /trigger_rules:1: no rule trig_9 is stored/.test(error.message),
    );
    const { faultCode: fault_code } = EMPTY;
    const twice = { app_id: 'a', data_name: 'v', operator: '<', threshold: 1, fault_code, severity: 'ERROR' };
    await assert.rejects(
      tried({ fault_triggers: { tried: twice } }, []),
      /two fault triggers have the fault code EMPTY/,
    );
  });
});

describe('a fault trigger tried on stored recordings', () => {
  it('is compared by the times at which its fault is confirmed', async () => {
    const bags = [{ id: 'fault_SAG_1', octets: await sagAt(0), second: 6 }];
    const { recordings, result } = await tried({ fault_triggers: { ftr_1: { threshold: 22 } } }, bags);
    assert.deepEqual(
      recordings.rules.map(({ id, items }) => [
        id,
        items.map(({ is, before, after }) => [is, second(before), second(after)]),
      ]),
      [['ftr_1', [['earlier', 4, 2]]]],
    );
    assert.deepEqual(
      result.difference.faults.map(({ is, code }) => [is, code]),
      [['earlier', 'EMPTY']],
    );
  });
});

describe('the limits of a trial', () => {
  it('permit a number of recordings and of bytes, the newest first, and the newest in any case', () => {
    const recordings = (count: number, octets: number) => Array.from({ length: count }, () => ({ octets }));
    assert.equal(withinLimits(recordings(MAX_BAGS, 1)).length, MAX_BAGS);
    assert.equal(withinLimits(recordings(MAX_BAGS + 5, 1)).length, MAX_BAGS);
    assert.equal(withinLimits(recordings(4, MAX_REPLAYED_BYTES / 2)).length, 2);
    assert.equal(withinLimits(recordings(2, MAX_REPLAYED_BYTES + 1)).length, 1);
    assert.equal(withinLimits([]).length, 0);
  });

  it('report how many recordings are omitted', async () => {
    const octets = await sagAt(0);
    const bags = Array.from({ length: MAX_BAGS + 1 }, (_, at) => ({
      id: `b${at}`,
      second: at,
      ...(at > 0 && { octets }),
    }));
    const { recordings, input } = await tried(LOWER, bags);
    assert.deepEqual([recordings.replayed, recordings.omitted, input.isCut], [MAX_BAGS, 1, true]);
    assert.deepEqual(recordings.unreadable, [], 'the omitted recording is the oldest, whose files are missing');
  });

  it('list a bounded number of times, and count all', async () => {
    const often = floats(
      '/battery/voltage',
      Array.from({ length: 300 }, (_, at) => [at, at % 2 === 0 ? 24 : 20]),
    );
    const bags = [{ id: 'often', octets: await writeBag([often]), second: 300 }];
    const { recordings } = await tried({ triggers: { trig_1: { trigger_condition: range(10) } } }, bags);
    const [rule] = recordings.rules;
    assert.deepEqual([rule?.before?.fired, rule?.after?.fired, rule?.differences], [150, 0, 150]);
    assert.deepEqual([rule?.total, rule?.items.length], [150, MAX_REPLAY_ITEMS]);
  });
});

describe('the times of a rule with two sets of rules', () => {
  it('are in order, with equal ones as one', () => {
    const minute = 60_000_000_000n;
    assert.deepEqual(pairFirings([1n, 5n * minute], [1n, 5n * minute + 1n, 20n * minute]), [
      { is: 'same', beforeNs: 1n, afterNs: 1n },
      { is: 'later', beforeNs: 5n * minute, afterNs: 5n * minute + 1n },
      { is: 'more', afterNs: 20n * minute },
    ]);
  });
});
