import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DirectGateway, type DirectGateways, instanceOwner, isNew } from './direct-gateways.ts';

const HERE = 'the-gateway-here';

function gateway(name: string, isKeyed: boolean, behind: Readonly<Record<string, number>> = {}): DirectGateway {
  return { name, isKeyed, behind: new Map(Object.entries(behind)) };
}

const keyed = { name: 'new', isKeyed: true };
const unkeyed = { name: 'new', isKeyed: false };

describe('a claim to be a gateway', () => {
  const direct: DirectGateways = new Map([
    ['of-keyed', gateway('yard', true)],
    ['of-unkeyed', gateway('shed', false)],
  ]);

  it('is granted if no other peer holds the gateway', () => {
    assert.equal(instanceOwner('free', unkeyed, direct, undefined), undefined);
    assert.equal(instanceOwner('of-keyed', { name: 'yard', isKeyed: false }, direct, undefined), undefined);
  });

  it('without a key never displaces a peer, and with a key displaces only one without', () => {
    assert.equal(instanceOwner('of-keyed', unkeyed, direct, undefined), 'yard');
    assert.equal(instanceOwner('of-unkeyed', unkeyed, direct, undefined), 'shed');
    assert.equal(instanceOwner('of-keyed', keyed, direct, undefined), 'yard');
    assert.equal(instanceOwner('of-unkeyed', keyed, direct, undefined), undefined);
  });

  it('without a key is refused for a gateway that was known as another peer, even if that peer is off', () => {
    const memory = { find: () => ({ name: 'yard', instance: 'known', isKeyed: true }) };
    assert.equal(instanceOwner('known', unkeyed, new Map(), memory), 'yard');
    assert.equal(instanceOwner('known', keyed, new Map(), memory), 'yard');
    const forgotten = { find: () => ({ name: 'yard', instance: 'known', isKeyed: false }) };
    assert.equal(instanceOwner('known', keyed, new Map(), forgotten), undefined);
  });
});

describe('data that passed other gateways', () => {
  it('is not new if it comes from this gateway', () => {
    assert.equal(isNew([HERE, 'yard-1'], 'yard', HERE, new Map()), false);
    assert.equal(isNew(['crane-1', 'yard-1'], 'yard', HERE, new Map()), true);
  });

  it('is not new if its gateway is read directly', () => {
    const direct: DirectGateways = new Map([['crane-1', gateway('crane', false)]]);
    assert.equal(isNew(['crane-1', 'yard-1'], 'yard', HERE, direct), false);
  });

  it('arrives by one way: by a gateway with a key, then by the shortest way, then by the first name', () => {
    const by = (one: DirectGateway, other: DirectGateway): readonly string[] => {
      const direct: DirectGateways = new Map([
        ['one', one],
        ['other', other],
      ]);
      return ['a', 'b'].filter((name) => isNew(['crane-1', 'x'], name, HERE, direct));
    };
    assert.deepEqual(by(gateway('a', false, { 'crane-1': 1 }), gateway('b', false, { 'crane-1': 1 })), ['a']);
    assert.deepEqual(by(gateway('a', false, { 'crane-1': 2 }), gateway('b', false, { 'crane-1': 1 })), ['b']);
    assert.deepEqual(by(gateway('a', false, { 'crane-1': 1 }), gateway('b', true, { 'crane-1': 3 })), ['b']);
  });
});
