import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident } from '@medkit/contract';
import { type DeliveryState, NOTHING_REPORTED } from '../delivery-state/delivery-state.ts';
import { healedOf, incidentOf, receiverOf } from '../testing/incidents.ts';
import { decide, type Situation } from './decide.ts';
import type { GateNow } from './gate.ts';

const NOW = 1_000_000;
const MINUTE = 60_000;
const OPEN: GateNow = { gate: 'open', untilMs: undefined };
const QUIET: GateNow = { gate: 'quiet', untilMs: NOW + 5000 };
const OFF: GateNow = { gate: 'off duty', untilMs: NOW + 7000 };

const KNOWN: DeliveryState = {
  ...NOTHING_REPORTED,
  told: 'open',
  severity: 2,
  blocksMotion: true,
  rings: 1,
  lastMs: NOW - 10 * MINUTE,
};
const taken = { acknowledged_at: '2026-03-23T02:13:00Z', acknowledged_by: 'alice' };

interface Row {
  readonly name: string;
  readonly route?: Parameters<typeof receiverOf>[0];
  readonly delivery?: Partial<DeliveryState>;
  readonly incident?: Incident;
  readonly situation?: Partial<Situation>;
  /** The notification, the receiver's state afterwards, and the time of the next decision, relative to `NOW`. */
  readonly expected: readonly [tell: string | undefined, told: string | undefined, again: number | undefined];
}

const TABLE: readonly Row[] = [
  // Begin of an incident.
  { name: 'what begins settles first', situation: { settlesMs: NOW + 400 }, expected: [undefined, undefined, 400] },
  { name: 'then it is told', expected: ['opened', 'open', undefined] },
  {
    name: 'what is no concern of it is not',
    situation: { concerned: false },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'nor is what somebody has taken on',
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  { name: 'off duty it waits', situation: { gate: () => OFF }, expected: [undefined, undefined, 7000] },
  { name: 'in quiet hours it is held', situation: { gate: () => QUIET }, expected: [undefined, 'held', 5000] },
  {
    name: 'and stays held',
    delivery: { told: 'held' },
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  { name: 'until they end', delivery: { told: 'held' }, expected: ['opened', 'open', undefined] },
  {
    name: 'who comes later waits for others',
    route: { afterMs: 10 * MINUTE },
    situation: { openSinceMs: NOW - 4 * MINUTE },
    expected: [undefined, undefined, 6 * MINUTE],
  },
  {
    name: 'and is told then',
    route: { afterMs: 10 * MINUTE },
    situation: { openSinceMs: NOW - 10 * MINUTE },
    expected: ['opened', 'open', undefined],
  },
  {
    name: 'what comes again',
    delivery: { told: 'over', rings: 1, severity: 2 },
    expected: ['reopened', 'open', undefined],
  },
  {
    name: 'the first ring of what was brief before',
    delivery: { told: 'over' },
    expected: ['opened', 'open', undefined],
  },
  // Incidents that the receiver knows.
  { name: 'what is known is not told again', delivery: KNOWN, expected: [undefined, undefined, undefined] },
  {
    name: 'unless it is graver',
    delivery: KNOWN,
    incident: incidentOf({ severity: 3 }),
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'or holds the robot now',
    delivery: { ...KNOWN, blocksMotion: false },
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'less grave is no news',
    delivery: KNOWN,
    incident: incidentOf({ severity: 1 }),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'graver in quiet hours waits for their end',
    delivery: KNOWN,
    incident: incidentOf({ severity: 3 }),
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  {
    name: 'also where somebody has taken it on, when it was less',
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf({ severity: 3, ...taken }),
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'that somebody takes it on',
    delivery: KNOWN,
    incident: incidentOf(taken),
    expected: ['acknowledged', 'open', undefined],
  },
  {
    name: 'is told once',
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'that it was given back is kept',
    delivery: { ...KNOWN, acknowledged: true },
    expected: [undefined, 'open', 0],
  },
  // Repeats.
  {
    name: 'a repeat is waited for',
    route: { repeatMs: 15 * MINUTE },
    delivery: KNOWN,
    expected: [undefined, undefined, 5 * MINUTE],
  },
  { name: 'and comes', route: { repeatMs: 10 * MINUTE }, delivery: KNOWN, expected: ['repeated', 'open', 10 * MINUTE] },
  {
    name: 'as often as wanted',
    route: { repeatMs: 10 * MINUTE, maxRepeats: 2 },
    delivery: { ...KNOWN, repeats: 2 },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'the last one waits for none',
    route: { repeatMs: 10 * MINUTE, maxRepeats: 2 },
    delivery: { ...KNOWN, repeats: 1 },
    expected: ['repeated', 'open', undefined],
  },
  {
    name: 'and no more once somebody has taken it on',
    route: { repeatMs: 10 * MINUTE },
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'nor in quiet hours',
    route: { repeatMs: 10 * MINUTE },
    delivery: KNOWN,
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  {
    name: 'a clock that was set back delays it no longer than a repeat takes',
    route: { repeatMs: 10 * MINUTE },
    delivery: { ...KNOWN, lastMs: NOW + 1000 * MINUTE },
    expected: [undefined, undefined, 10 * MINUTE],
  },
  {
    name: 'who forgets is told again and again',
    delivery: KNOWN,
    situation: { refreshMs: 10 * MINUTE },
    expected: ['refreshed', 'open', 10 * MINUTE],
  },
  {
    name: 'but not sooner',
    delivery: KNOWN,
    situation: { refreshMs: 20 * MINUTE },
    expected: [undefined, undefined, 10 * MINUTE],
  },
  // End of an incident.
  {
    name: 'a heal is told at once',
    delivery: KNOWN,
    incident: healedOf(),
    situation: { gate: () => QUIET },
    expected: ['healed', 'over', undefined],
  },
  {
    name: 'and once',
    delivery: { ...KNOWN, told: 'over' },
    incident: healedOf(),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'that somebody put it away',
    delivery: KNOWN,
    incident: healedOf({ state: 'closed' }),
    expected: ['closed', 'over', undefined],
  },
  {
    name: 'what healed while it was held is a line later',
    delivery: { told: 'held' },
    incident: healedOf(),
    expected: [undefined, 'missed', undefined],
  },
  {
    name: 'what was over before it had settled is one message',
    incident: healedOf(),
    situation: { isBrief: true },
    expected: ['healed', 'over', undefined],
  },
  { name: 'none where it was known long since', incident: healedOf(), expected: [undefined, undefined, undefined] },
  {
    name: 'nor for who comes later',
    route: { afterMs: 1 },
    incident: healedOf(),
    situation: { isBrief: true },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'nor off duty',
    incident: healedOf(),
    situation: { isBrief: true, gate: () => OFF },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'and a line where it is quiet',
    incident: healedOf(),
    situation: { isBrief: true, gate: () => QUIET },
    expected: [undefined, 'missed', undefined],
  },
];

describe('the decision for a receiver', () => {
  for (const { name, route, delivery, incident = incidentOf(), situation, expected } of TABLE) {
    it(name, () => {
      const decision = decide(
        receiverOf(route),
        { ...NOTHING_REPORTED, ...delivery },
        {
          incident,
          concerned: true,
          nowMs: NOW,
          openSinceMs: NOW - 1000,
          settlesMs: NOW,
          isBrief: false,
          gate: () => OPEN,
          refreshMs: undefined,
          ...situation,
        },
      );
      const again = decision.againMs === undefined ? undefined : decision.againMs - NOW;
      assert.deepEqual([decision.tell, decision.delivery?.told, again], expected);
      if (decision.tell) assert.equal(decision.delivery?.lastMs === NOW || decision.tell === 'acknowledged', true);
    });
  }

  it('counts alerts, and restarts the count of repetitions with a new event', () => {
    const route = receiverOf({ repeatMs: MINUTE });
    const of = (incident: Incident, delivery: DeliveryState) =>
      decide(route, delivery, {
        incident,
        concerned: true,
        nowMs: NOW,
        openSinceMs: 0,
        settlesMs: 0,
        isBrief: false,
        gate: () => OPEN,
        refreshMs: undefined,
      }).delivery;
    const repeated = of(incidentOf(), KNOWN);
    assert.deepEqual([repeated?.rings, repeated?.repeats], [2, 1]);
    const worse = of(incidentOf({ severity: 3 }), repeated!);
    assert.deepEqual([worse?.rings, worse?.repeats, worse?.severity], [3, 0, 3]);
  });
});
