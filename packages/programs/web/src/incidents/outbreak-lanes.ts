import type { IncidentDetail, OutbreakRobot } from '@medkit/contract';

/** A robot of an outbreak as a bar: from where to where, in percent of the outbreak. */
export interface RobotLane {
  readonly robot: OutbreakRobot;
  readonly leftPercent: number;
  readonly widthPercent: number;
  readonly isActive: boolean;
}

/** Narrowest bar, percent: a fault of a moment is visible. */
const NARROWEST = 0.8;

/**
 * Returns a lane for each robot of an outbreak, in the order of the reply. The span begins with the first robot, and ends
 * with the outbreak, or now while it is open.
 */
export function robotLanes(
  { began, healed_at, state }: Pick<IncidentDetail, 'began' | 'healed_at' | 'state'>,
  robots: readonly OutbreakRobot[],
  nowMs: number,
): readonly RobotLane[] {
  const endMs = state === 'open' || healed_at == null ? nowMs : Date.parse(healed_at);
  const fromMs = Math.min(Date.parse(began), ...robots.map((robot) => Date.parse(robot.began)));
  const spanMs = Math.max(1, endMs - fromMs);
  const percent = (ms: number): number => Math.min(100, Math.max(0, ((ms - fromMs) / spanMs) * 100));
  return robots.map((robot) => {
    const leftPercent = Math.min(100 - NARROWEST, percent(Date.parse(robot.began)));
    const right = percent(robot.ended == null ? endMs : Date.parse(robot.ended));
    return {
      ...{ robot, leftPercent, widthPercent: Math.max(NARROWEST, right - leftPercent) },
      isActive: robot.ended == null && state === 'open',
    };
  });
}
