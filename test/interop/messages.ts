import { seededRandom } from '@medkit/edges';
import type { RosMessage } from '@medkit/ros2';

/**
 * Messages that medkit publishes to the peers: every kind of field at its limits, then with random numbers and lengths.
 */

const LONGEST_RANDOM_SEQUENCE = 9;

const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: 'map' };

/** AllTypes with only zeros. */
export const emptyAllTypes: RosMessage = {
  flag: false,
  octet_value: 0,
  character: 0,
  i8: 0,
  u8: 0,
  i64: 0n,
  i16: 0,
  u16: 0,
  u64: 0n,
  i32: 0,
  f32: 0,
  u32: 0,
  f64: 0,
  text: '',
  after_text: false,
  short_text: '',
  wide_text: '',
  three_flags: [false, false, false],
  three_numbers: new Int32Array(3),
  two_doubles: new Float64Array(2),
  two_words: ['', ''],
  two_short_words: ['', ''],
  two_parts: [part(0, '', 0, []), part(0, '', 0, [])],
  octets: new Uint8Array(),
  flags: [],
  bytes_signed: new Int8Array(),
  shorts: new Int16Array(),
  longs: new BigInt64Array(),
  unsigned_longs: new BigUint64Array(),
  floats: new Float32Array(),
  doubles: new Float64Array(),
  words: [],
  parts: [],
  at_most_four: new Uint16Array(),
  at_most_three_words: [],
  at_most_two_short_words: [],
  at_most_two_parts: [],
  stamp: { sec: 0, nanosec: 0 },
  last: false,
};

/**
 * AllTypes with the lowest and highest numbers, special floating-point values, unusual characters and full sequences.
 */
export const extremeAllTypes: readonly RosMessage[] = [
  {
    ...emptyAllTypes,
    flag: false,
    octet_value: 0,
    character: 0,
    i8: -128,
    u8: 0,
    i64: -(2n ** 63n),
    i16: -32768,
    u16: 0,
    u64: 0n,
    i32: -(2 ** 31),
    f32: -Infinity,
    u32: 0,
    f64: Number.NaN,
    text: 'naïve αβγ',
    after_text: true,
    short_text: '€€',
    wide_text: '机🤖"\n',
    three_flags: [true, false, true],
    three_numbers: Int32Array.of(-(2 ** 31), 0, -1),
    two_doubles: Float64Array.of(-0, 5e-324),
    two_words: ['机器人 🤖', '"\\\t'],
    two_short_words: ['12345678', ''],
    two_parts: [part(255, 'x', -0, [-32768, 32767]), part(1, 'longer than the other', 1e300, [])],
    floats: Float32Array.of(Number.NaN, Infinity, -Infinity, -0, 1e-45, 16777217),
    doubles: Float64Array.of(Number.NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, 2 ** 53 + 2),
    last: true,
  },
  {
    ...emptyAllTypes,
    flag: true,
    octet_value: 255,
    character: 255,
    i8: 127,
    u8: 255,
    i64: 2n ** 63n - 1n,
    i16: 32767,
    u16: 65535,
    u64: 2n ** 64n - 1n,
    i32: 2 ** 31 - 1,
    f32: 3.4028234663852886e38,
    u32: 2 ** 32 - 1,
    f64: Number.MAX_VALUE,
    text: 'x'.repeat(1000),
    octets: Uint8Array.of(0, 1, 255),
    flags: [true, false, true, true, false],
    bytes_signed: Int8Array.of(-128, 127),
    shorts: Int16Array.of(-32768, 32767, 1),
    longs: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 9007199254740993n),
    unsigned_longs: BigUint64Array.of(0n, 2n ** 64n - 1n),
    words: ['', 'a', 'abc', 'abcd'],
    parts: [part(1, '', 0.1, [1]), part(2, 'ab', -0.1, [1, 2]), part(3, 'abc', 1e-7, [])],
    at_most_four: Uint16Array.of(0, 1, 2, 65535),
    at_most_three_words: ['one', '', 'three'],
    at_most_two_short_words: ['8 octets', 'x'],
    at_most_two_parts: [part(9, 'p', 9, [9]), part(8, 'q', 8, [])],
    stamp: { sec: -1, nanosec: 999_999_999 },
    last: true,
  },
];

/** AllTypes with random numbers, and sequences of random lengths, so that every alignment occurs. */
export function randomAllTypes(seed: number): RosMessage {
  const random = seededRandom(seed);
  const count = (max = LONGEST_RANDOM_SEQUENCE) => Math.floor(random.float() * (max + 1));
  const octets = (width: number, max?: number) => random.bytes(width * count(max)).buffer as ArrayBuffer;
  const word = (max = 12) => 'abcdefghijkl'.slice(0, count(max));
  const list = <T>(of: () => T, max?: number) => Array.from({ length: count(max) }, of);
  const flag = () => random.float() < 0.5;
  const randomPart = () => part(count(255), word(), random.float(), [...new Int16Array(octets(2))]);
  return {
    ...emptyAllTypes,
    flag: flag(),
    i64: new BigInt64Array(random.bytes(8).buffer as ArrayBuffer)[0]!,
    u64: new BigUint64Array(random.bytes(8).buffer as ArrayBuffer)[0]!,
    f64: random.float() * 1e9,
    text: word(),
    short_text: word(8),
    wide_text: word(),
    two_words: [word(), word()],
    two_short_words: [word(8), word(8)],
    two_parts: [randomPart(), randomPart()],
    octets: new Uint8Array(octets(1)),
    flags: list(flag),
    bytes_signed: new Int8Array(octets(1)),
    shorts: new Int16Array(octets(2)),
    longs: new BigInt64Array(octets(8)),
    unsigned_longs: new BigUint64Array(octets(8)),
    floats: Float32Array.from(list(() => random.float() - 0.5)),
    doubles: Float64Array.from(list(() => random.float() - 0.5)),
    words: list(() => word()),
    parts: list(randomPart),
    at_most_four: new Uint16Array(octets(2, 4)),
    at_most_three_words: list(() => word(), 3),
    at_most_two_short_words: list(() => word(8), 2),
    at_most_two_parts: list(randomPart, 2),
    last: true,
  };
}

function part(id: number, label: string, weight: number, steps: readonly number[]): RosMessage {
  return { id, label, weight, steps: Int16Array.from(steps) };
}

/** One message of each other type that the peers know. */
export const everydayMessages: Readonly<Record<string, RosMessage>> = {
  'std_msgs/msg/String': { data: 'grüße' },
  'std_msgs/msg/Empty': {},
  'geometry_msgs/msg/Twist': { linear: { x: 0.1, y: -0, z: 1 / 3 }, angular: { x: 5e-324, y: -1e300, z: Math.PI } },
  'sensor_msgs/msg/LaserScan': {
    header,
    angle_min: Math.fround(-3.1),
    angle_max: Math.fround(3.1),
    angle_increment: Math.fround(0.0175),
    time_increment: 0,
    scan_time: Math.fround(0.1),
    range_min: 0.5,
    range_max: 30,
    ranges: Float32Array.from({ length: 360 }, (_, index) => index / 10),
    intensities: Float32Array.of(Number.NaN, Infinity),
  },
  'sensor_msgs/msg/Image': image(4000),
  'rcl_interfaces/msg/Log': {
    stamp: { sec: 1, nanosec: 2 },
    level: 30,
    name: 'medkit',
    msg: 'a warning',
    file: 'messages.ts',
    function: 'everyday',
    line: 42,
  },
};

/**
 * A sensor_msgs/msg/Image with this many bytes of pixels (rounded up to whole lines) in a pattern without a short
 * period.
 */
export function image(sizeBytes: number): RosMessage {
  const step = 64;
  const height = Math.ceil(sizeBytes / step);
  const data = Uint8Array.from({ length: height * step }, (_, index) => index * 31 + Math.floor(index / 251));
  return { header, height, width: step, encoding: 'mono8', is_bigendian: 0, step, data };
}
