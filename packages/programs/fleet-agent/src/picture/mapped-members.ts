import type { Battery, EmergencyStop, OperatingMode, Position, Reference, RobotError, Velocity } from '@medkit/vda5050';
import { dataPath } from '../entity-path.ts';
import type { ReportedFault } from '../faults/reported-fault.ts';
import { matchesPattern } from '../rules/match-rule.ts';
import { type LastValues, sourcesOf } from '../values/last-values.ts';
import {
  type FromFaults,
  type MappedValue,
  MEMBER_NAMES,
  type MemberName,
  unmappedMembers,
  type ValueMap,
} from '../values/value-map.ts';
import type { MappedMembers, MissingMember } from './robot-picture.ts';

/** Speeds below which a robot counts as stationary, m/s and rad/s, because of sensor noise. */
const STANDING_M_S = 0.02;
const STANDING_RAD_S = 0.02;

/** Members of a state at a moment. */
export interface CurrentMembers {
  readonly members: MappedMembers | undefined;
  readonly missing: readonly MissingMember[];
  /** Errors for outdated values. */
  readonly errors: readonly RobotError[];
  /** Members whose value exceeds its maximum age. */
  readonly stale: ReadonlySet<MemberName>;
}

interface Knowledge {
  readonly held: LastValues;
  /** All confirmed faults. */
  readonly faults: readonly ReportedFault[];
  /** False while the faults of some gateway are unknown. */
  readonly isComplete: boolean;
  readonly nowMs: number;
}

/** Returns the mapped members of a state. */
export function mappedMembers(map: ValueMap, { held, faults, isComplete, nowMs }: Knowledge): CurrentMembers {
  const stale = new Set<MemberName>();
  const values: Partial<Record<MemberName, MappedValue>> = {};
  const missing: MissingMember[] = unmappedMembers(map).map((member) => ({ member, reason: 'it is not mapped' }));
  for (const name of MEMBER_NAMES) {
    const mapping = map.members[name];
    if (mapping === undefined) continue;
    if (mapping.kind === 'data' && held.isStale(name, mapping, nowMs)) stale.add(name);
    if (mapping.kind === 'faults' && !isComplete) stale.add(name);
    const value =
      mapping.kind === 'constant'
        ? mapping.value
        : mapping.kind === 'faults'
          ? stands(mapping, faults)
          : held.valueOf(name);
    if (value !== undefined) values[name] = value;
    else if (name !== 'battery.voltage')
      missing.push({ member: name, reason: held.problemOf(name) ?? 'no value received yet' });
  }
  const members = missing.length > 0 ? undefined : membersOf(map, values, stale);
  return { members, missing, errors: staleErrors(map, stale), stale };
}

function stands({ codes, entity }: FromFaults, faults: readonly ReportedFault[]): boolean {
  return faults.some(
    (fault) =>
      codes.some((code) => matchesPattern(code, fault.code)) &&
      (entity === undefined || (fault.entity?.kind === entity.kind && fault.entity.id === entity.id)),
  );
}

type Values = Readonly<Partial<Record<MemberName, MappedValue>>>;

/** Builds the members. All required ones must exist. */
function membersOf(map: ValueMap, values: Values, stale: ReadonlySet<MemberName>): MappedMembers {
  const number = (name: MemberName) => values[name] as number;
  const velocity: Velocity = {
    vx: number('velocity.vx'),
    vy: number('velocity.vy'),
    omega: number('velocity.omega'),
  };
  const battery: Battery = {
    chargePercent: Math.min(Math.max(number('battery.charge'), 0), 100),
    charging: values['battery.charging'] as boolean,
    ...(values['battery.voltage'] !== undefined && { voltageV: number('battery.voltage') }),
  };
  const isLost = [...stale].some((name) => name.startsWith('position.'));
  const position: Position = {
    mapId: values['position.map'] as string,
    x: number('position.x'),
    y: number('position.y'),
    theta: number('position.theta'),
    localized: !isLost && values['position.localized'] !== false,
  };
  return {
    ...(!map.isWithoutPosition && { position }),
    velocity,
    driving: (values.driving as boolean | undefined) ?? isMoving(velocity),
    battery,
    operatingMode: (values.operating_mode as OperatingMode | undefined) ?? 'MANUAL',
    safety: {
      emergencyStop: values.emergency_stop as EmergencyStop,
      fieldViolation: values.field_violation as boolean,
    },
  };
}

function isMoving({ vx, vy, omega }: Velocity): boolean {
  return Math.hypot(vx, vy) > STANDING_M_S || Math.abs(omega) > STANDING_RAD_S;
}

/** Returns one error per silent data item, and one if members depend on incomplete faults. */
function staleErrors(map: ValueMap, stale: ReadonlySet<MemberName>): readonly RobotError[] {
  if (stale.size === 0) return [];
  const ofFaults = [...stale].filter((name) => map.members[name]?.kind === 'faults');
  return [
    ...sourcesOf(map).map(({ data, members }) =>
      staleError(
        members.map(([name]) => name).filter((name) => stale.has(name)),
        `no new value from ${dataPath(data)}; the last value is sent`,
        [{ key: 'entityId', value: data.entity.id }],
      ),
    ),
    staleError(ofFaults, 'not every gateway reports its faults; the last known ones are used'),
  ].flatMap((error) => error ?? []);
}

function staleError(
  names: readonly MemberName[],
  reason: string,
  references: readonly Reference[] = [],
): RobotError | undefined {
  if (names.length === 0) return undefined;
  return {
    type: 'STALE_VALUE',
    level: 'WARNING',
    references: [...names.map((value) => ({ key: 'member', value })), ...references],
    description: `${names.join(', ')}: ${reason}`,
  };
}
