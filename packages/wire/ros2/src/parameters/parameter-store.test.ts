import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidParameter } from '../errors.ts';
import type { Parameter, ParameterValue } from './parameter.ts';
import { type BeforeSet, type ParameterDeclaration, ParameterStore } from './parameter-store.ts';

const int = (value: bigint): ParameterValue => ({ type: 'int', value });
const string = (value: string): ParameterValue => ({ type: 'string', value });

function storeOf(declarations: readonly ParameterDeclaration[], beforeSet?: BeforeSet): ParameterStore {
  const store = new ParameterStore(beforeSet);
  for (const declaration of declarations) store.declare(declaration);
  return store;
}

const DECLARATIONS: readonly ParameterDeclaration[] = [
  { name: 'rate', value: int(10n), integerRange: { from: 1n, to: 100n, step: 0n } },
  { name: 'frame', value: string('map'), readOnly: true },
  { name: 'any', value: int(1n), dynamicTyping: true },
  { name: 'later', type: 'string' },
];

const refusal = (store: ParameterStore, ...parameters: readonly Parameter[]) => {
  const { result, changes } = store.set(parameters);
  assert.equal(result.successful, false);
  assert.deepEqual(changes, { added: [], changed: [], deleted: [] });
  return result.reason;
};

describe('parameters of a node', () => {
  it('are described with their types', () => {
    const store = storeOf(DECLARATIONS);
    assert.deepEqual(store.describe('later'), {
      name: 'later',
      type: 'string',
      description: '',
      additionalConstraints: '',
      readOnly: false,
      dynamicTyping: false,
    });
    assert.equal(store.describe('nothing'), undefined);
  });

  it('without a value have no value to report until one is set, which is an addition', () => {
    const store = storeOf(DECLARATIONS);
    assert.equal(store.get('later'), undefined);
    assert.equal(store.typeOf('later'), 'not_set');
    const parameter = { name: 'later', value: string('now') };
    assert.deepEqual(store.set([parameter]).changes, { added: [parameter], changed: [], deleted: [] });
    assert.deepEqual(store.get('later'), string('now'));
  });

  it('are set if type and range allow it', () => {
    const store = storeOf(DECLARATIONS);
    const parameter = { name: 'rate', value: int(100n) };
    assert.deepEqual(store.set([parameter]).changes, { added: [], changed: [parameter], deleted: [] });
    assert.deepEqual(store.get('rate'), int(100n));
    assert.equal(refusal(store, { name: 'rate', value: string('fast') }), 'rate is of type int, not string');
    assert.equal(refusal(store, { name: 'rate', value: int(0n) }), 'rate must be from 1 to 100');
    assert.equal(refusal(store, { name: 'frame', value: string('odom') }), 'frame is read-only');
    assert.equal(refusal(store, { name: 'nobody', value: int(1n) }), 'nobody is not declared');
    assert.deepEqual(store.get('rate'), int(100n));
  });

  it('change their type if typing is dynamic, and are undeclared by removing their value', () => {
    const store = storeOf(DECLARATIONS);
    store.set([{ name: 'any', value: string('text') }]);
    assert.equal(store.describe('any')?.type, 'string');
    assert.deepEqual(store.set([{ name: 'any', value: { type: 'not_set' } }]).changes.deleted, ['any']);
    assert.equal(store.get('any'), undefined);
    assert.match(refusal(store, { name: 'rate', value: { type: 'not_set' } }), /fixed type/);
  });

  it('are set together or not at all', () => {
    const store = storeOf(DECLARATIONS);
    refusal(store, { name: 'rate', value: int(5n) }, { name: 'frame', value: string('odom') });
    assert.deepEqual(store.get('rate'), int(10n));
  });

  it('can be refused by their node, which sees all that are to be set together', () => {
    const seen: (readonly Parameter[])[] = [];
    const store = storeOf(DECLARATIONS, (parameters) => {
      seen.push(parameters);
      return parameters.some(({ name }) => name === 'any') ? 'not while driving' : undefined;
    });
    const parameters = [
      { name: 'rate', value: int(5n) },
      { name: 'any', value: int(2n) },
    ];
    assert.equal(refusal(store, ...parameters), 'not while driving');
    assert.deepEqual(seen, [parameters]);
    assert.equal(store.set(parameters.slice(0, 1)).result.successful, true);
  });

  const contradictions: readonly (readonly [string, ParameterDeclaration])[] = [
    ['no name', { name: '', value: int(1n) }],
    ['a name that is taken', { name: 'rate', value: int(1n) }],
    ['no value, no type and no dynamic typing', { name: 'x' }],
    ['a value of another type', { name: 'x', type: 'double', value: int(1n) }],
    ['a value out of its range', { name: 'x', value: int(0n), integerRange: { from: 1n, to: 2n, step: 0n } }],
  ];
  for (const [what, declaration] of contradictions) {
    it(`are not declared with ${what}`, () => {
      assert.throws(() => storeOf(DECLARATIONS).declare(declaration), InvalidParameter);
    });
  }
});
