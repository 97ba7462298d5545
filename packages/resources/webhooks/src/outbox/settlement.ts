import type { Statement } from '@medkit/store';

/** Outcome of a failed delivery. */
export interface FailedDelivery {
  readonly id: number;
  readonly attempts: number;
  readonly error: string;
}

/** Outcome of a delivery that was given up. */
export interface DeadDelivery extends FailedDelivery {
  readonly waitedMs: number;
  /** Milliseconds since the epoch. */
  readonly deadMs: number;
}

/** Outcomes of several deliveries, written together. */
export interface Settlement {
  /** Numbers of successful deliveries, which are deleted. */
  readonly delivered: readonly number[];
  readonly failed: readonly FailedDelivery[];
  readonly dead: readonly DeadDelivery[];
  /** Number of the oldest dead letters to remove. */
  readonly removeDead: number;
}

const integerOf = (field: string): string => `CAST(json_extract(one.value, '$.${field}') AS INTEGER)`;

/** Returns the same statements for any number of deliveries: the parameters are JSON. */
export function settlementStatements({ delivered, failed, dead, removeDead }: Settlement): readonly Statement[] {
  return [
    {
      sql: 'DELETE FROM webhook_deliveries WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))',
      parameters: [JSON.stringify(delivered)],
    },
    {
      sql: `UPDATE webhook_deliveries SET attempts = ${integerOf('attempts')}, last_error = json_extract(one.value, '$.error')
            FROM json_each(?) AS one WHERE webhook_deliveries.id = ${integerOf('id')}`,
      parameters: [JSON.stringify(failed)],
    },
    {
      sql: `UPDATE webhook_deliveries SET attempts = ${integerOf('attempts')}, last_error = json_extract(one.value, '$.error'),
              waited_ms = ${integerOf('waitedMs')}, dead_ms = ${integerOf('deadMs')}
            FROM json_each(?) AS one WHERE webhook_deliveries.id = ${integerOf('id')}`,
      parameters: [JSON.stringify(dead)],
    },
    {
      sql: `DELETE FROM webhook_deliveries WHERE id IN (
              SELECT id FROM webhook_deliveries WHERE dead_ms IS NOT NULL ORDER BY dead_ms, id LIMIT ?
            )`,
      parameters: [removeDead],
    },
  ];
}
