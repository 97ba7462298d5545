import type { Random } from '@medkit/edges';
import type { HubRecord } from '../handshake/hub-handshake.ts';
import type { Refusal } from '../handshake/messages.ts';
import { confirmRatchet, judgeRatchet, type RatchetState } from '../handshake/ratchet.ts';
import type { RobotRecord } from '../handshake/robot-handshake.ts';

/** A hub's record in memory, with the ratchet. */
export interface MemoryHub extends HubRecord {
  /** Robots by fingerprint. */
  readonly robots: Map<string, { name: string; ratchet: RatchetState; refusal?: Refusal }>;
  /** Fingerprints of robots that were refused because of their version. */
  readonly outdatedKeys: string[];
}

export function memoryHub(random: Random): MemoryHub {
  const secret = random.bytes(32);
  const robots: MemoryHub['robots'] = new Map();
  const outdatedKeys: string[] = [];
  return {
    robots,
    outdatedKeys,
    outdated: async (fingerprint) => void outdatedKeys.push(fingerprint),
    welcome: async (fingerprint, { ratchet: presented }) => {
      const robot = robots.get(fingerprint);
      if (!robot) return { refused: 'unknown', why: 'no robot has this key' };
      if (robot.refusal) return robot.refusal;
      const judged = judgeRatchet(robot.ratchet, presented, { secret, robot: robot.name }, random);
      if (judged.verdict === 'cloned') return { refused: 'cloned', why: judged.reason };
      robot.ratchet = judged.state;
      return {
        robot: robot.name,
        next: judged.state.next,
        policy: { keepalive_max_sec: 25, reconnect_spread_ms: 0 },
      };
    },
    enrol: async (fingerprint, { enrol }) => {
      if (enrol !== 'GOOD-CODE') return { refused: 'invite-unknown' };
      robots.set(fingerprint, { name: 'amr-17', ratchet: {} });
      return { robot: 'amr-17', tenant: 'default', status: 'approved', receipt: 'receipt' };
    },
    confirm: async (fingerprint) => {
      const robot = robots.get(fingerprint);
      if (robot) robot.ratchet = confirmRatchet(robot.ratchet);
      return { isNewKeyStored: false };
    },
  };
}

/** A robot's record in memory. `ratchet` is what its disk holds. */
export function memoryRobot(keepaliveSec = 30): RobotRecord & { ratchet: string | undefined } {
  return {
    ratchet: undefined,
    monotonicMs: () => 1234,
    async hello() {
      return {
        ...(this.ratchet !== undefined && { ratchet: this.ratchet }),
        boot: 412,
        log: { id: 'log-1', oldest: 1, newest: 9 },
        versions: { medkit: '0.3.0' },
        link: { metered: false, keepalive_sec: keepaliveSec },
        active: { critical: 0, error: 1 },
      };
    },
    async accept({ next }) {
      this.ratchet = next;
      return { wentBack: false };
    },
  };
}
