import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { McapWriterOptions } from '@mcap/core';
import { DocumentRefused } from '@medkit/documents';
import { openMcapReader } from '@medkit/faults/reading';
import type { TriggerRecord } from '@medkit/triggers';
import { EMPTY, LOW, VOLTAGE } from '../testing/battery-rules.ts';
import { rulesOf } from '../testing/record-reports.ts';
import { BEGAN_NS, floats, type WrittenTopic, writeBag } from '../testing/write-bag.ts';
import { type BagRules, replayBags } from './replay-bags.ts';
import { MAX_BAG_REPORTS, MAX_POLLS } from './rule-set.ts';
import { MAX_TRIED_RULES, triedTriggerRules } from './tried-trigger-rules.ts';
import type { TriggerRules } from './trigger-rules.ts';

/** Opens a recording in memory. */
function openWritten(octets: Uint8Array) {
  return openMcapReader({
    size: async () => BigInt(octets.length),
    read: async (offset, size) => octets.subarray(Number(offset), Number(offset + size)),
    close: async () => undefined,
  });
}

const RULES: TriggerRules = { triggers: new Map([['trig_1', LOW]]), faultTriggers: new Map([['ftr_1', EMPTY]]) };

/** Falls below 22 V at 2 s and 12 s, below 21 V from 4 s to 8 s. */
const SAG = floats(VOLTAGE, [
  [0, 24],
  [1, 23],
  [2, 21.9],
  [3, 21.4],
  [4, 20.5],
  [8, 21.5],
  [10, 23],
  [12, 21.8],
  [14, 24],
]);

const all = (values: TriggerRules, confirmation_threshold = -1): BagRules => ({
  values,
  pollMs: 1000,
  faults: rulesOf({ confirmation_threshold }),
});
const open = async (topics: readonly WrittenTopic[], options?: Partial<McapWriterOptions>) => ({
  name: 'sag.mcap',
  bag: await openWritten(await writeBag(topics, options)),
});
const second = (ns: bigint | undefined) => (ns === undefined ? undefined : Number((ns - BEGAN_NS) / 1_000_000n) / 1000);
const secondOfMs = (ms: number | null) => (ms === null ? undefined : ms / 1000 - Number(BEGAN_NS / 1_000_000_000n));

async function tried(text: string, rules = RULES) {
  return replayBags([await open([SAG])], all(rules), all(await triedTriggerRules(rules, text, 'tried.yaml')));
}

describe('replay of a recording', () => {
  it('finds no difference with unchanged rules, and says when each fired', async () => {
    const { rules, result, messages } = await replayBags([await open([SAG])], all(RULES), all(RULES));
    assert.equal(messages, 9);
    assert.deepEqual(
      rules.map(({ id, before, after, differences }) => [id, before?.timesNs.map(second), after?.fired, differences]),
      [
        ['trig_1', [2, 12], 2, []],
        ['ftr_1', [4], 1, []],
      ],
    );
    assert.deepEqual(result.difference, { faults: [], incidents: [], notifications: [] });
  });

  it('has exactly the predicted differences with three changed rules', async () => {
    const { rules, result } = await tried(`
triggers:
  trig_1:
    trigger_condition: {condition_type: EnterRange, lower_bound: 0, upper_bound: 21.5}
  charged:
    resource: /api/v1/apps/battery/data/battery/voltage
    trigger_condition: {condition_type: OnChangeTo, target_value: 24}
fault_triggers:
  ftr_1: {threshold: 21.7}
`);
    assert.deepEqual(
      rules.map(({ id, differences }) => [
        id,
        differences.map(({ is, beforeNs, afterNs }) => [is, second(beforeNs), second(afterNs)]),
      ]),
      [
        [
          'trig_1',
          [
            ['later', 2, 3],
            ['fewer', 12, undefined],
          ],
        ],
        // Fires once, since it is not multishot.
        ['charged', [['more', undefined, 0]]],
        ['ftr_1', []],
      ],
    );
    // 21.4 V of 3 s and 21.5 V of 8 s are below the changed threshold as well.
    assert.deepEqual(
      result.difference.faults.map(({ is, code, beforeMs, afterMs }) => [
        is,
        code,
        secondOfMs(beforeMs),
        secondOfMs(afterMs),
      ]),
      [
        ['earlier', 'EMPTY', 4, 3],
        ['ends_later', 'EMPTY', 8, 10],
      ],
    );
  });

  it('applies the debounce of the fault manager to fault triggers', async () => {
    const { result } = await replayBags([await open([SAG])], all(RULES), all(RULES, -3));
    assert.deepEqual(
      result.difference.faults.map(({ is, beforeMs, afterMs }) => [is, secondOfMs(beforeMs), secondOfMs(afterMs)]),
      [['later', 4, 6]],
    );
  });

  it('removes a rule', async () => {
    const { rules, result } = await tried('triggers: {trig_1: null}\nfault_triggers: {ftr_1: null}\n');
    assert.deepEqual(
      rules[0]?.differences.map(({ is }) => is),
      ['fewer', 'fewer'],
    );
    assert.deepEqual(
      result.difference.faults.map(({ is }) => is),
      ['fewer'],
    );
  });

  it('merges recordings with overlapping times, and polls only in recorded time', async () => {
    const [early, late] = [
      floats(VOLTAGE, [
        [0, 24],
        [2, 21],
        [4, 24],
      ]),
      floats(VOLTAGE, [
        [1, 21],
        [3, 24],
      ]),
    ];
    const far = floats(VOLTAGE, [
      [1000, 20],
      [1003, 24],
    ]);
    const bags = [await open([far]), await open([late]), await open([early])];
    const { rules, spans } = await replayBags(bags, all(RULES), all(RULES));
    assert.deepEqual(
      spans.map(({ startNs, endNs }) => [second(startNs), second(endNs)]),
      [
        [0, 4],
        [1000, 1003],
      ],
    );
    assert.deepEqual(
      rules.map(({ before }) => before?.timesNs.map(second)),
      [[1, 1000], [1001]],
    );
  });
});

describe('a rule that recordings cannot evaluate', () => {
  const unknownOf = async (record: Partial<TriggerRecord>, topics = [SAG], values = RULES) => {
    const triggers = new Map([['trig_1', { ...LOW, ...record }]]);
    const { rules } = await replayBags([await open(topics)], all({ ...values, triggers }), all(RULES));
    return rules.map(({ before }) => before?.unknown);
  };

  it('is unknown, with the reason', async () => {
    const cases: readonly (readonly [Partial<TriggerRecord>, readonly WrittenTopic[], RegExp])[] = [
      [{ item: 'speed' }, [SAG], /have no topic speed/],
      [{}, [SAG, floats('/rear/voltage', [[0, 1]])], /Several topics end with voltage: .*Name the whole topic/],
      [{}, [{ ...SAG, definition: '' }], /has no ros2msg definition of std_msgs\/msg\/Float32/],
      [{}, [{ ...SAG, definition: 'float32 [' }], /definition of std_msgs\/msg\/Float32 is invalid/],
      [{}, [{ ...SAG, definition: 'float64 data\n' }], /No message of the topic could be decoded/],
      [{ pointer: '/none' }, [SAG], /has no member at \/none/],
      [{ collection: 'faults', item: '' }, [SAG], /observes faults/],
      [{ condition: { type: 'x-odd', parameters: {} } }, [SAG], /plugin of its condition x-odd is not loaded/],
      [{}, [floats(VOLTAGE, [[0, 21]])], /one value, and the condition compares two/],
    ];
    for (const [record, topics, reason] of cases) assert.match((await unknownOf(record, [...topics]))[0] ?? '', reason);
  });

  it('is unknown if the recordings end before its fault is confirmed, or before the first poll', async () => {
    const short = [
      floats(VOLTAGE, [
        [0, 20],
        [2, 20],
      ]),
    ];
    const { rules } = await replayBags([await open(short)], all(RULES), all(RULES, -3));
    assert.equal(rules[1]?.before?.unknown, undefined);
    assert.match(rules[1]?.after?.unknown ?? '', /end before its fault is confirmed/);
    const late = [
      floats(VOLTAGE, [
        [0, 24],
        [1.5, 20],
      ]),
    ];
    assert.match((await unknownOf({}, late))[1] ?? '', /end before its last value is polled/);
    assert.match(
      (await unknownOf({}, [floats(VOLTAGE, [[0, 20]])]))[1] ?? '',
      /its topic are shorter than fault_triggers/,
    );
  });

  it('is evaluated as far as a recording goes whose recorder was killed', async () => {
    const octets = await writeBag([SAG], { chunkSize: 1 });
    const bag = { name: 'cut.mcap', bag: await openWritten(octets.subarray(0, octets.length / 2)) };
    const { incomplete, messages, rules } = await replayBags([bag], all(RULES), all(RULES));
    assert.deepEqual(incomplete, ['cut.mcap']);
    assert.ok(messages > 2 && messages < 9);
    assert.equal(second(rules[0]?.before?.timesNs[0]), 2);
  });

  it('is not evaluated on damaged data: the replay is refused with the name of the recording', async () => {
    const octets = await writeBag([SAG], { chunkSize: 1 });
    const bag = { name: 'bad.mcap', bag: await openWritten(octets) };
    octets.fill(0xff, 300, 500);
    await assert.rejects(
      replayBags([bag], all(RULES), all(RULES)),
      /BagUnreadable: bad\.mcap is damaged .*mcap recover/,
    );
  });

  it('has a bounded number of reports', async () => {
    const seconds = MAX_BAG_REPORTS / 1000 + 2;
    const long = [
      floats(VOLTAGE, [
        [0, 20],
        [seconds, 20],
      ]),
    ];
    const often = { ...all(RULES), pollMs: 1 };
    await assert.rejects(replayBags([await open(long)], often, often), /report more than 1000000 times: replay fewer/);
  });

  it('is not polled for years if a recording has a wrong time', async () => {
    const odd = floats(VOLTAGE, [
      [0, 24],
      [MAX_POLLS + 2, 24],
    ]);
    await assert.rejects(replayBags([await open([odd])], all(RULES), all(RULES)), /check their times with `bag info`/);
  });
});

describe('a document of changed rules', () => {
  it('is refused with the line of each problem', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['[1]', /expected the sections triggers and fault_triggers/],
      ['trigers: {}', /tried\.yaml:1: there is no section trigers\. Did you mean triggers\?/],
      ['triggers: 5', /must map ids of rules/],
      ['triggers:\n  trig_2: {path: /a}', /tried\.yaml:2: no rule trig_2 is stored\. Did you mean trig_1\?/],
      ['triggers:\n  trig_1: {upper: 5}', /there is no upper to try/],
      ['triggers: {trig_1: {trigger_condition: {condition_type: Odd}}}', /Unknown condition_type 'Odd'/],
      ['triggers: {trig_1: {path: a}}', /path must be a JSON Pointer/],
      ['triggers: {trig_1: {multishot: 1}}', /multishot must be a boolean/],
      ['triggers: {new: {trigger_condition: {condition_type: OnChange}}}', /needs a "resource"/],
      [
        'triggers: {new: {resource: /api/v1/apps/a/faults, trigger_condition: {condition_type: OnChange}}}',
        /data item/,
      ],
      ['fault_triggers: {ftr_1: {threshold: high}}', /threshold: expected a number/],
      ['fault_triggers: {ftr_1: {treshold: 1}}', /there is no treshold to try/],
      ['fault_triggers: {new: {threshold: 1}}', /app_id must be the id of an app/],
      [
        'fault_triggers: {new: {app_id: a, data_name: v, operator: <, threshold: 1, fault_code: EMPTY, severity: ERROR}}',
        /two fault triggers have the fault code EMPTY/,
      ],
      [
        `triggers: {${Array.from({ length: MAX_TRIED_RULES + 1 }, (_, at) => `t${at}: {}`).join(', ')}}`,
        /more than 1000 rules/,
      ],
    ];
    for (const [text, reason] of cases) {
      await assert.rejects(
        triedTriggerRules(RULES, text, 'tried.yaml'),
        (error) => error instanceof DocumentRefused && reason.test(error.message),
        text,
      );
    }
  });
});
