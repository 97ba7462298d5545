/** A field as described by the npm package. */
interface CommonField {
  readonly name: string;
  readonly type: string;
  readonly isArray?: boolean;
  readonly arrayLength?: number;
  readonly arrayUpperBound?: number;
  readonly upperBound?: number;
  readonly isConstant?: boolean;
  readonly valueText?: string;
  readonly defaultValue?: unknown;
}

/** Names of builtin_interfaces types in the npm package, as in ROS 1. */
const RENAMED: Readonly<Record<string, string>> = {
  time: 'builtin_interfaces/Time',
  duration: 'builtin_interfaces/Duration',
};

/** Returns the message definitions of the npm package (Jazzy) as texts of interface files, by type name. */
export async function loadCommonMessages(): Promise<ReadonlyMap<string, string>> {
  // Imported on first use: a third of a megabyte that a program which only lists nodes does not need.
  const { ros2jazzy } = await import('@foxglove/rosmsg-msgs-common');
  return new Map(
    Object.entries(ros2jazzy).map(([name, { definitions }]) => [
      name.replace('/', '/msg/'),
      definitions.map((field) => lineOf(field as CommonField)).join('\n'),
    ]),
  );
}

function lineOf(field: CommonField): string {
  const bound = field.upperBound === undefined ? '' : `<=${field.upperBound}`;
  const type = `${RENAMED[field.type] ?? field.type}${bound}${arrayOf(field)}`;
  if (field.isConstant) return `${type} ${field.name}=${field.valueText}`;
  return field.defaultValue === undefined ? `${type} ${field.name}` : `${type} ${field.name} ${field.defaultValue}`;
}

function arrayOf({ isArray, arrayLength, arrayUpperBound }: CommonField): string {
  if (!isArray) return '';
  if (arrayUpperBound !== undefined) return `[<=${arrayUpperBound}]`;
  return arrayLength === undefined ? '[]' : `[${arrayLength}]`;
}
