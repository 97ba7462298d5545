import type { RunningTank } from '../tank/running-tank.ts';
import { TANK_VALUES, type TankType, type TankUnit, type TankValue } from '../tank/tank-values.ts';
import type { Folder, Library, Namespace, Variable } from './library.ts';

/** OPC UA variables of the tank. */
export interface TankVariables {
  /** Updates the variables that have changed since the last call. */
  update(): void;
  /**
   * Sets a variable until the tank changes it, and the tank itself if the value is part of its state. Throws `RangeError` for an
   * unknown variable.
   */
  set(nodeId: string, value: number | boolean | string): void;
  /** Returns the variable with a name such as `Tank.Level`. */
  variable(name: string): Variable | undefined;
}

interface PublishedValue {
  readonly value: TankValue;
  readonly variable: Variable;
  published: unknown;
  wasGood: boolean;
}

/** Adds a variable for each value of the tank, below the object in its name. */
export function addTankVariables(
  library: Library,
  namespace: Namespace,
  objects: ReadonlyMap<string, Folder>,
  tank: RunningTank,
): TankVariables {
  const { StatusCodes } = library;
  const publishedValues = TANK_VALUES.map((value): PublishedValue => {
    const variable = addVariable(library, namespace, objects, value);
    const { write } = value;
    if (write !== undefined) {
      // Writes of clients arrive as ordinary changes.
      variable.on('value_changed', ({ value: written }) => {
        if (written.value !== value.value(tank)) write(tank, Number(written.value));
      });
    }
    return { value, variable, published: undefined, wasGood: true };
  });
  const update = (): void => {
    for (const one of publishedValues) {
      const { name, type, value, isGood } = one.value;
      const good = isGood?.(tank) ?? true;
      const now = value(tank);
      const compared = Array.isArray(now) ? now.join() : now instanceof Date ? now.getTime() : now;
      if (compared === one.published && good === one.wasGood) continue;
      one.published = compared;
      one.wasGood = good;
      const status = good ? StatusCodes.Good : StatusCodes.BadSensorFailure;
      one.variable.setValueFromSource(variantOf(type, now, name), status);
    }
  };
  const variable = (name: string) => publishedValues.find(({ value }) => value.name === name);
  const set = (nodeId: string, input: number | boolean | string): void => {
    const found = variable(nodeId.replace(/^.*;s=/, ''));
    if (found === undefined) throw new RangeError(`no such variable: ${nodeId}`);
    const { put, write, type, name } = found.value;
    if (put !== undefined) put(tank, Number(input));
    else if (write !== undefined) write(tank, Number(input));
    else found.variable.setValueFromSource(variantOf(type, valueFor(type, input), name), StatusCodes.Good);
    update();
  };
  update();
  return { update, set, variable: (name) => variable(name)?.variable };
}

function addVariable(
  library: Library,
  namespace: Namespace,
  objects: ReadonlyMap<string, Folder>,
  { name, type, isArray, unit, range, write }: TankValue,
): Variable {
  const [owner = '', browseName = ''] = name.split('.');
  const componentOf = objects.get(owner);
  if (componentOf === undefined) throw new Error(`the variable ${name} has no object ${owner}`);
  const options = {
    componentOf,
    browseName,
    nodeId: `s=${name}`,
    dataType: type,
    ...(isArray && { valueRank: 1 }),
    accessLevel: write === undefined ? 'CurrentRead' : 'CurrentRead | CurrentWrite',
    userAccessLevel: write === undefined ? 'CurrentRead' : 'CurrentRead | CurrentWrite',
  };
  if (unit === undefined || range === undefined) return namespace.addVariable(options);
  const [low, high] = range;
  return namespace.addAnalogDataItem({
    ...options,
    engineeringUnits: unitOf(library, unit),
    engineeringUnitsRange: { low, high },
    ...(write !== undefined && { instrumentRange: { low, high } }),
  }) as unknown as Variable;
}

/** Unit with its UN/CEFACT code: the letters as an integer (OPC 10000-8, 5.6.4.3). */
const LITRE_PER_MINUTE = {
  namespaceUri: 'http://www.opcfoundation.org/UA/units/un/cefact',
  unitId: 0x4c32,
  displayName: { text: 'l/min' },
  description: { text: 'litre per minute' },
};

function unitOf({ standardUnits }: Library, unit: TankUnit): object {
  return unit === 'litre_per_minute' ? LITRE_PER_MINUTE : (standardUnits[unit] as object);
}

/** Converts a given value to this type. 64-bit integers beyond the precision of a number are given as text. */
function valueFor(type: TankType, input: number | boolean | string): number | bigint | boolean | string {
  return type === 'Int64' || type === 'UInt64' ? BigInt(input) : input;
}

/** Converts a value to the variant of the library. */
function variantOf(type: TankType, value: ReturnType<TankValue['value']>, name: string) {
  if (typeof value === 'bigint') return { dataType: type, arrayType: 'Scalar', value: halvesOf(value) };
  if (!Array.isArray(value)) return { dataType: type, value };
  if (type !== 'Double') throw new Error(`the array ${name} is of ${type}, expected Double`);
  return { dataType: type, arrayType: 'Array', value: new Float64Array(value) };
}

/** Returns the upper and lower 32 bits of a 64-bit integer. */
function halvesOf(value: bigint): readonly [number, number] {
  const bits = BigInt.asUintN(64, value);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}
