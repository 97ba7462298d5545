import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import type { Enrolled, Enrolment, Hello, Refusal, Welcome } from '@medkit/tunnel';
import type { Fleet } from '../fleet.ts';
import type { FleetChange } from '../fleet-context.ts';
import { FLEET_TABLES } from '../fleet-tables.ts';
import { openFleet } from '../open-fleet.ts';
import { type RobotPings, robotPings } from '../sessions/robot-pings.ts';

const SECRET = new Uint8Array(32).fill(7);
export const ADDRESS = '203.0.113.7';
/** Fingerprint of the key of `amr-17`. */
export const KEY = 'ROBOTROBOTROBOTROB17';

/** First message of a robot; members that are not given have arbitrary values. */
export const helloOf = (fields: Partial<Hello> = {}): Hello => ({
  v: [1],
  boot: 1,
  mono_ms: 5,
  wall_ms: 0,
  log: { id: 'log-1', oldest: 1, newest: 9 },
  versions: { medkit: '0.3.0' },
  link: { metered: false, keepalive_sec: 30 },
  active: { critical: 0, error: 0 },
  ...fields,
});

export interface FleetStage {
  readonly clock: SimulatedClock;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly pings: RobotPings;
  readonly changes: FleetChange[];
  /** Opens the record again over the same store, as a hub that was restarted. */
  reopen(secret?: Uint8Array): Promise<Fleet>;
  enrol(code: string, machine?: Enrolment['machine'], key?: string): Promise<Omit<Enrolled, 'v'> | Refusal>;
  /** Invites, enrols and approves a robot. */
  robot(name: string, key: string): Promise<void>;
  /** Starts a handshake. */
  welcome(key: string, ratchet?: string): Promise<Omit<Welcome, 'v' | 'at_ms'> | Refusal>;
  /** Runs a whole handshake. Returns the step that the robot stores. Throws the refusal. */
  connect(key: string, ratchet?: string): Promise<string>;
}

/** A hub's record in memory, with the simulated clock. */
export async function fleetStage(): Promise<FleetStage> {
  const clock = new SimulatedClock();
  const store = testStore({ clock, migrations: FLEET_TABLES });
  const random = seededRandom(5);
  const pings = robotPings(clock);
  const reopen = (secret = SECRET) => openFleet({ store, clock, random, secret, pings, log: () => undefined });
  const fleet = await reopen();
  const changes: FleetChange[] = [];
  fleet.onChange((change) => changes.push(change));
  const enrol: FleetStage['enrol'] = (code, machine = { name: 'AMR 17', serial: 'S-17' }, key = KEY) =>
    fleet.record({ address: ADDRESS }).enrol(key, { v: [1], enrol: code, machine });
  const welcome: FleetStage['welcome'] = (key, ratchet) =>
    fleet.record({ address: ADDRESS }).welcome(key, helloOf(ratchet === undefined ? {} : { ratchet }));
  return {
    clock,
    store,
    fleet,
    pings,
    changes,
    reopen,
    enrol,
    welcome,
    robot: async (name, key) => {
      const { code } = await fleet.invite({ robot: name, auto_approve: true }, 'ada');
      const enrolled = await enrol(code, { serial: name }, key);
      if ('refused' in enrolled) throw new Error(enrolled.why);
    },
    connect: async (key, ratchet) => {
      const record = fleet.record({ address: ADDRESS });
      const decided = await record.welcome(key, helloOf(ratchet === undefined ? {} : { ratchet }));
      if ('refused' in decided) throw new Error(decided.refused);
      const confirmed = await record.confirm(key, { wentBack: false });
      if ('refused' in confirmed) throw new Error(confirmed.refused);
      return decided.next;
    },
  };
}
