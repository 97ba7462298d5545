import assert from 'node:assert/strict';
import type { CampaignOutcome, CampaignWork } from '../campaigns/campaign-engine.ts';
import type { RobotReply } from '../requests/robot-request.ts';

/** Digests of the update `map-2`, and the bytes of its archive. */
export const UPDATE = { sha256: 'a'.repeat(64), manifestSha256: 'b'.repeat(64), bytes: 2_500_000 };

type Call = CampaignWork['calls'][0];

interface UpdateRobotOptions {
  /** Whether the gate of the robot passes. */
  readonly gate?: 'good' | 'bad';
  /** The artifact of `map-2`. */
  readonly update?: Pick<typeof UPDATE, 'bytes' | 'manifestSha256'>;
}

/**
 * A robot that installs updates: it stores what it has received, the registered updates, the state of the task and the
 * release in use, and answers a repeated key with the first reply. `executed` has the releases that it switched to.
 */
export function updateRobot({ gate = 'good', update = UPDATE }: UpdateRobotOptions = {}) {
  const replies = new Map<string, RobotReply>();
  const executed: string[] = [];
  let [received, inUse, phase] = [0, 'map-1', 'none'];
  let [isRegistered, isWaiting, isConfirmed] = [false, false, false];
  const rollBack = (): void => {
    [inUse, phase, isWaiting] = ['map-1', 'failed', false];
  };
  const status = (): RobotReply => ({
    status: 200,
    body: {
      status: phase === 'failed' ? 'failed' : isWaiting ? 'inProgress' : 'completed',
      'x-medkit': {
        phase,
        ...(isWaiting && { confirm_remaining_sec: 500 }),
        ...(phase === 'failed' && {
          error: {
            vendor_code: 'x-medkit-update-rolled-back',
            message: 'map-2 was rolled back: fault HOT was confirmed',
          },
        }),
      },
    },
  });
  const transfer = ({ range, total }: NonNullable<Call['archive']>): RobotReply => {
    if (range && range.first !== received) return { status: 416, code: 'x-medkit-range-not-satisfiable', body: {} };
    received = range ? range.last + 1 : received;
    return { status: 202, body: { received, complete: received === total } };
  };
  const execute = (release: string): RobotReply => {
    if (release === 'map-2' && phase !== 'prepared')
      return { status: 400, code: 'x-medkit-update-not-prepared', body: {} };
    executed.push(release);
    [inUse, phase, isWaiting] = [release, release === 'map-2' ? 'executing' : 'executed', release === 'map-2'];
    if (gate === 'bad' && release === 'map-2') rollBack();
    return { status: 202 };
  };
  const confirm = (): RobotReply => {
    if (!isWaiting && !isConfirmed)
      return { status: 409, code: 'x-medkit-confirm-late', body: { message: 'too late' } };
    [phase, isWaiting, isConfirmed] = ['executed', false, true];
    return { status: 204 };
  };
  const run = ({ method, path, archive }: Call): RobotReply => {
    if (archive) return transfer(archive);
    switch (`${method} ${path}`) {
      case 'GET /health': {
        const last = { id: inUse, stage: isWaiting ? 'confirming' : 'executed' };
        return { status: 200, body: { 'x-medkit-updates': { gate_sec: 60, in_use: inUse, last } } };
      }
      case 'POST /updates':
        if (isRegistered) return { status: 400, code: 'x-medkit-update-already-exists', body: {} };
        isRegistered = true;
        return { status: 201 };
      case 'GET /updates/map-2':
        return { status: 200, body: { id: 'map-2', 'x-medkit': { sha256: update.manifestSha256 } } };
      case 'PUT /updates/map-2/prepare':
        assert.equal(received, update.bytes);
        phase = 'prepared';
        return { status: 202 };
      case 'PUT /updates/map-2/execute':
        return execute('map-2');
      case 'PUT /updates/map-1/x-medkit-rollback':
        return execute('map-1');
      case 'PUT /updates/map-2/x-medkit-confirm':
        return confirm();
      case 'GET /updates/map-2/status':
      case 'GET /updates/map-1/status':
        return status();
      default:
        return assert.fail(`${method} ${path}`);
    }
  };
  const reply = (call: Call): RobotReply => {
    if (call.key === undefined) return run(call);
    const known = replies.get(call.key) ?? run(call);
    replies.set(call.key, known);
    return known;
  };
  return {
    executed,
    /** Time for the confirmation has passed. */
    expireConfirmation: rollBack,
    get inUse() {
      return inUse;
    },
    get received() {
      return received;
    },
    answer: (calls: CampaignWork['calls']): CampaignOutcome => calls.map(reply),
  };
}
