import type { RobotEnrolment } from '@medkit/gateway/enrol';
import { plainLine } from '../terminal/display-width.ts';

/** Returns the result of an enrolment as text, with what the user does next. */
export function enrolmentLines(
  { robot, status, fingerprint }: Pick<RobotEnrolment, 'fingerprint' | 'robot' | 'status'>,
  hub: string,
  isRunning: boolean,
): readonly string[] {
  const pending = `: waiting for approval on the hub, which lists the robot with the key ${fingerprint}`;
  return [
    plainLine(`${robot} is enrolled at ${hub}${status === 'pending' ? pending : ''}`),
    isRunning
      ? 'The gateway of this robot is running: restart it to connect, with `systemctl restart medkit` if it is a service.'
      : 'The gateway of this robot connects when it starts.',
  ];
}

/** What `--first-boot` prints on a robot that is enrolled. */
export const enrolledLine = (robot: string, hub: string): string =>
  plainLine(`${robot} is enrolled at ${hub}: nothing to do`);

/** What `--first-boot` prints before it tries again. */
export const pauseLine = (reason: string, delayMs: number): string =>
  plainLine(`${reason}; next attempt in ${Math.ceil(delayMs / 1000)} s`);
