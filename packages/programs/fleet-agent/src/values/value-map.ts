import type { EntityRef } from '@medkit/client';
import { EMERGENCY_STOPS, OPERATING_MODES } from '@medkit/vda5050';
import type { DataRef } from '../entity-path.ts';

/** Type of a state member. */
export type ValueKind = 'number' | 'angle' | 'flag' | 'text' | 'word';
export type MappedValue = number | boolean | string;

interface Member {
  readonly kind: ValueKind;
  /** Required for a complete state. */
  readonly isRequired: boolean;
  /** Allowed values of a `word`. */
  readonly allowed?: readonly string[];
  /** Subscribed with the fast interval, at the cost of more requests. */
  readonly isUrgent?: true;
}

const number = { kind: 'number', isRequired: true } as const;
const flag = { kind: 'flag', isRequired: true } as const;

/** State members that are mapped from data, by their names in the agent file. */
const MEMBERS = {
  'position.x': number,
  'position.y': number,
  'position.theta': { kind: 'angle', isRequired: true },
  'position.map': { kind: 'text', isRequired: true },
  'position.localized': { kind: 'flag', isRequired: false },
  'velocity.vx': number,
  'velocity.vy': number,
  'velocity.omega': number,
  'battery.charge': number,
  'battery.charging': flag,
  'battery.voltage': { kind: 'number', isRequired: false },
  driving: { kind: 'flag', isRequired: false },
  emergency_stop: { kind: 'word', isRequired: true, allowed: EMERGENCY_STOPS, isUrgent: true },
  operating_mode: { kind: 'word', isRequired: false, allowed: OPERATING_MODES },
  field_violation: { ...flag, isUrgent: true },
} as const satisfies Readonly<Record<string, Member>>;

export type MemberName = keyof typeof MEMBERS;

export const MEMBER_NAMES = Object.keys(MEMBERS) as readonly MemberName[];

/** Returns the definition of a member. */
export const memberOf = (name: MemberName): Member => MEMBERS[name];

/** A constant from the agent file. */
export interface Constant {
  readonly kind: 'constant';
  readonly at: string;
  readonly value: MappedValue;
}

/** A field of a data item. */
export interface FromData {
  readonly kind: 'data';
  readonly at: string;
  readonly source: DataRef;
  /** Dotted path of names and indices; empty for the whole value. */
  readonly path: string;
  /** True if the field is a quaternion, whose yaw is the value. */
  readonly isQuaternion: boolean;
  readonly scale: number;
  /** Values of the member, by the text of the field. */
  readonly words?: Readonly<Record<string, MappedValue>>;
  /** Value of the member for all other texts. */
  readonly otherwise?: MappedValue;
  /** Age above which a value is stale. */
  readonly maxAgeMs: number;
}

/** True while one of these faults is confirmed. */
export interface FromFaults {
  readonly kind: 'faults';
  readonly at: string;
  readonly codes: readonly string[];
  /** If set, only faults of this entity. */
  readonly entity?: EntityRef;
}

export type Mapping = Constant | FromData | FromFaults;

/** Sources of the state members. */
export interface ValueMap {
  /** True if the file sets `position: none`, for a robot without localization. */
  readonly isWithoutPosition: boolean;
  readonly members: Readonly<Partial<Record<MemberName, Mapping>>>;
}

/** Returns the required members without a mapping, in the order of `MEMBERS`. */
export function unmappedMembers({ isWithoutPosition, members }: ValueMap): readonly MemberName[] {
  return MEMBER_NAMES.filter((name) => {
    if (isWithoutPosition && name.startsWith('position.')) return false;
    return memberOf(name).isRequired && members[name] === undefined;
  });
}
