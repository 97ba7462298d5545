import { type Located, parseYamlBoolean } from '@medkit/documents';
import { type DataRef, dataAt, entityAt } from '../entity-path.ts';
import type { Section } from '../section.ts';
import {
  type FromData,
  type MappedValue,
  type Mapping,
  MEMBER_NAMES,
  type MemberName,
  memberOf,
  type ValueMap,
} from '../values/value-map.ts';

/** Most topics publish at least once per second. */
const DEFAULT_MAX_AGE_S = 5;
/** Bounds of the maximum age; at most a day, for values that rarely change. */
const AGES_S = { least: 0.1, most: 86_400 } as const;
const SCALES = { least: -1e9, most: 1e9 } as const;

/** Settings of a section that its members inherit. */
interface Inherited {
  readonly source: DataRef | undefined;
  readonly maxAgeMs: number;
}

const NOTHING: Inherited = { source: undefined, maxAgeMs: DEFAULT_MAX_AGE_S * 1000 };

/** Reads the sources of the state members. */
export function readValues(section: Section | undefined): ValueMap {
  const members: Partial<Record<MemberName, Mapping>> = {};
  if (section === undefined) return { isWithoutPosition: false, members };
  const position = section.part('position');
  const isWithoutPosition = position?.kind === 'value' && position.text === 'none';
  for (const name of isWithoutPosition ? [] : ['position']) readGroup(section, name, members);
  for (const name of ['velocity', 'battery']) readGroup(section, name, members);
  for (const name of MEMBER_NAMES.filter((name) => !name.includes('.'))) {
    const mapping = readMember({ section, key: name, name, inherited: NOTHING });
    if (mapping) members[name] = mapping;
  }
  section.finish();
  return { isWithoutPosition, members };
}

/** `battery: { from: …, charge: …, charging: … }`. */
function readGroup(section: Section, group: string, members: Partial<Record<MemberName, Mapping>>): void {
  const groupSection = section.section(group);
  if (groupSection === undefined) return;
  const inherited = readInherited(groupSection, NOTHING);
  for (const name of MEMBER_NAMES.filter((name) => name.startsWith(`${group}.`))) {
    const mapping = readMember({ section: groupSection, key: name.slice(group.length + 1), name, inherited });
    if (mapping) members[name] = mapping;
  }
  groupSection.finish();
}

interface MemberRequest {
  readonly section: Section;
  readonly key: string;
  readonly name: MemberName;
  readonly inherited: Inherited;
}

/** `charge: percentage`, `charge: { field: percentage, scale: 100 }` or `charge: { value: 80 }`. */
function readMember({ section, key, name, inherited }: MemberRequest): Mapping | undefined {
  const part = section.part(key);
  const at = section.place(key);
  if (part === undefined) return undefined;
  if (part.kind === 'value') return fromField(section, key, name, { inherited, path: part.text });
  const memberSection = section.section(key);
  if (memberSection === undefined) return undefined;
  const mapping = readMapping(memberSection, name, at, inherited);
  memberSection.finish();
  return mapping;
}

function readMapping(section: Section, name: MemberName, at: string, above: Inherited): Mapping | undefined {
  const constant = section.part('value');
  if (constant !== undefined) {
    const value = saidValue(constant, name);
    return value === undefined ? section.refuse('value', expected(name)) : { kind: 'constant', at, value };
  }
  if (name === 'field_violation' && section.part('faults') !== undefined) return readFaults(section, at);
  const inherited = readInherited(section, above);
  const quaternion = name === 'position.theta' ? section.text('quaternion') : undefined;
  const field = section.text('field');
  if (inherited.source === undefined) return section.refuse('from', FROM_MISSING);
  return {
    kind: 'data',
    at,
    source: inherited.source,
    path: quaternion ?? field ?? '',
    isQuaternion: quaternion !== undefined,
    scale: section.number('scale', SCALES) ?? 1,
    maxAgeMs: inherited.maxAgeMs,
    ...readTranslations(section, name),
  };
}

const FROM_MISSING = 'is missing: set the data item of the field, such as apps/amcl/data/amcl_pose';

function fromField(
  section: Section,
  key: string,
  name: MemberName,
  { inherited, path }: { readonly inherited: Inherited; readonly path: string },
): FromData | undefined {
  const { source, maxAgeMs } = inherited;
  const at = section.place(key);
  if (source) return { kind: 'data', at, source, path, isQuaternion: false, scale: 1, maxAgeMs };
  // Fields of a group inherit its `from`; a single member needs a section.
  return section.refuse(key, name.includes('.') ? FROM_MISSING : 'expected a section such as { from: …, field: … }');
}

function readFaults(section: Section, at: string): Mapping | undefined {
  const codes = section.texts('faults') ?? [];
  const of = section.text('of');
  const entity = of === undefined ? undefined : entityAt(of);
  if (of !== undefined && entity === undefined)
    section.refuse('of', `expected an entity such as apps/safety_gate, found "${of}"`);
  return { kind: 'faults', at, codes, ...(entity && { entity }) };
}

function readInherited(section: Section, above: Inherited): Inherited {
  const from = section.text('from');
  const ageS = section.number('max_age_s', AGES_S);
  const maxAgeMs = ageS === undefined ? above.maxAgeMs : ageS * 1000;
  if (from === undefined) return { source: above.source, maxAgeMs };
  const data = dataAt(from);
  if (data === undefined)
    section.refuse('from', `expected a data item such as apps/amcl/data/amcl_pose, found "${from}"`);
  return { source: data && { ...data, at: section.place('from') }, maxAgeMs };
}

/** `words: { 1: true, else: false }`. */
function readTranslations(memberSection: Section, name: MemberName): Pick<FromData, 'words' | 'otherwise'> {
  const section = memberSection.section('words');
  if (section === undefined) return {};
  const entries: [string, MappedValue][] = [];
  for (const word of section.names) {
    const value = saidValue(section.part(word), name);
    if (value === undefined) section.refuse(word, expected(name));
    else entries.push([word, value]);
  }
  const { else: otherwise, ...named } = Object.fromEntries(entries);
  return { words: named, ...(otherwise !== undefined && { otherwise }) };
}

/** Returns the constant from the file if it is valid for the member. */
function saidValue(part: Located | undefined, name: MemberName): MappedValue | undefined {
  if (part?.kind !== 'value') return undefined;
  const { kind, allowed = [] } = memberOf(name);
  if (kind === 'flag') return parseYamlBoolean(part.text);
  if (kind === 'text') return part.text === '' ? undefined : part.text;
  if (kind === 'word') return allowed.find((word) => word === part.text);
  return typeof part.value === 'number' && Number.isFinite(part.value) ? part.value : undefined;
}

function expected(name: MemberName): string {
  const { kind, allowed = [] } = memberOf(name);
  if (kind === 'flag') return 'expected true or false';
  if (kind === 'text') return 'expected a text';
  return kind === 'word' ? `expected one of ${allowed.join(', ')}` : 'expected a number';
}
