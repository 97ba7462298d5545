import { CHANNEL_ROLES, type ChannelMeaning } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { present } from './present.ts';
import type { Section } from './section.ts';

/** Channels that are described. */
const MAX_CHANNELS = 1000;
/** Characters of a label or a unit. */
const MAX_TEXT_LENGTH = 256;

/** What channels are, by name, in the words of the file of snapshots. What is wrong in it is found and left out. */
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
    section.report('M007', String(names[MAX_CHANNELS]), `it is beyond the first ${MAX_CHANNELS}`);
  }
  return channels;
}

function meaningOf(channel: Section): ChannelMeaning {
  const of = channel.text('of');
  return present({
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

/** As it is given to somebody in the root namespace. */
function fullName(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}
