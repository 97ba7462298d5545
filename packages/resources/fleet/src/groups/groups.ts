import { FLEET_ROBOT_NAME, type FleetGroup, type FleetGroupSelector, MAX_FLEET_GROUPS } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, type FleetStore, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';

const NAME = new RegExp(`^${FLEET_ROBOT_NAME}$`);

/** Lists the groups of the view, by name. */
export async function listGroups({
  store,
  view,
}: Pick<FleetContext, 'store' | 'view'>): Promise<readonly FleetGroup[]> {
  const groups = (await store.read('SELECT * FROM fleet_groups ORDER BY name')).map(groupOf);
  return view ? groups.filter(({ id }) => view.groups.has(id)) : groups;
}

/** Creates a group. Throws `FleetInvalid` for its name, and `FleetConflict` if it exists or there are too many. */
export async function createGroup(
  context: FleetContext,
  id: string,
  selector: FleetGroupSelector,
  by: string,
): Promise<FleetGroup> {
  if (!NAME.test(id)) {
    throw new FleetInvalid(`"${id}" is not the name of a group: use lower-case letters, digits and hyphens`);
  }
  const groups = await listGroups(context);
  if (groups.some((group) => group.id === id)) {
    throw new FleetConflict(`The group ${id} exists: change its filter, or use another name`);
  }
  if (groups.length >= MAX_FLEET_GROUPS) {
    throw new FleetConflict(`The hub has ${MAX_FLEET_GROUPS} groups, which is the maximum: delete one`);
  }
  return put(context, id, selector, by);
}

/** Replaces the filter of a group. Throws `FleetNotFound`. */
export async function changeGroup(
  context: FleetContext,
  id: string,
  selector: FleetGroupSelector,
  by: string,
): Promise<FleetGroup> {
  if (!(await readGroup(context.store, id))) throw new FleetNotFound(`The hub has no group ${id}`);
  return put(context, id, selector, by);
}

/** Deletes a group. Returns false if there is none with this name. */
export async function deleteGroup({ store, notify }: FleetContext, id: string): Promise<boolean> {
  const { results } = await store.write([{ sql: 'DELETE FROM fleet_groups WHERE name = ?', parameters: [id] }]);
  notify({ robot: '', topic: 'groups' });
  return results[0]!.changes > 0;
}

/** Returns the filter of a group; `undefined` if there is none with this name. */
export async function readGroup(store: FleetStore, id: string): Promise<FleetGroup | undefined> {
  const [row] = await store.read('SELECT * FROM fleet_groups WHERE name = ?', [id]);
  return row && groupOf(row);
}

async function put(
  context: FleetContext,
  id: string,
  { site, labels, version, q }: FleetGroupSelector,
  by: string,
): Promise<FleetGroup> {
  const stored = JSON.stringify({
    ...(site && { site }),
    ...(labels && labels.length > 0 && { labels }),
    ...(version && { version }),
    ...(q && { q }),
  });
  const { results } = await context.store.write([
    {
      sql: `INSERT INTO fleet_groups (name, selector, changed_ms, changed_by) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE
            SET selector = excluded.selector, changed_ms = excluded.changed_ms, changed_by = excluded.changed_by
            RETURNING *`,
      parameters: [id, stored, nowMs(context), by],
    },
  ]);
  context.notify({ robot: '', topic: 'groups' });
  return groupOf(results[0]!.rows[0]!);
}

const groupOf = (row: Row): FleetGroup => ({
  id: textOf(row.name!),
  ...(JSON.parse(textOf(row.selector!)) as FleetGroupSelector),
  changed_at: isoTime(Number(row.changed_ms)),
  changed_by: textOf(row.changed_by!),
});
