/** Units from the comments of these message definitions, by type and member. */
const BY_TYPE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sensor_msgs/msg/BatteryState': {
    voltage: 'V',
    temperature: '°C',
    current: 'A',
    charge: 'Ah',
    capacity: 'Ah',
    design_capacity: 'Ah',
    cell_voltage: 'V',
    cell_temperature: '°C',
  },
  'sensor_msgs/msg/Temperature': { temperature: '°C' },
  'sensor_msgs/msg/FluidPressure': { fluid_pressure: 'Pa' },
  'sensor_msgs/msg/Illuminance': { illuminance: 'lx' },
  'sensor_msgs/msg/MagneticField': { magnetic_field: 'T' },
  'sensor_msgs/msg/Range': { range: 'm', min_range: 'm', max_range: 'm', field_of_view: 'rad' },
  'sensor_msgs/msg/LaserScan': {
    angle_min: 'rad',
    angle_max: 'rad',
    angle_increment: 'rad',
    time_increment: 's',
    scan_time: 's',
    range_min: 'm',
    range_max: 'm',
    ranges: 'm',
  },
  'geometry_msgs/msg/Twist': { linear: 'm/s', angular: 'rad/s' },
  'geometry_msgs/msg/TwistStamped': { linear: 'm/s', angular: 'rad/s' },
  'nav_msgs/msg/Odometry': { linear: 'm/s', angular: 'rad/s', position: 'm' },
};

/** Units by name suffix or quantity, following common names of topics; quantities have the units of REP 103. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(?:^|_)(?:mps|m_s|v[xy]|speed|velocity)$/, 'm/s'],
  [/_rad_?p?s$/, 'rad/s'],
  [/(?:_v|voltage)$/, 'V'],
  [/(?:_a|(?:^|_)current)$/, 'A'],
  [/_ah$/, 'Ah'],
  [/_w$/, 'W'],
  [/_wh$/, 'Wh'],
  [/_mm$/, 'mm'],
  [/(?:_m|(?:^|_)distance(?:_remaining)?)$/, 'm'],
  [/_rad$/, 'rad'],
  [/_deg$/, '°'],
  [/(?:_c|_celsius|temperature)$/, '°C'],
  [/_pa$/, 'Pa'],
  [/_hz$/, 'Hz'],
  [/_ms$/, 'ms'],
  [/(?:_s|_sec)$/, 's'],
  [/_(?:percent|pct)$/, '%'],
];

/** The main member of a message type, which the live stream sends if no member is requested. */
const MAIN_MEMBERS: Readonly<Record<string, string>> = {
  'sensor_msgs/msg/BatteryState': 'percentage',
  'sensor_msgs/msg/Temperature': 'temperature',
  'sensor_msgs/msg/FluidPressure': 'fluid_pressure',
  'sensor_msgs/msg/Range': 'range',
  'geometry_msgs/msg/Twist': 'linear',
  'nav_msgs/msg/Odometry': 'pose',
};

/** Returns the member that represents a message in a list, or `undefined` if the whole value is shown. */
export function mainMember(type: string | undefined): string | undefined {
  return type !== undefined && Object.hasOwn(MAIN_MEMBERS, type) ? MAIN_MEMBERS[type] : undefined;
}

/** Types of single numbers, whose topic name states what they measure. */
const SINGLE_NUMBER = /^std_msgs\/msg\/(?:Float|U?Int)\d+$|^(?:real|integer|number)$/;

/** Returns the unit of a topic, parameter or member by its name, or `undefined` if the name does not indicate one. */
export function unitByName(name: string): string | undefined {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1).toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(last))?.[1];
}

/** Returns the unit that the runtime of a data item reports (island or PLC). ROS types report none. */
export function reportedUnit(item: { readonly 'x-medkit'?: unknown }): string | undefined {
  const { island, opcua } = Object(item['x-medkit']);
  const unit = Object(island).unit ?? Object(opcua).unit;
  return typeof unit === 'string' ? unit.slice(0, 24) : undefined;
}

/**
 * Returns the unit of a whole data item: as reported by the runtime, of the main member, or by name if the value is a
 * single number.
 */
export function unitOfItem(item: { readonly id: string; readonly 'x-medkit'?: unknown }): string | undefined {
  const { ros2 } = Object(item['x-medkit']);
  const reported = reportedUnit(item);
  if (reported !== undefined) return reported;
  const type = String(Object(ros2).type);
  const member = mainMember(type);
  if (member !== undefined) return BY_TYPE[type]?.[member];
  return SINGLE_NUMBER.test(type) ? unitByName(item.id) : undefined;
}

/** Returns the unit of a message member by JSON Pointer: that of the nearest enclosing member with a known unit. */
export function unitOfMember(type: string | undefined, item: string, pointer: string): string | undefined {
  const names = pointer.split('/').slice(1);
  const known = type !== undefined && Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]! : {};
  if (names.length === 1 && names[0] === 'data' && SINGLE_NUMBER.test(type ?? '')) return unitByName(item);
  const named = names.findLast((name) => Object.hasOwn(known, name));
  return named === undefined ? unitByName(names.at(-1) ?? '') : known[named];
}
