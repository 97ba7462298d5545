import type { Client } from '@medkit/client';
import type { Clock } from '@medkit/edges';
import { ERROR_LEVELS, type RobotError, type RobotInformation } from '@medkit/vda5050';
import type { AgentConfig } from '../config/agent-config.ts';
import { FaultFollower } from '../faults/fault-follower.ts';
import { applyRules } from '../rules/apply-rules.ts';
import { ValueFollower } from '../values/value-follower.ts';
import { mappedMembers } from './mapped-members.ts';
import { publicUrlOf } from './public-url.ts';
import type { PictureSource, RobotPicture } from './robot-picture.ts';

export interface PictureOptions {
  /** Must have a response timeout: this module does not limit how long a stream takes to open. */
  readonly client: Client;
  readonly clock: Clock;
  readonly config: Pick<AgentConfig, 'gateway' | 'robot' | 'rules' | 'values'>;
}

/** Interval for checking the age of values. */
const STALENESS_MS = 500;

/** What is reported about the active faults. */
interface FaultReport {
  readonly errors: readonly RobotError[];
  readonly information: readonly RobotInformation[];
}

/** Follows a robot through its gateway until it is stopped. */
export function openPictureSource({ client, clock, config }: PictureOptions): PictureSource {
  const { robot, rules, gateway } = config;
  const listeners = new Set<() => void>();
  let publicUrl = gateway.publicUrl ?? client.url;
  let report: FaultReport | undefined;
  let picture: RobotPicture | undefined;
  let staleCount = 0;

  const changed = () => {
    picture = undefined;
    if (faults.isSettled) for (const listener of listeners) listener();
  };
  const faults = new FaultFollower({
    client,
    clock,
    onOpen: async (signal) => {
      publicUrl = gateway.publicUrl ?? (await publicUrlOf(client, signal));
      report = undefined;
    },
    onChange: () => {
      report = undefined;
      changed();
    },
  });
  const values = new ValueFollower({ client, clock, values: config.values, onChange: changed });

  const membersNow = () =>
    mappedMembers(config.values, {
      held: values.held,
      faults: faults.standing.all,
      isComplete: faults.standing.isComplete,
      nowMs: clock.monotonicMs(),
    });
  const reportNow = () => reportAll(faults.standing.roots, { version: robot.version, rules, publicUrl });
  const pictureNow = (): RobotPicture => {
    report ??= reportNow();
    const { members, missing, errors, stale } = membersNow();
    staleCount = stale.size;
    return {
      gatewayProblem: faults.problem,
      errors: [...report.errors, ...errors].toSorted(byGravity),
      information: report.information,
      members,
      missing,
    };
  };
  const staleness = clock.every(STALENESS_MS, () => {
    if (faults.isSettled && membersNow().stale.size !== staleCount) changed();
  });
  faults.start();
  values.start();

  return {
    get picture() {
      if (faults.isSettled) picture ??= pictureNow();
      return picture;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      staleness.cancel();
      await Promise.all([faults.stop(), values.stop()]);
    },
  };
}

function reportAll(
  faults: FaultFollower['standing']['roots'],
  audience: Parameters<typeof applyRules>[1],
): FaultReport {
  const all = faults.map((fault) => applyRules(fault, audience));
  return {
    errors: all.flatMap(({ error }) => error ?? []),
    information: all.flatMap(({ information }) => information ?? []),
  };
}

/** Most severe first; equal ones keep their order. */
function byGravity(a: RobotError, b: RobotError): number {
  return ERROR_LEVELS.indexOf(b.level) - ERROR_LEVELS.indexOf(a.level);
}
