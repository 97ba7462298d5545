import type { FleetGrant } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Option of commands that limit an account to robots of a fleet hub. */
export const LIMIT_OPTION = {
  takes: '<limits>',
  about:
    'limits to robots of a hub, comma-separated: site=berlin,group=night,site=ulm+group=day:viewer; none: the whole fleet',
};

const FORM = 'use site=<name>, group=<name> or site=<name>+group=<name>, each with :<role> if needed';
/** A limit: its places, and its role after the last colon. */
const LIMIT = /^(?<places>.+?)(?::(?<role>[a-z][a-z0-9_-]*))?$/;

/** Reads the value of `--limit`; `undefined` without the option. Throws `CommandFailed`. */
export function readLimits(text: string | undefined): readonly FleetGrant[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  return text.split(',').map((limit) => {
    const { places = '', role } = LIMIT.exec(limit.trim())?.groups ?? {};
    const names = new Map(places.split('+').map((place) => splitPlace(place, limit)));
    return { ...Object.fromEntries(names), ...(role !== undefined && { role }) };
  });
}

function splitPlace(place: string, limit: string): readonly [string, string] {
  const [, kind, name] = /^(site|group)=(.+)$/.exec(place.trim()) ?? [];
  if (kind !== undefined && name !== undefined) return [kind, name];
  throw new CommandFailed(`"${limit}" is not a limit: ${FORM}`, ExitCode.usage);
}

/** Describes the limits of an account as `--limit` takes them; empty for the whole fleet. */
export const formatLimits = (grants: readonly FleetGrant[] | null | undefined): string =>
  (grants ?? [])
    .map(({ site, group, role }) => {
      const places = [site && `site=${site}`, group && `group=${group}`].filter(Boolean).join('+');
      return role ? `${places}:${role}` : places;
    })
    .join(', ');
