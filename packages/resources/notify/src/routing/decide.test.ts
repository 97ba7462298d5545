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
  state: 'open',
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
  readonly expected: readonly [send: string | undefined, state: string | undefined, again: number | undefined];
}

const TABLE: readonly Row[] = [
  // Begin of an incident.
  {
    name: 'waits until a new incident has settled',
    situation: { settlesMs: NOW + 400 },
    expected: [undefined, undefined, 400],
  },
  { name: 'then sends the incident', expected: ['opened', 'open', undefined] },
  {
    name: 'sends nothing for an incident that does not concern the receiver',
    situation: { concerned: false },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'sends nothing for an acknowledged incident',
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'waits while the receiver is off duty',
    situation: { gate: () => OFF },
    expected: [undefined, undefined, 7000],
  },
  { name: 'holds the message in quiet hours', situation: { gate: () => QUIET }, expected: [undefined, 'held', 5000] },
  {
    name: 'keeps holding the message in quiet hours',
    delivery: { state: 'held' },
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  {
    name: 'sends the held message when quiet hours end',
    delivery: { state: 'held' },
    expected: ['opened', 'open', undefined],
  },
  {
    name: 'waits for the delay of an escalation receiver',
    route: { afterMs: 10 * MINUTE },
    situation: { openSinceMs: NOW - 4 * MINUTE },
    expected: [undefined, undefined, 6 * MINUTE],
  },
  {
    name: 'sends to an escalation receiver after its delay',
    route: { afterMs: 10 * MINUTE },
    situation: { openSinceMs: NOW - 10 * MINUTE },
    expected: ['opened', 'open', undefined],
  },
  {
    name: 'sends an incident that reopens as reopened',
    delivery: { state: 'over', rings: 1, severity: 2 },
    expected: ['reopened', 'open', undefined],
  },
  {
    name: 'sends the first alert of an incident that was only reported as brief as opened',
    delivery: { state: 'over' },
    expected: ['opened', 'open', undefined],
  },
  // Incidents that the receiver knows.
  { name: 'does not repeat a known incident', delivery: KNOWN, expected: [undefined, undefined, undefined] },
  {
    name: 'sends a known incident again if its severity rises',
    delivery: KNOWN,
    incident: incidentOf({ severity: 3 }),
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'sends a known incident again if it blocks motion now',
    delivery: { ...KNOWN, blocksMotion: false },
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'sends nothing if the severity falls',
    delivery: KNOWN,
    incident: incidentOf({ severity: 1 }),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'waits for the end of quiet hours if the severity rises',
    delivery: KNOWN,
    incident: incidentOf({ severity: 3 }),
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  {
    name: 'sends a higher severity also if the incident was acknowledged at a lower one',
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf({ severity: 3, ...taken }),
    expected: ['worse', 'open', undefined],
  },
  {
    name: 'sends an acknowledgement',
    delivery: KNOWN,
    incident: incidentOf(taken),
    expected: ['acknowledged', 'open', undefined],
  },
  {
    name: 'sends an acknowledgement once',
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'stores a withdrawn acknowledgement without a message',
    delivery: { ...KNOWN, acknowledged: true },
    expected: [undefined, 'open', 0],
  },
  // Repeats.
  {
    name: 'waits for the interval of repeats',
    route: { repeatMs: 15 * MINUTE },
    delivery: KNOWN,
    expected: [undefined, undefined, 5 * MINUTE],
  },
  {
    name: 'sends a repeat after its interval',
    route: { repeatMs: 10 * MINUTE },
    delivery: KNOWN,
    expected: ['repeated', 'open', 10 * MINUTE],
  },
  {
    name: 'stops after the maximum number of repeats',
    route: { repeatMs: 10 * MINUTE, maxRepeats: 2 },
    delivery: { ...KNOWN, repeats: 2 },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'schedules no repeat after the last one',
    route: { repeatMs: 10 * MINUTE, maxRepeats: 2 },
    delivery: { ...KNOWN, repeats: 1 },
    expected: ['repeated', 'open', undefined],
  },
  {
    name: 'does not repeat an acknowledged incident',
    route: { repeatMs: 10 * MINUTE },
    delivery: { ...KNOWN, acknowledged: true },
    incident: incidentOf(taken),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'does not repeat in quiet hours',
    route: { repeatMs: 10 * MINUTE },
    delivery: KNOWN,
    situation: { gate: () => QUIET },
    expected: [undefined, undefined, 5000],
  },
  {
    name: 'delays a repeat by one interval at most if the clock was set back',
    route: { repeatMs: 10 * MINUTE },
    delivery: { ...KNOWN, lastMs: NOW + 1000 * MINUTE },
    expected: [undefined, undefined, 10 * MINUTE],
  },
  {
    name: 'refreshes a receiver that forgets alerts',
    delivery: KNOWN,
    situation: { refreshMs: 10 * MINUTE },
    expected: ['refreshed', 'open', 10 * MINUTE],
  },
  {
    name: 'does not refresh before the interval',
    delivery: KNOWN,
    situation: { refreshMs: 20 * MINUTE },
    expected: [undefined, undefined, 10 * MINUTE],
  },
  // End of an incident.
  {
    name: 'sends a heal immediately, also in quiet hours',
    delivery: KNOWN,
    incident: healedOf(),
    situation: { gate: () => QUIET },
    expected: ['healed', 'over', undefined],
  },
  {
    name: 'sends a heal once',
    delivery: { ...KNOWN, state: 'over' },
    incident: healedOf(),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'sends that a person closed the incident',
    delivery: KNOWN,
    incident: healedOf({ state: 'closed' }),
    expected: ['closed', 'over', undefined],
  },
  {
    name: 'stores a held incident that healed for the summary after quiet hours',
    delivery: { state: 'held' },
    incident: healedOf(),
    expected: [undefined, 'missed', undefined],
  },
  {
    name: 'sends one message for an incident that healed before it settled',
    incident: healedOf(),
    situation: { isBrief: true },
    expected: ['healed', 'over', undefined],
  },
  {
    name: 'sends nothing for an incident that healed long ago',
    incident: healedOf(),
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'sends nothing about a brief incident to an escalation receiver',
    route: { afterMs: 1 },
    incident: healedOf(),
    situation: { isBrief: true },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'sends nothing about a brief incident off duty',
    incident: healedOf(),
    situation: { isBrief: true, gate: () => OFF },
    expected: [undefined, undefined, undefined],
  },
  {
    name: 'stores a brief incident in quiet hours for the summary',
    incident: healedOf(),
    situation: { isBrief: true, gate: () => QUIET },
    expected: [undefined, 'missed', undefined],
  },
];

describe('the routing of an incident to a receiver', () => {
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
      assert.deepEqual([decision.send, decision.delivery?.state, again], expected);
      if (decision.send) assert.equal(decision.delivery?.lastMs === NOW || decision.send === 'acknowledged', true);
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
