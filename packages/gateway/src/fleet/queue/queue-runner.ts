import { errorMessage, type Log } from '@medkit/core';
import type { Fleet, MayAct, QueueStep, QueueWork } from '@medkit/fleet';
import type { RobotSession, RobotSessions } from '../robot-sessions.ts';
import { type SendOptions, sendToRobot } from '../send-to-robot.ts';
import { workRunner } from '../work-runner.ts';

/** Robots to which queued requests are sent at a time. */
const MAX_SENDING = 32;

export interface QueueRunnerOptions extends Omit<SendOptions, 'sessions' | 'signal'> {
  readonly fleet: Pick<Fleet, 'onChange' | 'queueEngine'>;
  readonly sessions: Pick<RobotSessions, 'all' | 'get'>;
  readonly mayAct: MayAct;
  /** Returns whether the audit log accepts changes at present. */
  readonly isRecorded: () => boolean;
  /** Records the change of a request. */
  readonly record: (step: QueueStep) => void;
  readonly log: Log;
}

/**
 * Sends queued requests to robots that are connected and whose state the hub has read. `close` ends the requests under way:
 * the next start sends them again, with their keys.
 */
export function queueRunner(options: QueueRunnerOptions): { close(): Promise<void> } {
  const { fleet, sessions, clock, log, mayAct } = options;
  const engine = fleet.queueEngine({ mayAct, onStep: options.record });
  /** Sessions of which the state of the robot was read. */
  const isRead = new WeakSet<RobotSession>();
  const ready = (): readonly string[] =>
    sessions.all().flatMap(({ robot }) => {
      const session = sessions.get(robot);
      return session && isRead.has(session) ? [robot] : [];
    });
  return workRunner<QueueWork>({
    ...{ fleet, clock, log, subject: 'its queued requests', maxRunning: MAX_SENDING },
    isCause: ({ topic, robot }) => {
      // The faults of a robot follow the read of its state.
      if (topic === 'faults') {
        const session = sessions.get(robot);
        if (!session || isRead.has(session)) return false;
        isRead.add(session);
        return true;
      }
      return topic === 'queue' || topic === 'presence';
    },
    look: () => engine.turn(options.isRecorded() ? ready() : []),
    run: async (work, signal) => {
      const { id, robot, call, createdBy: by, permission } = work;
      try {
        const session = sessions.get(robot);
        const request = { call, by, permissions: [permission], clientId: `hub:${by}`, isQueued: true };
        const reply = session && (await sendToRobot({ ...options, signal }, session, request));
        if (!signal.aborted || reply) await engine.settle(work, reply ?? 'cut');
      } catch (error) {
        log('error', `cannot store the reply of ${robot} to the queued request ${id}: ${errorMessage(error)}`);
      }
    },
  });
}
