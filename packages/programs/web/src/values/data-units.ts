/** Units that the definitions of these messages name in their comments, by type and member. */
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

/** Units by how names end, or what they are, as people who write nodes call their topics; of REP 103 where they name a quantity. */
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

/** What the live stream tells of a message of a type when nothing else is asked for: the member that it is about. */
const SHOWN_MEMBERS: Readonly<Record<string, string>> = {
  'sensor_msgs/msg/BatteryState': 'percentage',
  'sensor_msgs/msg/Temperature': 'temperature',
  'sensor_msgs/msg/FluidPressure': 'fluid_pressure',
  'sensor_msgs/msg/Range': 'range',
  'geometry_msgs/msg/Twist': 'linear',
  'nav_msgs/msg/Odometry': 'pose',
};

/** The member of a message that stands for all of it in a list; `undefined` where the value is the whole. */
export function shownMember(type: string | undefined): string | undefined {
  return type !== undefined && Object.hasOwn(SHOWN_MEMBERS, type) ? SHOWN_MEMBERS[type] : undefined;
}

/** Numbers that stand for themselves: the name of their topic says what they measure. */
const BARE_NUMBER = /^std_msgs\/msg\/(?:Float|U?Int)\d+$|^(?:real|integer|number)$/;

/** The unit of a topic, parameter or member by its name; `undefined` where nothing says it. */
export function unitByName(name: string): string | undefined {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1).toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(last))?.[1];
}

/** The unit that the runtime of a data item says it has, an island or a PLC; of ROS types none does. */
export function toldUnit(item: { readonly 'x-medkit'?: unknown }): string | undefined {
  const { island, opcua } = Object(item['x-medkit']);
  const told = Object(island).unit ?? Object(opcua).unit;
  return typeof told === 'string' ? told.slice(0, 24) : undefined;
}

/** The unit of a data item as a whole: what its runtime says, else by name where its value is a bare number. */
export function unitOfItem(item: { readonly id: string; readonly 'x-medkit'?: unknown }): string | undefined {
  const { ros2 } = Object(item['x-medkit']);
  const told = toldUnit(item);
  if (told !== undefined) return told;
  const type = String(Object(ros2).type);
  const member = shownMember(type);
  if (member !== undefined) return BY_TYPE[type]?.[member];
  return BARE_NUMBER.test(type) ? unitByName(item.id) : undefined;
}

/** The unit of a member of a message, by JSON Pointer: the nearest member on the way that has one. */
export function unitOfMember(type: string | undefined, item: string, pointer: string): string | undefined {
  const names = pointer.split('/').slice(1);
  const known = type !== undefined && Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]! : {};
  if (names.length === 1 && names[0] === 'data' && BARE_NUMBER.test(type ?? '')) return unitByName(item);
  const named = names.findLast((name) => Object.hasOwn(known, name));
  return named === undefined ? unitByName(names.at(-1) ?? '') : known[named];
}
