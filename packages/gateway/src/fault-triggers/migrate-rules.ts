import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Row, Statement } from '@medkit/store';
import type { LazyStore } from '../database/lazy-store.ts';

export interface RuleMigration {
  /** The separate file of rules. Opening it marks it as migrated, so that no earlier medkit uses it. */
  readonly from: LazyStore;
  readonly to: LazyStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Migrates the rules of a separate file, once, with their numbers and the highest number ever assigned. Apart from the
 * mark, the file stays unchanged. It is marked before any rule is copied, so that two versions of medkit never use a
 * set each. If the migration is interrupted, the next call completes it. Throws what a store throws.
 */
export async function migrateRules({ from, to, clock, log }: RuleMigration): Promise<void> {
  if (!(await from.exists())) return;
  const store = await to.store();
  if ((await store.read('SELECT 1 FROM fault_triggers_taken_over')).length > 0) return;
  const left = await from.store();
  const rules = await left.read('SELECT * FROM fault_triggers ORDER BY number');
  const [last] = await left.read("SELECT seq FROM sqlite_sequence WHERE name = 'fault_triggers'");
  const { results } = await store.write([
    ...reserveNumbers(Number(last?.seq ?? 0)),
    takenOver(clock),
    ...rules.map(insertTriggerStatement),
  ]);
  const taken = results.slice(results.length - rules.length).reduce((sum, { changes }) => sum + changes, 0);
  const { path } = left.facts();
  await from.close();
  log('info', `${taken} fault triggers of ${path} were moved to ${store.facts().path}`);
  const leftOut = rules.length - taken;
  if (leftOut > 0)
    log('warn', `${path}: ${leftOut} fault triggers were skipped, because other fault triggers have their fault codes`);
}

/**
 * Copies a rule unchanged, even if it is damaged, so that nothing is lost. If its number is already in use, for example
 * after an earlier medkit ran in between, it gets the next one.
 */
function insertTriggerStatement(rule: Row): Statement {
  return {
    sql: `INSERT OR IGNORE INTO fault_triggers
            (number, app_id, data_name, path, operator, threshold, fault_code, severity, active, crossed)
          SELECT iif(EXISTS (SELECT 1 FROM fault_triggers WHERE number = :number), NULL, :number),
                 :app_id, :data_name, :path, :operator, :threshold, :fault_code, :severity, :active, :crossed`,
    parameters: rule,
  };
}

/** Ensures that no number up to the last one is assigned again. */
function reserveNumbers(last: number): readonly Statement[] {
  return [
    {
      sql: `INSERT INTO sqlite_sequence (name, seq) SELECT 'fault_triggers', 0
            WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'fault_triggers')`,
    },
    { sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'fault_triggers'", parameters: [last] },
  ];
}

function takenOver(clock: Clock): Statement {
  return {
    sql: 'INSERT INTO fault_triggers_taken_over (only_row, at_ms) VALUES (1, ?)',
    parameters: [Math.round(clock.wallMs())],
  };
}
