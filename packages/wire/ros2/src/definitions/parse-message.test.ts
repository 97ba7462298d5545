import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TEST_INTERFACES } from '../testing/all-types.ts';
import { InvalidDefinition } from './definition.ts';
import { parseInterface } from './parse-interface.ts';
import { parseMessage } from './parse-message.ts';

const NAME = 'test_pkg/msg/T';

describe('parsing interface files', () => {
  it('reads fields with bounds, arrays and types of the same package', () => {
    const { fields } = parseMessage(
      NAME,
      'string<=5[<=3] names # comment\n\n\tOther[4]   others\nstd_msgs/Header header\nother_pkg/msg/Thing[] things\nchar c',
    );
    assert.deepEqual(
      fields.map(({ name, type, stringBound, array }) => [
        name,
        type,
        stringBound,
        array?.kind,
        array && 'length' in array ? array.length : undefined,
      ]),
      [
        ['names', 'string', 5, 'bounded', 3],
        ['others', 'test_pkg/msg/Other', undefined, 'fixed', 4],
        ['header', 'std_msgs/msg/Header', undefined, undefined, undefined],
        ['things', 'other_pkg/msg/Thing', undefined, 'unbounded', undefined],
        ['c', 'uint8', undefined, undefined, undefined],
      ],
    );
  });

  it('reads defaults and constants', () => {
    const { fields, constants } = parseMessage(NAME, TEST_INTERFACES['/types/test_pkg/msg/Defaults.msg']);
    assert.deepEqual(Object.fromEntries(fields.map(({ name, defaultValue }) => [name, defaultValue])), {
      flag: true,
      small: -8,
      big: 18446744073709551615n,
      third: 0.333,
      text: 'a # b, "c"',
      other: 'single',
      bare: 'word',
      list: [1, -2, 16],
      pair: [1000, 0.5],
      names: ['a, b', 'c'],
      rotation: undefined,
    });
    assert.deepEqual(
      constants.map(({ name, value }) => [name, value]),
      [
        ['LOW', 1],
        ['NAME', "it's # here"],
        ['PI', 3.25],
      ],
    );
  });

  for (const [text, problem] of [
    ['int32', 'no name'],
    ['int32 1st', 'a name that starts with a digit'],
    ['int32 a\nint32 a', 'a name twice'],
    ['int32[0] a', 'no elements'],
    ['int32[99999999999] a', 'more elements than fit'],
    ['int32[ a', 'an open bracket'],
    ['int32[<=] a', 'no bound'],
    ['int32<=3 a', 'a bound on a number'],
    ['int8 a 200', 'a default out of range'],
    ['int8 a 1.5', 'a fraction'],
    ['bool a maybe', 'no bool'],
    ['int32[2] a [1]', 'too few values'],
    ['int32[<=1] a [1, 2]', 'too many values'],
    ['Other a 1', 'a default of a nested type'],
    ['Other A=1', 'a constant of a nested type'],
    ['a/b/c/d x', 'no type'],
    ['../evil x', 'no type name'],
    ['__proto__ __proto__', 'a name of JavaScript'],
  ]) {
    it(`refuses ${problem}`, () => assert.throws(() => parseMessage(NAME, text), InvalidDefinition));
  }

  it('names file, line and problem', () => {
    assert.throws(
      () => parseMessage(NAME, '\nint32 a\nint32 b c d'),
      /test_pkg\/msg\/T, line 3: "c d" is not a valid int32/,
    );
  });

  it('derives the types of services and actions', () => {
    const names = (kind: 'srv' | 'action', text: string) =>
      parseInterface({ packageName: 'p', kind, name: 'X' }, text).map(({ name }) => name.replace(`p/${kind}/X`, ''));
    assert.deepEqual(names('srv', 'int32 a\n---'), ['_Request', '_Response', '_Event', '']);
    assert.deepEqual(names('action', '---\n--- # result above\n'), [
      '_Goal',
      '_Result',
      '_Feedback',
      '_SendGoal_Request',
      '_SendGoal_Response',
      '_SendGoal_Event',
      '_SendGoal',
      '_GetResult_Request',
      '_GetResult_Response',
      '_GetResult_Event',
      '_GetResult',
      '_FeedbackMessage',
      '',
    ]);
    assert.throws(() => names('srv', 'int32 a'), InvalidDefinition);
    assert.throws(() => names('action', '---'), InvalidDefinition);
  });
});
