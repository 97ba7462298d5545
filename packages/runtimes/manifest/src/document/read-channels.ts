import { CHANNEL_ROLES, type ChannelMeaning } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import type { Section } from './section.ts';

/** Maximum described channels. */
const MAX_CHANNELS = 1000;
/** Maximum characters of a label or unit. */
const MAX_TEXT_LENGTH = 256;

/** Reads channel descriptions, in the format of the snapshot configuration. Invalid fields are reported and ignored. */
export function readChannels(
  section: Section | undefined,
): readonly Declared<readonly [name: string, meaning: ChannelMeaning]>[] {
  if (!section) return [];
  const names = [...section.places.keys()];
  const channels = names.slice(0, MAX_CHANNELS).flatMap((name) => {
    const channel = section.section(name);
    if (!channel) return [];
    const value = [fullName(name), meaningOf(channel)] as const;
    channel.finish();
    return [{ value, at: channel.at, places: channel.places }];
  });
  section.pass(...names);
  if (names.length > MAX_CHANNELS) {
    section.report('M007', String(names[MAX_CHANNELS]), `only the first ${MAX_CHANNELS} topics are used`);
  }
  return channels;
}

function meaningOf(channel: Section): ChannelMeaning {
  const of = channel.text('of');
  return omitEmpty({
    role: roleOf(channel),
    of: of ? fullName(of) : undefined,
    unit: shortText(channel, 'unit'),
    label: shortText(channel, 'label'),
    blocksMotion: channel.flag('blocks_motion'),
  });
}

function roleOf(channel: Section): ChannelMeaning['role'] {
  const text = channel.text('role');
  const role = CHANNEL_ROLES.find((known) => known === text);
  if (text && !role) channel.report('M007', 'role', `expected one of ${CHANNEL_ROLES.join(', ')}, found "${text}"`);
  return role;
}

function shortText(channel: Section, name: string): string | undefined {
  const text = channel.text(name);
  if (!text || text.length <= MAX_TEXT_LENGTH) return text || undefined;
  channel.report('M007', name, `expected at most ${MAX_TEXT_LENGTH} characters`);
  return undefined;
}

/** Resolves the name as in the root namespace. */
function fullName(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}
