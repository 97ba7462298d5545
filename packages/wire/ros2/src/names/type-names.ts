import { InvalidName } from '../errors.ts';

/** The parts of a ROS type name: `nav2_msgs`, `action`, `NavigateToPose_FeedbackMessage`. */
export interface TypeName {
  readonly packageName: string;
  readonly kind: 'msg' | 'srv' | 'action';
  readonly name: string;
}

const TYPE_NAME = /^([A-Za-z]\w*)\/(msg|srv|action)\/([A-Za-z]\w*)$/;
const DDS_TYPE_NAME = /^(\w+(?:::\w+)*)::dds_::(\w+)_$/;
const SERVICE_HALF = /_(?:Request|Response)$/;

/** Returns the parts of `pkg/msg/Name`, or `undefined` if the text is not a type name. */
export function parseTypeName(text: string): TypeName | undefined {
  const match = TYPE_NAME.exec(text);
  if (!match) return undefined;
  const [, packageName, kind, name] = match;
  return { packageName, kind: kind as TypeName['kind'], name };
}

/** Like `parseTypeName`, but throws `InvalidName`. */
export function requireTypeName(text: string): TypeName {
  const parsed = parseTypeName(text);
  if (!parsed) throw new InvalidName(`"${text}" is not a type name: expected package/msg/Name, …/srv/… or …/action/…`);
  return parsed;
}

/** `sensor_msgs/msg/LaserScan` → `sensor_msgs::msg::dds_::LaserScan_`. Throws `InvalidName`. */
export function ddsTypeName(type: string): string {
  const { packageName, kind, name } = requireTypeName(type);
  return `${packageName}::${kind}::dds_::${name}_`;
}

/** `sensor_msgs::msg::dds_::LaserScan_` → `sensor_msgs/msg/LaserScan`. A name of another form is returned unchanged. */
export function rosTypeName(ddsType: string): string {
  const match = DDS_TYPE_NAME.exec(ddsType);
  return match ? `${match[1].replaceAll('::', '/')}/${match[2]}` : ddsType;
}

/** The message types of a service's two topics. */
export const requestTypeOf = (service: string): string => `${service}_Request`;
export const responseTypeOf = (service: string): string => `${service}_Response`;

/** `std_srvs/srv/Trigger_Request` → `std_srvs/srv/Trigger`. */
export function serviceTypeOf(halfType: string): string {
  return halfType.replace(SERVICE_HALF, '');
}

/**
 * Returns the interface file that defines a type: `pkg/action/Spin_SendGoal_Request` comes from `pkg/action/Spin`.
 * Interface names have no underscore, so the part from the first underscore on is derived.
 */
export function interfaceOf({ packageName, kind, name }: TypeName): TypeName {
  if (kind === 'msg') return { packageName, kind, name };
  const end = name.indexOf('_');
  return { packageName, kind, name: end < 0 ? name : name.slice(0, end) };
}

export function formatTypeName({ packageName, kind, name }: TypeName): string {
  return `${packageName}/${kind}/${name}`;
}
