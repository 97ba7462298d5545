import { entityHref, type VitalSign, type VitalSignKind } from '@medkit/contract';
import type { CallContext, DataEntry, Entity, EntityTree, Model } from '@medkit/core';
import { LOCAL } from '@medkit/core';
import { placesOf } from '@medkit/entities';

/** Message types that are vital signs, with the field that is shown. */
const SIGNS: ReadonlyMap<string, { readonly kind: VitalSignKind; readonly pointer: string; readonly unit?: string }> =
  new Map([
    ['sensor_msgs/msg/BatteryState', { kind: 'battery', pointer: '/percentage' }],
    ['nav_msgs/msg/Odometry', { kind: 'speed', pointer: '/twist/twist/linear/x', unit: 'm/s' }],
    ['action_msgs/msg/GoalStatusArray', { kind: 'goal', pointer: '' }],
  ]);

/** Actions whose goal is the task of the robot. Other actions, such as computing a path, are parts of it. */
const NAVIGATION = /\/(?:navigate_to_pose|navigate_through_poses|follow_waypoints|dock_robot)\/_action\/status$/;

/** Maximum signs of one kind: a robot may have two battery packs, and a simulation publishes many odometries. */
const MAX_OF_KIND = 2;

/**
 * Finds vital signs by the message types that apps of this gateway publish. Of several publishers of one topic, the
 * first by id is used. With `tree`, only apps of it.
 */
export async function findVitalSigns(
  model: Model,
  call: CallContext,
  tree: EntityTree = model.tree,
): Promise<readonly VitalSign[]> {
  const apps = tree.all('app').toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const lists = await Promise.all(apps.map((app) => publishedBy(model, app, call)));
  const found = new Map<string, VitalSign>();
  for (const [at, entries] of lists.entries()) {
    for (const entry of entries) {
      const sign = signOf(apps[at]!, entry);
      const count = [...found.values()].filter(({ kind }) => kind === sign?.kind).length;
      if (sign && count < MAX_OF_KIND && !found.has(entry.channel!.name)) found.set(entry.channel!.name, sign);
    }
  }
  return [...found.values()].toSorted((one, other) => rank(one) - rank(other));
}

async function publishedBy(model: Model, app: Entity, call: CallContext): Promise<readonly DataEntry[]> {
  const [place] = placesOf(model, app, 'data').filter(({ origin }) => origin === LOCAL);
  if (!place) return [];
  try {
    const entries = await place.provider.list(place.nativeId, call);
    return entries.filter(({ channel }) => channel !== undefined && channel.direction !== 'subscribe');
  } catch {
    // A provider that fails has no signs here; its list reports the error.
    return [];
  }
}

function signOf({ id }: Entity, { id: item, channel }: DataEntry): VitalSign | undefined {
  const sign = SIGNS.get(channel?.type ?? '');
  if (!sign || (sign.kind === 'goal' && !NAVIGATION.test(channel!.name))) return undefined;
  const { kind, pointer, unit } = sign;
  const path = `apps/${encodeURIComponent(id)}/data/${encodeURIComponent(item.toWellFormed())}`;
  const href = entityHref('app', id, `data/${encodeURIComponent(item.toWellFormed())}`);
  return { kind, value: `${path}:${pointer}`, ...(unit && { unit }), href };
}

const ORDER = [...SIGNS.values()].map(({ kind }) => kind);
const rank = ({ kind }: VitalSign): number => ORDER.indexOf(kind);
