import { MAX_QUEUEABLE_NAMES } from '@medkit/contract';
import { type FleetContext, optionalText } from '../fleet-context.ts';
import { logIsRead } from './robot-rows.ts';

/** Returns the setting `hub.queueable` in the body of an inventory, without members of other types. */
export function queueableIn(body: string): readonly string[] {
  const { queueable } = Object(JSON.parse(body)) as Readonly<Record<string, unknown>>;
  const names = Array.isArray(queueable) ? queueable.slice(0, MAX_QUEUEABLE_NAMES) : [];
  return names.filter((name) => typeof name === 'string');
}

/** What a robot permits to queue, as its inventory states it. */
export interface RobotNames {
  readonly names: readonly string[];
  /** Whether its log was read since it connected: it may have another list otherwise. */
  readonly isRead: boolean;
}

/** Reads which operations and data items the robot with this number permits to queue. */
export async function readQueueableNames({ store }: Pick<FleetContext, 'store'>, robot: number): Promise<RobotNames> {
  const [row] = await store.read(
    `SELECT i.body, ${logIsRead('c')} AS is_read
     FROM fleet_cursors c LEFT JOIN fleet_inventories i ON i.robot = c.robot WHERE c.robot = ?`,
    [robot],
  );
  const body = optionalText(row?.body);
  return { names: body === undefined ? [] : queueableIn(body), isRead: Number(row?.is_read) === 1 };
}
