import { REFUSED } from '../audit/audit-tables.ts';

/**
 * Prevents accidental changes of the audit log by people and tools, as on SQLite. Only a connection of the store sets
 * `medkit.owns_audit`.
 */
export const AUDIT_TRIGGERS: readonly (readonly string[])[] = [
  [
    `CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
       BEGIN
         IF TG_ARGV[0] = 'closed' AND coalesce((SELECT enabled FROM audit_prune_guard WHERE id = 1), 0) <> 0
           OR TG_ARGV[0] = 'foreign' AND coalesce(current_setting('medkit.owns_audit', true), '') = 'on' THEN
           RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
         END IF;
         RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
       END
     $$`,
    'INSERT INTO audit_prune_guard (id, enabled) VALUES (1, 0)',
    ...REFUSED.map(
      ([change, table, when]) =>
        `CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
         FOR EACH ROW EXECUTE FUNCTION audit_guard('${when}')`,
    ),
    ...[...new Set(REFUSED.map(([, table]) => table))].map(
      (table) =>
        `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table}
         FOR EACH STATEMENT EXECUTE FUNCTION audit_guard('always')`,
    ),
  ],
];
