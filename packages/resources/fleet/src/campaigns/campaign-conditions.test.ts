import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FleetInvalid } from '../fleet-refused.ts';
import type { RobotReply } from '../requests/robot-request.ts';
import { conditionCalls, conditionsOf, unfulfilledCondition } from './campaign-conditions.ts';

const LOCKS = '/x-medkit-locks';
const EXECUTIONS = '/x-medkit-executions?state=running&limit=1';
const parsed = (...conditions: readonly string[]) => conditionsOf({ conditions: [...conditions] });

describe('the text of a condition', () => {
  it('names the request that reads its value', () => {
    const paths: readonly (readonly [string, string])[] = [
      ['apps/battery/data/charging/data == true', '/apps/battery/data/charging'],
      ['  areas/hall/data/doors  !=  "open" ', '/areas/hall/data/doors'],
      ['components/base/data/%2Fbattery_state/percentage >= 0.5', '/components/base/data/%2Fbattery_state'],
      ['functions/a b/data/x%20<%20y/z == 1', '/functions/a%20b/data/x%20%3C%20y'],
      ['apps/机器人/data/电池 > 1e3', `/apps/${encodeURIComponent('机器人')}/data/${encodeURIComponent('电池')}`],
      ['no lock', LOCKS],
      [' no   execution', EXECUTIONS],
    ];
    for (const [text, path] of paths) {
      assert.deepEqual(conditionCalls(parsed(text)), [{ method: 'GET', path }], text);
    }
  });

  it('is refused with the character and the remedy', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['', /character 1: expected a comparison with spaces around ==.* "no lock" or "no execution"/],
      ['charging', /character 1: expected a comparison with spaces/],
      ['no locks', /character 1: expected a comparison/],
      ['apps/battery/data/charging==true', /character 1: expected a comparison with spaces around/],
      ['apps/battery/data/charging = true', /character 1: expected a comparison with spaces around ==/],
      ['apps/battery/data/charging ==', /character 1: expected a comparison/],
      ['  battery/data/charging == true', /character 3: expected an entity of apps, components, areas/],
      ['/apps/battery/data/charging == true', /character 1: expected an entity of apps/],
      ['apps//data/charging == true', /character 6: expected the id of an entity/],
      ['apps/../data/charging == true', /character 6: expected the id of an entity/],
      ['apps/%2E%2e/data/charging == true', /character 6: expected the id of an entity/],
      ['apps/a%zz/data/charging == true', /character 6: expected the id of an entity, with % as %25/],
      ['apps/a\u0000/data/charging == true', /character 6: expected the id of an entity/],
      ['apps/battery/faults/charging == true', /character 14: expected data after the entity/],
      ['apps/battery == true', /character 14: expected data after the entity/],
      ['apps/battery/data == true', /character 19: expected the name of a data item/],
      ['apps/battery/data//battery_state/x == true', /character 19: .* with \/ as %2F/],
      ['apps/battery/data/charging/a~b == true', /character 27: expected a JSON Pointer/],
      ['apps/battery/data/charging == yes', /character 31: expected true, false, a number, or a text in double quotes/],
      ["apps/battery/data/charging == 'yes'", /character 31: expected true/],
      ['apps/battery/data/charging == null', /character 31: expected true/],
      ['apps/battery/data/charging == [1]', /character 31: expected true/],
      ['apps/battery/data/charging == 1e999', /character 31: expected true/],
      ['apps/battery/data/charging > true', /character 30: > compares numbers: use == or !=/],
      ['apps/battery/data/charging <= "a"', /character 31: <= compares numbers/],
    ];
    for (const [text, message] of refused) {
      assert.throws(
        () => parsed('no lock', text),
        (error) =>
          error instanceof FleetInvalid && error.message.startsWith('conditions[1]') && message.test(error.message),
        text,
      );
    }
  });

  it('is refused a second time', () => {
    assert.throws(() => parsed('no lock', 'no execution', 'no  lock'), /conditions\[2\]: no lock is there twice/);
  });

  it('is read once for several conditions on a data item, and locks last', () => {
    const conditions = parsed(
      'no lock',
      'apps/b/data/x/a > 1',
      'no execution',
      'apps/b/data/x/b > 1',
      'apps/b/data/y > 1',
    );
    assert.deepEqual(
      conditionCalls(conditions).map(({ path }) => path),
      ['/apps/b/data/x', EXECUTIONS, '/apps/b/data/y', LOCKS],
    );
    assert.deepEqual(conditionCalls([]), []);
  });
});

const value = (data: unknown, status = 'data'): RobotReply => ({ status: 200, body: { data, 'x-medkit': { status } } });
const list = (items: unknown, more: object = {}): RobotReply => ({ status: 200, body: { items, 'x-medkit': more } });

/** Condition after the name of the data item, reply, and what was found: `undefined` if the condition is fulfilled. */
const VALUES: readonly (readonly [string, RobotReply, string | undefined])[] = [
  [' == true', value(true), undefined],
  [' == true', value(false), 'the value is false'],
  [' != true', value(false), undefined],
  [' != true', value(true), 'the value is true'],
  ['/data == true', value({ data: true }), undefined],
  ['/data == false', value({ data: true }), 'the value is true'],
  [' == true', value({ data: true }), 'the value {"data":true} is not a boolean'],
  [' == true', value('true'), 'the value "true" is not a boolean'],
  [' != true', value(1), 'the value 1 is not a boolean'],
  [' == "docked"', value('docked'), undefined],
  [' == "停"', value('停'), undefined],
  [' != "docked"', value('driving'), undefined],
  [' == ""', value(''), undefined],
  [' > 0.5', value(0.5), 'the value is 0.5'],
  [' > 0.5', value(0.51), undefined],
  [' >= 0.5', value(0.5), undefined],
  [' < 0.5', value(0.5), 'the value is 0.5'],
  [' < 0.5', value(-1), undefined],
  [' <= 0.5', value(0.5), undefined],
  [' <= 0.5', value(0.6), 'the value is 0.6'],
  [' == 0', value(-0), undefined],
  [' > 0.5', value('0.9'), 'the value "0.9" is not a number'],
  [' == 1152921504606846977', value(2n ** 60n + 1n), undefined],
  [' == 1152921504606846977', value(2n ** 60n), 'the value is 1152921504606846976'],
  [' > 5', value(2n ** 60n), undefined],
  ['/cells/1/v > 3', value({ cells: [{ v: 1 }, { v: 4 }] }), undefined],
  ['/cells/2/v > 3', value({ cells: [{ v: 1 }, { v: 4 }] }), 'it has no value'],
  ['/a~1b == 1', value({ 'a/b': 1 }), undefined],
  ['/__proto__ != 1', value({}), 'it has no value'],
  ['/data > 3', value({ data: null }), 'it has no value'],
  [' == 1', value(null), 'it has no value'],
  [' == 1', value([1]), 'the value [1] is not a number'],
  ['/data == true', value({}, 'metadata_only'), 'it has no value'],
  [' == true', value({}, 'metadata_only'), 'it has no value'],
  [' == true', { status: 200 }, 'it has no value'],
  [' == true', { status: 200, body: 'text' }, 'it has no value'],
  [' == true', { status: 404, body: { message: 'no such topic' } }, 'the robot answered 404: no such topic'],
  [' == true', { status: 503, body: {} }, 'the robot answered 503'],
  [' == "a"', value('x'.repeat(200)), `the value is "${'x'.repeat(79)}`],
];

const lock = { owned: false, holder: 'ada', entity: { type: 'app', id: 'lidar' } };
const run = { entity_type: 'app', entity_id: 'bt_navigator', operation_id: 'navigate_to_pose' };
const LISTS: readonly (readonly [string, RobotReply, string | undefined])[] = [
  ['no lock', list([]), undefined],
  ['no lock', list([{ ...lock, owned: true }]), undefined],
  ['no lock', list([{ ...lock, owned: true }, lock]), 'app lidar is locked by ada'],
  ['no lock', list([{}]), 'an entity is locked'],
  ['no lock', list(['x']), 'an entity is locked'],
  ['no lock', { status: 501, code: 'not-implemented', body: {} }, undefined],
  ['no lock', { status: 503, code: 'service-unavailable', body: {} }, 'the robot answered 503'],
  ['no lock', { status: 200, body: {} }, 'the robot sent no list'],
  ['no execution', list([]), undefined],
  ['no execution', list([run]), 'navigate_to_pose of app bt_navigator is executed'],
  ['no execution', list([{ ...run, operation_id: undefined, script_id: 's' }]), 's of app bt_navigator is executed'],
  ['no execution', list([], { partial: true }), 'a gateway of the robot did not answer'],
  ['no execution', list([run], { partial: true }), 'navigate_to_pose of app bt_navigator is executed'],
  ['no execution', list({}), 'the robot sent no list'],
  ['no execution', { status: 501, code: 'not-implemented', body: {} }, 'the robot answered 501'],
];

describe('a condition', () => {
  it('is fulfilled or not by each reply', () => {
    const values = VALUES.map(([end, reply, found]) => [`apps/b/data/x${end}`, reply, found] as const);
    for (const [text, reply, found] of [...values, ...LISTS]) {
      const expected = found && `the condition ${text} is not fulfilled: ${found}`;
      assert.equal(unfulfilledCondition(parsed(text), [reply]), expected, `${text} ${JSON.stringify(found)}`);
    }
  });

  it('is one of several that must all be fulfilled, of which the first other one is named', () => {
    const conditions = parsed('no lock', 'apps/b/data/x/a > 1', 'apps/b/data/x/b > 1', 'apps/b/data/y > 1');
    const judge = (...replies: readonly RobotReply[]) =>
      unfulfilledCondition(conditions, replies)?.replace(/^the condition (.*) is not fulfilled/, '$1');
    const free = list([]);
    assert.equal(judge(value({ a: 2, b: 2 }), value(2), free), undefined);
    assert.equal(judge(value({ a: 2, b: 1 }), value(2), free), 'apps/b/data/x/b > 1: the value is 1');
    assert.equal(judge(value({ a: 2, b: 2 }), value(2), list([lock])), 'no lock: app lidar is locked by ada');
    assert.equal(judge({ status: 404 }), 'apps/b/data/x/a > 1: the robot answered 404');
    assert.equal(judge(value({ a: 2, b: 2 }), { status: 404 }), 'apps/b/data/y > 1: the robot answered 404');
    assert.equal(judge(value({ a: 2, b: 2 })), 'apps/b/data/y > 1: the robot does not answer');
    assert.equal(judge(), 'apps/b/data/x/a > 1: the robot does not answer');
  });
});
