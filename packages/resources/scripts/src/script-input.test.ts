import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { MAX_PARAMETER_BYTES, scriptInput } from './script-input.ts';

const ARGS = [
  { name: 'port', type: 'positional' },
  { name: 'rate', type: 'named', flag: '-r' },
  { name: 'mode', type: 'named' },
  { name: 'deep', type: 'flag', flag: '--deep' },
];

describe('parameters of a script', () => {
  it('are arguments if the script declares some, in the declared order', () => {
    const parameters = { deep: true, rate: 2.5, port: 'left', mode: ['a', 1], other: 1 };
    const { args, input } = scriptInput(ARGS, parameters);
    assert.deepEqual(args, ['left', '-r', '2.5', '--mode', '["a",1]', '--deep']);
    assert.equal(input, undefined);
    assert.deepEqual(scriptInput(ARGS, { deep: false, rate: null }).args, []);
  });

  it('are JSON on its input if it declares none, with exact large integers', () => {
    assert.equal(scriptInput([], { a: 2n ** 62n }).input, '{"a":4611686018427387904}');
    assert.equal(scriptInput([], [1]).input, '[1]');
    assert.deepEqual(scriptInput([], undefined), { args: [], environment: {}, input: undefined });
  });

  it('are always variables, and cannot set a variable of another name', () => {
    assert.deepEqual(scriptInput(ARGS, { 'max-range': 8, path: '/dev/x', LD_PRELOAD: 'x' }).environment, {
      MEDKIT_PARAMETERS: '{"max-range":8,"path":"/dev/x","LD_PRELOAD":"x"}',
      MEDKIT_PARAM_MAX_RANGE: '8',
      MEDKIT_PARAM_PATH: '/dev/x',
      MEDKIT_PARAM_LD_PRELOAD: 'x',
    });
  });

  it('have a variable each in any script, and are rejected if two have the same', () => {
    const { environment } = scriptInput([], { скорость: 1, величина: 2 });
    assert.equal(Object.keys(environment).length, 3);
    assert.throws(() => scriptInput([], { 'a-b': 1, a_b: 2 }), /"a_b" and another parameter map to the same variable/);
  });

  it('that cannot be passed to a process are rejected', () => {
    const refused = { code: 'invalid-request', status: 400 };
    assert.throws(() => scriptInput([], 'x'.repeat(MAX_PARAMETER_BYTES)), refused);
    assert.throws(() => scriptInput(ARGS, 'left'), refused);
    assert.throws(() => scriptInput(ARGS, { port: 'a\0b' }), SovdError);
    assert.doesNotThrow(() => scriptInput([], 'x'.repeat(MAX_PARAMETER_BYTES - 2)));
  });
});
