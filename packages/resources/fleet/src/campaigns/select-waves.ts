import { createHash } from 'node:crypto';
import type { FleetCampaignWave } from '@medkit/contract';
import { FleetInvalid } from '../fleet-refused.ts';

/** A robot that a campaign changes. */
export interface Target {
  readonly id: number;
  readonly name: string;
  readonly site: string | undefined;
}

/**
 * Returns the targets of each wave. Robots of a wave with `percent` are in an order by the digest of campaign and name: the
 * same call has the same result, and another campaign has other robots in its first wave. A wave has at least one robot
 * if one is left. Throws `FleetInvalid`.
 */
export function selectWaves(
  campaign: string,
  waves: readonly FleetCampaignWave[],
  targets: readonly Target[],
): readonly (readonly Target[])[] {
  if (targets.length === 0) throw new FleetInvalid('targets: no approved robot matches');
  const byName = new Map(targets.map((target) => [target.name, target]));
  const named = new Set<string>();
  for (const [index, { robots }] of waves.entries()) {
    for (const name of robots ?? []) {
      if (!byName.has(name)) throw new FleetInvalid(`waves[${index}].robots: ${name} is not a target of the campaign`);
      if (named.has(name)) throw new FleetInvalid(`waves[${index}].robots: ${name} is in two waves`);
      named.add(name);
    }
  }
  let rest = ordered(
    campaign,
    targets.filter(({ name }) => !named.has(name)),
  );
  let selected = 0;
  return waves.map(({ robots, percent, spread }) => {
    const size = Math.ceil((targets.length * (percent ?? 0)) / 100) - selected;
    if (spread === 'site') rest = spreadOver(rest);
    const wave = robots
      ? robots.map((name) => byName.get(name)!)
      : rest.slice(0, percent === 100 ? rest.length : Math.max(size, 1));
    if (!robots) rest = rest.slice(wave.length);
    selected += wave.length;
    return wave;
  });
}

function ordered(campaign: string, targets: readonly Target[]): readonly Target[] {
  const digests = new Map(
    targets.map(({ name }) => [name, createHash('sha256').update(`${campaign}\n${name}`).digest('hex')]),
  );
  return targets.toSorted((one, other) => (digests.get(one.name)! < digests.get(other.name)! ? -1 : 1));
}

/** Takes one robot of each site in turn. The order within a site stays. */
function spreadOver(targets: readonly Target[]): readonly Target[] {
  const ranks = new Map<string | undefined, number>();
  const ranked = targets.map((target) => {
    const rank = ranks.get(target.site) ?? 0;
    ranks.set(target.site, rank + 1);
    return { target, rank };
  });
  return ranked.toSorted((one, other) => one.rank - other.rank).map(({ target }) => target);
}
