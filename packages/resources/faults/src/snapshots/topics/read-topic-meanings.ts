import { CHANNEL_ROLES, type ChannelMeaning } from '@medkit/core';
import { entryOf, type Located, type LocatedMap, type Notice, parseYamlBoolean } from '@medkit/documents';
import { absoluteTopic } from './snapshot-topics.ts';

/** Maximum described topics. */
const MAX_MEANINGS = 1000;
/** Maximum characters of a label or a unit. */
const MAX_TEXT_LENGTH = 256;

const FIELDS = ['role', 'of', 'unit', 'label', 'blocks_motion'];

/**
 * Reads the section `topics` of the snapshot file: the meanings of topics, by name. Errors are reported and the wrong
 * entries skipped.
 */
export function readTopicMeanings(map: LocatedMap, notices: Notice[]): ReadonlyMap<string, ChannelMeaning> {
  const section = entryOf(map, 'topics');
  if (section === undefined || (section.kind === 'value' && section.value === null)) return new Map();
  const refuse = (at: string, what: string): void =>
    void notices.push({ level: 'error', text: `${at}: ${what}; it is ignored` });
  if (section.kind !== 'map') {
    refuse(section.at, 'topics must be a section of topics');
    return new Map();
  }
  const meanings = new Map<string, ChannelMeaning>();
  for (const { name, at, value } of section.entries) {
    if (value.kind !== 'map') refuse(at, `${name} must be a section of ${FIELDS.join(', ')}`);
    else if (meanings.size >= MAX_MEANINGS) refuse(at, `${name} exceeds the maximum of ${MAX_MEANINGS} topics`);
    else meanings.set(absoluteTopic(name), meaningOf(value, refuse));
  }
  return meanings;
}

function meaningOf({ entries }: LocatedMap, refuse: (at: string, what: string) => void): ChannelMeaning {
  const said = entries.map(({ name, at, value }): ChannelMeaning => {
    const part = FIELDS.includes(name) ? partOf(name, value) : undefined;
    if (part === undefined) refuse(at, FIELDS.includes(name) ? `${name} has an invalid value` : `${name} is unknown`);
    return part ?? {};
  });
  return Object.assign({}, ...said) as ChannelMeaning;
}

function partOf(name: string, located: Located): ChannelMeaning | undefined {
  const value = located.kind === 'value' ? located.value : undefined;
  if (name === 'blocks_motion') {
    const blocksMotion = located.kind === 'value' ? parseYamlBoolean(located.text) : undefined;
    return blocksMotion === undefined ? undefined : { blocksMotion };
  }
  if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT_LENGTH) return undefined;
  if (name === 'of') return { of: absoluteTopic(value) };
  if (name !== 'role') return name === 'unit' ? { unit: value } : { label: value };
  const role = CHANNEL_ROLES.find((known) => known === value);
  return role && { role };
}
