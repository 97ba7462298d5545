import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultChange, FaultList, FederatedHistory, GatewayName, StreamEvent } from './federated-history.ts';
import { validateFederation } from './validate-federation.ts';

/** A fault change at a given time, acknowledged a millisecond later. */
const change = (gateway: GatewayName, code: string, leaves: string, sentMs: number, isDone = true): FaultChange => ({
  gateway,
  code,
  leaves,
  sentMs,
  gotMs: sentMs + 1,
  isDone,
});
const item = (gateway: GatewayName, code: string, state: string, copyOf?: string) => ({ gateway, code, state, copyOf });
const list = (at: GatewayName, sentMs: number, items: FaultList['items'], ...missing: GatewayName[]): FaultList => ({
  at,
  sentMs,
  gotMs: sentMs + 1,
  items,
  missing,
});
const event = (gateway: GatewayName, id: number, text = `event ${id}`): StreamEvent => ({ gateway, id, text });
const follower = (at: GatewayName, received: readonly StreamEvent[], ...losses: string[]) => ({
  name: 'first',
  at,
  received,
  losses,
});

const history = (parts: Partial<FederatedHistory>): FederatedHistory => ({
  shape: 'chain',
  steps: new Map(),
  taken: new Map(),
  changes: [],
  lists: [],
  logs: new Map(),
  followers: [],
  oddities: [],
  ...parts,
});
const LOGS: FederatedHistory['logs'] = new Map([
  ['hall', [event('hall', 1), event('hall', 2)]],
  ['yard', [event('yard', 1)]],
]);
const REPORTED = [change('hall', 'A', 'CONFIRMED 1', 0), change('yard', 'B', 'CONFIRMED 1', 0)];
const ALL = [item('hall', 'A', 'CONFIRMED 1'), item('yard', 'B', 'CONFIRMED 1')];
const COPY = item('hall', 'A', 'CONFIRMED 1', 'hall');
const lists = (...faultLists: readonly FaultList[]) => history({ changes: REPORTED, lists: faultLists });

describe('the checker of gateways that aggregate each other', () => {
  it('accepts lists that contain every item once or name missing gateways, in permitted states', () => {
    const changes = [
      ...REPORTED,
      change('yard', 'B', 'CLEARED 1', 10),
      change('hall', 'A', 'CONFIRMED 2', 10, false),
      change('hall', 'C', 'CONFIRMED 1', 10, false),
    ];
    const accepted = [
      list('head', 5, ALL),
      list('head', 5, [item('yard', 'B', 'CONFIRMED 1')], 'hall'),
      list('head', 5, [COPY, { ...COPY, copyOf: 'yard' }, item('yard', 'B', 'CONFIRMED 1')], 'hall'),
      list('head', 10, ALL),
      list('head', 20, [item('hall', 'A', 'CONFIRMED 2'), item('yard', 'B', 'CLEARED 1')]),
      list('head', 20, [...ALL.slice(0, 1), item('yard', 'B', 'CLEARED 1'), item('hall', 'C', 'CONFIRMED 1')]),
      list('hall', 5, ALL.slice(0, 1)),
    ];
    assert.deepEqual(validateFederation(history({ changes, lists: accepted })), []);
  });

  it('accepts streams that contain every log once and in order', () => {
    const mixed = [event('hall', 1), event('yard', 1), event('hall', 2)];
    const followers = [follower('head', mixed), follower('hall', [event('hall', 1), event('hall', 2)])];
    assert.deepEqual(validateFederation(history({ logs: LOGS, followers })), []);
  });

  const both = [event('hall', 1), event('hall', 2)];
  for (const [what, faulty, verdict] of [
    ['a fault that is lost', lists(list('head', 5, ALL.slice(1))), /hall A is not there/],
    [
      'one that is not as it was left',
      lists(list('head', 5, [...ALL.slice(1), item('hall', 'A', 'CLEARED 1')])),
      /CLEARED/,
    ],
    ['one that is there twice', lists(list('head', 5, [...ALL, item('hall', 'A', 'CONFIRMED 1')])), /2 times/],
    ['one that has two copies of one', lists(list('head', 5, [...ALL.slice(1), COPY, COPY], 'hall')), /2 times/],
    ['a copy in silence', lists(list('head', 5, [COPY, ...ALL.slice(1)])), /hall is not named/],
    ['a fault of nobody', lists(list('head', 5, [...ALL, item('yard', 'A', 'CONFIRMED 1')])), /nobody reported yard A/],
    [
      'an event twice',
      history({ logs: LOGS, followers: [follower('hall', [...both, event('hall', 2)])] }),
      /came 2 times/,
    ],
    [
      'an event that is missing',
      history({ logs: LOGS, followers: [follower('hall', both.slice(1))] }),
      /1 of hall is missing/,
    ],
    [
      'events in another order',
      history({ logs: LOGS, followers: [follower('hall', both.toReversed())] }),
      /1 of hall came after 2/,
    ],
    [
      'an event that is another one',
      history({ logs: LOGS, followers: [follower('hall', [event('hall', 1, 'other'), event('hall', 2)])] }),
      /told as "other"/,
    ],
    [
      'what is said to be lost',
      history({ logs: LOGS, followers: [follower('hall', both, 'have a new numbering')] }),
      /have a new numbering/,
    ],
    [
      'a log with a gap',
      history({ logs: new Map([['hall', both.slice(1)]]), followers: [follower('hall', both.slice(1))] }),
      /has 2 in the place of 1/,
    ],
    ['an answer that is none', history({ oddities: ['it was answered 500'] }), /answered 500/],
  ] as const satisfies readonly (readonly [string, FederatedHistory, RegExp])[]) {
    it(`finds ${what}`, () => {
      const found = validateFederation(faulty);
      assert.equal(found.length, 1, found.join('; '));
      assert.match(found[0] ?? '', verdict);
    });
  }

  it('finds violations of locks, and names the gateway', () => {
    const request = { client: 'alice', sentMs: 0, gotMs: 1 };
    const steps = [{ kind: 'write', value: 7, status: 409, ...request } as const];
    const found = validateFederation(
      history({ steps: new Map([['yard', steps]]), taken: new Map([['yard', [{ value: 7, atMs: 0.5 }]]]) }),
    );
    assert.deepEqual(found.length, 1);
    assert.match(found[0] ?? '', /^yard: 7 of alice was answered 409/);
  });
});
