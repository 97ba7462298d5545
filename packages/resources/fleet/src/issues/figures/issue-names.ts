import type { FleetFigures } from '@medkit/contract';
import type { Row, SqlValue } from '@medkit/store';
import { optionalText, textOf } from '../../fleet-context.ts';
import type { Selection } from './selection.ts';

type IssueNames = Pick<FleetFigures['items'][number], 'rule' | 'fault_code' | 'entity_id'>;

/** Reads the code, the entity and the rule of the issues by which rows are grouped; of other groups, none. */
export async function issueNames(
  { store, by }: Pick<Selection, 'store' | 'by'>,
  rows: readonly Row[],
): Promise<(part: SqlValue | undefined) => IssueNames> {
  if (by !== 'issue') return () => ({});
  const issues = rows.flatMap(({ part }) => (part === '' ? [] : [Number(part)]));
  const found = await store.read(
    'SELECT i.id, i.rule, i.code, i.entity FROM fleet_issues i WHERE i.id IN (SELECT CAST(value AS INTEGER) FROM json_each(:issues))',
    { issues: JSON.stringify(issues) },
  );
  const names = new Map(found.map((row) => [textOf(row.id!), namesOf(row)]));
  return (part) => names.get(textOf(part ?? '')) ?? {};
}

function namesOf(row: Row): IssueNames {
  const [rule, code, entity] = [row.rule, row.code, row.entity].map(optionalText);
  return {
    ...(rule !== undefined && { rule }),
    ...(code !== undefined && { fault_code: code }),
    ...(entity !== undefined && { entity_id: entity }),
  };
}
