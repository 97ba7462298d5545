import type { UpdateStatus } from '@medkit/contract';
import { fieldsOf } from '@medkit/core';
import type { RobotCall, RobotReply } from '../requests/robot-request.ts';
import type { UpdateWork } from './campaign-plan.ts';

/** Bytes of a part of an archive. A robot stores the bytes of a part that is cut, so that slow links make progress, too. */
const PART_BYTES = 2_097_152;

/**
 * `look`, `ready`, `prove`: reads the release in use. `compare`: reads the registration. `query`, `part`: transfers the
 * archive. `follow`, `reverted`: reads the status of the task. `renew` sends nothing: the robot must connect again.
 */
export type UpdateStep =
  | 'look'
  | 'compare'
  | 'query'
  | 'part'
  | 'register'
  | 'prepare'
  | 'follow'
  | 'ready'
  | 'execute'
  | 'renew'
  | 'confirm'
  | 'prove'
  | 'revert'
  | 'reverted';

/** What the hub knows of a robot that it updates. */
export interface UpdateFound {
  /** Bytes of the archive that the robot has received. */
  readonly received?: number;
  /** The release in use before; absent if there was none. */
  readonly previous?: string | undefined;
  /** Duration of the gate of the robot. */
  readonly gateMs?: number;
  /** The newest session when the robot had replied to `execute`: the update is confirmed in a later one. */
  readonly epoch?: number;
  /** Whether the hub has ended this session. */
  readonly isRenewed?: boolean;
}

/** Returns the requests of a step; none for `renew`. */
export function updateCalls(work: UpdateWork, step: UpdateStep, found: UpdateFound): readonly RobotCall[] {
  const { artifact, sha256, total } = work;
  const path = `/updates/${encodeURIComponent(artifact)}`;
  const archivePath = `${path}/x-medkit-artifact?sha256=${sha256}`;
  switch (step) {
    case 'look':
    case 'ready':
    case 'prove':
      return [{ method: 'GET', path: '/health' }];
    case 'compare':
      return [{ method: 'GET', path }];
    case 'query':
      return [{ method: 'PUT', path: archivePath, archive: { sha256, total } }];
    case 'part': {
      const first = found.received ?? 0;
      const range = { first, last: Math.min(total, first + PART_BYTES) - 1 };
      return [{ method: 'PUT', path: archivePath, archive: { sha256, total, range } }];
    }
    case 'register':
      return [
        { method: 'POST', path: '/updates', body: { id: artifact, 'x-medkit': { sha256: work.manifestSha256 } } },
      ];
    case 'follow':
      return [{ method: 'GET', path: `${path}/status` }];
    case 'execute':
      return [
        {
          method: 'PUT',
          path: `${path}/execute`,
          body: { 'x-medkit': { confirm_within_sec: work.confirmWithinSec } },
        },
      ];
    case 'prepare':
      return [{ method: 'PUT', path: `${path}/prepare` }];
    case 'confirm':
      return [{ method: 'PUT', path: `${path}/x-medkit-confirm` }];
    case 'revert':
      return [{ method: 'PUT', path: `/updates/${encodeURIComponent(found.previous ?? '')}/x-medkit-rollback` }];
    case 'reverted':
      return [{ method: 'GET', path: `/updates/${encodeURIComponent(found.previous ?? '')}/status` }];
    case 'renew':
      return [];
  }
}

/** The block of `/health` about the installed release. */
export interface InstalledRelease {
  /** Absent if medkit has installed none, and during a roll-back. */
  readonly inUse: string | undefined;
  readonly gateMs: number;
  /** Whether no installation is under way. */
  readonly isSettled: boolean;
}

/** Returns the installed release in a reply to `GET /health`; `undefined` if the robot installs no updates. */
export function releaseIn({ body }: RobotReply): InstalledRelease | undefined {
  const block = fieldsOf(fieldsOf(body as never)?.['x-medkit-updates']);
  if (!block) return undefined;
  const { in_use: inUse, gate_sec: gateSec } = block;
  const stage = fieldsOf(block.last)?.['stage'];
  return {
    inUse: typeof inUse === 'string' && inUse !== '' ? inUse : undefined,
    gateMs: typeof gateSec === 'number' && gateSec >= 0 ? gateSec * 1000 : 0,
    isSettled: stage === undefined || stage === 'executed' || stage === 'rolled-back',
  };
}

/** The state of a task on a robot. */
export interface TaskState {
  readonly phase: UpdateStatus['x-medkit']['phase'] | undefined;
  readonly isPending: boolean;
  /** Whether it waits for its confirmation. */
  readonly isWaiting: boolean;
  readonly error: { readonly code: unknown; readonly text: string };
}

/** Returns the state in a reply to `GET /updates/{id}/status`. */
export function taskIn({ body }: RobotReply): TaskState {
  const status = fieldsOf(body as never);
  const details = fieldsOf(status?.['x-medkit']);
  const error = fieldsOf(details?.['error']);
  const text = error?.['message'] ?? status?.['error'];
  return {
    phase: details?.['phase'] as TaskState['phase'],
    isPending: status?.['status'] === 'pending' || status?.['status'] === 'inProgress',
    isWaiting: details?.['confirm_remaining_sec'] != null,
    error: {
      code: error?.['vendor_code'] ?? error?.['error_code'],
      text: typeof text === 'string' ? text : 'the robot reports no reason',
    },
  };
}

/** Returns the digest of the manifest with which an update is registered; `undefined` if it has none. */
export function registeredDigest({ body }: RobotReply): string | undefined {
  const digest = fieldsOf(fieldsOf(body as never)?.['x-medkit'])?.['sha256'];
  return typeof digest === 'string' ? digest.toLowerCase() : undefined;
}

/** Returns how much of an archive the robot has; `undefined` if the reply is malformed. */
export function transferIn(
  { body }: RobotReply,
  { total }: UpdateWork,
): { readonly received: number; readonly isComplete: boolean } | undefined {
  const { received, complete } = fieldsOf(body as never) ?? {};
  if (typeof received !== 'number' || !Number.isInteger(received) || received < 0 || received > total) return undefined;
  return { received, isComplete: complete === true };
}
