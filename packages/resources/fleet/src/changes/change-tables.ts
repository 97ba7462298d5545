import type { Migration, MigrationStep, Migrations } from '@medkit/store';

/** A trigger that adds a row to `fleet_changes`. Its expressions are SQL of both engines. */
interface ChangeTrigger {
  readonly name: string;
  readonly on: string;
  /** Condition on the rows `NEW` and `OLD`. */
  readonly when: string;
  readonly topic: string;
  readonly change: string;
  readonly robot?: string;
  readonly atMs?: string;
  /** When the hub wrote the row; if absent, the publisher fills it in. */
  readonly gotMs?: string;
  readonly body: string;
}

const json = (members: Readonly<Record<string, string>>): string =>
  `CAST(json_object(${Object.entries(members)
    .map(([name, value]) => `'${name}', ${value}`)
    .join(', ')}) AS TEXT)`;

const ISSUE = json({
  id: 'NEW.id',
  rule: 'NEW.rule',
  fault_code: 'NEW.code',
  entity_id: 'NEW.entity',
  cause: 'NEW.cause',
  severity: 'NEW.severity',
  decision: 'NEW.decision',
  decided_by: 'NEW.decided_by',
});
const OUTBREAK = json({
  id: 'NEW.id',
  kind: 'NEW.kind',
  subject: 'NEW.subject',
  severity: 'NEW.severity',
  began_ms: 'NEW.began_ms',
  ended_ms: 'NEW.ended_ms',
  about: "json_extract(NEW.body, '$.about')",
  robots: "CAST(json_extract(NEW.body, '$.robots') AS INTEGER)",
});
const CAMPAIGN = json({ id: 'NEW.name', kind: 'NEW.kind', state: 'NEW.state', reason: 'NEW.reason' });

const TRIGGERS: readonly ChangeTrigger[] = [
  {
    name: 'fleet_change_fault',
    on: 'INSERT ON fleet_events',
    when: "NEW.kind = 'fault' AND NEW.code IS NOT NULL",
    ...{ topic: 'fault', change: "''", robot: 'NEW.robot', atMs: 'NEW.at_ms', gotMs: 'NEW.got_ms', body: 'NEW.body' },
  },
  {
    name: 'fleet_change_presence',
    on: 'INSERT ON fleet_presence',
    when: 'NEW.robot IS NOT NULL',
    ...{ topic: 'presence', change: "CASE WHEN NEW.online = 1 THEN 'came' ELSE 'went' END" },
    ...{ robot: 'NEW.robot', atMs: 'NEW.at_ms', gotMs: 'NEW.at_ms', body: json({ reason: 'NEW.reason' }) },
  },
  {
    name: 'fleet_change_issue_opened',
    on: 'INSERT ON fleet_issues',
    when: 'NEW.id IS NOT NULL',
    ...{ topic: 'issue', change: "'opened'", body: ISSUE },
  },
  {
    name: 'fleet_change_issue_decided',
    on: 'UPDATE OF decided_ms ON fleet_issues',
    when: 'NEW.decided_ms IS NOT NULL',
    ...{ topic: 'issue', change: "'decided'", atMs: 'NEW.decided_ms', body: ISSUE },
  },
  {
    name: 'fleet_change_issue_regressed',
    on: 'UPDATE OF regressed_ms ON fleet_issues',
    when: 'OLD.regressed_ms IS NULL AND NEW.regressed_ms IS NOT NULL',
    ...{ topic: 'issue', change: "'regressed'", robot: 'NEW.regressed_robot', atMs: 'NEW.regressed_ms', body: ISSUE },
  },
  {
    name: 'fleet_change_outbreak_opened',
    on: 'INSERT ON fleet_outbreaks',
    when: 'NEW.id IS NOT NULL',
    ...{ topic: 'outbreak', change: "'opened'", atMs: 'NEW.changed_ms', gotMs: 'NEW.changed_ms', body: OUTBREAK },
  },
  {
    name: 'fleet_change_outbreak_changed',
    on: 'UPDATE ON fleet_outbreaks',
    when: `OLD.severity <> NEW.severity OR OLD.body <> NEW.body OR OLD.ended_ms IS NULL AND NEW.ended_ms IS NOT NULL`,
    ...{ topic: 'outbreak', change: "CASE WHEN NEW.ended_ms IS NULL THEN 'changed' ELSE 'ended' END" },
    ...{ atMs: 'NEW.changed_ms', gotMs: 'NEW.changed_ms', body: OUTBREAK },
  },
  {
    name: 'fleet_change_campaign_created',
    on: 'INSERT ON fleet_campaigns',
    when: 'NEW.id IS NOT NULL',
    ...{ topic: 'campaign', change: "'created'", atMs: 'NEW.created_ms', gotMs: 'NEW.created_ms', body: CAMPAIGN },
  },
  {
    name: 'fleet_change_campaign_changed',
    on: 'UPDATE OF state ON fleet_campaigns',
    when: 'OLD.state <> NEW.state',
    ...{ topic: 'campaign', change: "'changed'", body: CAMPAIGN },
  },
];

/** PostgreSQL runs the same statement in a function. Rows that an import copies are no changes. */
const steps = ({
  name,
  on,
  when,
  topic,
  change,
  robot,
  atMs,
  gotMs,
  body,
}: ChangeTrigger): readonly MigrationStep[] => {
  const insert = `INSERT INTO fleet_changes (topic, change, robot, at_ms, got_ms, body)
    SELECT '${topic}', ${change}, ${robot ?? 'NULL'}, ${atMs ?? 'NULL'}, ${gotMs ?? 'NULL'}, ${body}
    WHERE EXISTS (SELECT 1 FROM fleet_publisher)`;
  return [
    {
      postgres: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
          IF coalesce(current_setting('medkit.is_import', true), '') <> 'on' THEN
            ${insert};
          END IF;
          RETURN NULL;
        END
      $$`,
    },
    {
      sql: `CREATE TRIGGER ${name} AFTER ${on} WHEN ${when} BEGIN ${insert}; END`,
      postgres: `CREATE TRIGGER ${name} AFTER ${on} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${name}()`,
    },
  ];
};

const CHANGES: Migration = [
  `CREATE TABLE fleet_changes (
     id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, change TEXT NOT NULL, robot INTEGER, at_ms INTEGER,
     got_ms INTEGER, body TEXT NOT NULL
   )`,
  'CREATE INDEX fleet_changes_untimed ON fleet_changes (id) WHERE got_ms IS NULL',
  `CREATE TABLE fleet_publisher (
     id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL, hub TEXT NOT NULL, skipped INTEGER NOT NULL DEFAULT 0,
     skipped_ms INTEGER
   )`,
  ...TRIGGERS.flatMap(steps),
];

/**
 * Tables of changes that wait for publication. Triggers add each change in its transaction, so that no writer can omit
 * one, while `fleet_publisher` has its row: `token` makes the ids of messages unique, `hub` is the name in their
 * subjects, and `skipped` counts changes that were removed without publication.
 */
export const CHANGE_TABLES: Migrations = { fleet_changes: [CHANGES] };
