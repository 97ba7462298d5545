import { parseJson, stringifyCached, stringifyJson } from '@medkit/core';
import { median } from './process.ts';

const ROUNDS = 15;
const MIB = 1_048_576;
/** Limit for the slowest text, as a multiple of the time that `JSON.parse` takes for it. */
const MAX_WORST_RATIO = 3;

/** One MiB of a list that repeats `item`. A 64-bit integer as `first` makes the reader examine all of it. */
const listOf = (item: string, first = '0'): string =>
  `[${first}${`,${item}`.repeat(Math.floor((MIB - first.length - 2) / (item.length + 1)))}]`;
const members = (count: number, nameOf: (index: number) => string): string =>
  `{${Array.from({ length: count }, (_, index) => `"${nameOf(index)}":1`).join(',')}}`;
const doubles = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => Math.abs(Math.sin(index)) * 30));

const LONG = '9223372036854775807';
const TEXTS: Readonly<Record<string, string>> = {
  'a scan of 1,440 doubles': `{"ranges":${doubles(1440)}}`,
  doubles: doubles(56_000),
  '64-bit integers': listOf(LONG),
  'objects with a 64-bit stamp': listOf(`{"stamp":${LONG},"name":"lidar"}`),
  'small integers behind a long one': listOf('1', LONG),
  'lists behind a long one': listOf('[]', LONG),
  'objects behind a long one': listOf('{}', LONG),
  'integers of 15 digits': listOf('123456789012345'),
  'escaped strings': listOf('"\\u005f\\n"'),
  'strings that look marked': listOf('"\u007f"', LONG),
  names: members(80_000, (index) => `k${index}`),
  'escaped names': members(60_000, (index) => `\\u005f${index}`),
  'names that are nearly __proto__': members(45_000, (index) => `__proto__${index}`),
  'one long string': JSON.stringify('_'.repeat(MIB)),
  'one long number': `[${'1'.repeat(MIB)}]`,
  'deep lists': listOf('[[[[]]]]'),
};

/**
 * Time to read and write JSON with exact integers, compared with `JSON` for the same text. Fails if the slowest text
 * exceeds the limit. For a list of nothing but 64-bit integers, creating every `bigint` alone takes longer than
 * `JSON.parse`, which creates doubles.
 */
export async function json(): Promise<void> {
  let worst = { name: '', ms: 0, ratio: 0 };
  for (const [name, text] of Object.entries(TEXTS)) {
    const times = Math.max(1, Math.round(MIB / text.length));
    const [plain, exact] = [JSON.parse(text) as unknown, parseJson(text)];
    const rounds = Array.from({ length: ROUNDS }, () => ({
      plainRead: cpuMs(times, () => JSON.parse(text)),
      read: cpuMs(times, () => parseJson(text)),
      plainWrite: cpuMs(times, () => JSON.stringify(plain)),
      write: cpuMs(times, () => stringifyJson(exact)),
    }));
    const ms = (what: keyof (typeof rounds)[0]) => median(rounds.map((round) => round[what]));
    const ratio = ms('read') / ms('plainRead');
    if (ms('read') > worst.ms) worst = { name, ms: ms('read'), ratio };
    console.log(
      `${name} (${((times * text.length) / MIB).toFixed(2)} MiB): read ${ms('read').toFixed(1)} ms, ` +
        `${ratio.toFixed(2)} x JSON.parse; written ${ms('write').toFixed(1)} ms, ` +
        `${(ms('write') / ms('plainWrite')).toFixed(2)} x JSON.stringify`,
    );
  }
  samplesForTen();
  console.log(`worst: ${worst.name}, ${worst.ms.toFixed(1)} ms/MiB, ${worst.ratio.toFixed(2)} x JSON.parse`);
  if (worst.ratio > MAX_WORST_RATIO) throw new Error(`the worst text takes more than ${MAX_WORST_RATIO} x JSON.parse`);
}

/**
 * Time to write one sample for ten readers, each in a separate reply that contains it twice. Compared with writing it
 * once, and with writing it again for each reader.
 */
function samplesForTen(): void {
  const sample = () => ({ ranges: Array.from({ length: 1440 }, (_, index) => Math.abs(Math.sin(index)) * 30) });
  const bodyOf = (value: object, reader: number) => ({
    id: '/scan',
    data: value,
    value,
    'x-medkit': { entity_id: `reader_${reader}`, timestamp: 1774231973000000000, status: 'data' },
  });
  const all = (value: object, write: (body: object) => string): void => {
    for (let reader = 0; reader < 10; reader += 1) write(bodyOf(value, reader));
  };
  const rounds = Array.from({ length: ROUNDS }, () => {
    const samples = Array.from({ length: 200 }, sample);
    const each = (work: (value: object) => void) =>
      cpuMs(1, () => {
        for (const value of samples) work(value);
      });
    return {
      once: each((value) => void stringifyJson(value)),
      spliced: each((value) => all(value, (body) => stringifyCached(body, new Set([value])))),
      anew: each((value) => all(value, stringifyJson)),
    };
  });
  const ms = (what: 'once' | 'spliced' | 'anew') => median(rounds.map((round) => round[what])) / 200;
  console.log(
    `a scan of 1,440 doubles for ten readers: ${ms('spliced').toFixed(3)} ms, ` +
      `${(ms('spliced') / ms('once')).toFixed(2)} x writing it once; ` +
      `again for each ${ms('anew').toFixed(3)} ms, ${(ms('anew') / ms('once')).toFixed(2)} x`,
  );
}

/** Processor time of `times` calls. */
function cpuMs(times: number, call: () => unknown): number {
  const before = process.cpuUsage();
  for (let index = 0; index < times; index += 1) call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
