import { LOCAL } from '@medkit/core';
import type { Random } from '@medkit/edges';
import type { Occurrence } from '../occurrence/occurrence.ts';
import { NIGHT_MS } from './occurrence.ts';

/** The reports of one night, by gateway, each in its order. */
export type History = ReadonlyMap<string, readonly Occurrence[]>;

/**
 * Generates random faults of one night: some explain each other, flap, share recordings, or are reported without a
 * number.
 */
export function randomHistory({ float }: Random): History {
  const below = (count: number): number => Math.floor(float() * count);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  const isSo = (share: number): boolean => float() < share;

  const origins = [LOCAL, 'arm', 'mast', 'site/lift'].slice(0, 1 + below(4));
  const entities = ['planner', 'motor', 'lidar', 'base', 'arm', 'gripper'] as const;
  const faults = origins.flatMap((origin) =>
    Array.from({ length: 1 + below(5) }, (_, at) => ({
      origin,
      code: `FAULT_${one(['HOT', 'STALL', 'LOST'])}_${at}`,
      ...(isSo(0.9) && { entity: { type: 'app' as const, id: one(entities) } }),
      related: isSo(0.5) ? [one([`app:${one(entities)}`, 'component:base', 'function:driving'])] : [],
      isMuted: isSo(0.2),
    })),
  );
  const causes = new Map(faults.map((fault) => [fault, isSo(0.3) ? one(faults) : undefined]));

  const pieces = new Map<string, Piece[]>(origins.map((origin) => [origin, []]));
  const sequences = new Map<string, number>();
  for (const fault of faults) {
    let atMs = NIGHT_MS + below(120_000);
    const count = isSo(0.2) ? 1 + below(8) : 1 + below(2);
    for (let number = 1; number <= count; number += 1) {
      const sequence = (sequences.get(fault.origin) ?? 0) + 1;
      if (!fault.isMuted) sequences.set(fault.origin, sequence);
      const lengthMs = 500 + below(40_000);
      pieces.get(fault.origin)!.push(...piecesOf(number, atMs, lengthMs, sequence));
      atMs += lengthMs + 1 + below(isSo(0.5) ? 10_000 : 300_000);
    }

    function piecesOf(number: number, startedMs: number, lengthMs: number, sequence: number): readonly Piece[] {
      const cause = causes.get(fault);
      // With each report, the estimated clock difference varies slightly.
      const piece = (afterMs: number, more: Partial<Occurrence> = {}): Piece => ({
        atMs: startedMs + afterMs,
        occurrence: {
          origin: fault.origin,
          code: fault.code,
          number,
          ...(!fault.isMuted && isSo(0.7) && { sequence }),
          description: `${fault.code} for ${Math.round(afterMs)} ms`,
          severity: one([1, 2, 3]),
          ...(fault.entity && { entity: fault.entity }),
          beganMs: startedMs - below(50),
          startedMs,
          reportedMs: startedMs + afterMs,
          recordings: [],
          related: isSo(0.8) ? fault.related : [],
          ...more,
        },
      });
      const explained = ({ origin, code }: Cause, ruleId: string): Piece =>
        piece(below(1000), { cause: { origin, code, ruleId } });
      return [
        piece(0),
        ...(cause && isSo(0.9) ? [explained(cause, 'r1')] : []),
        ...(isSo(0.1) ? [explained(one(faults), 'r2')] : []),
        ...(isSo(0.1) ? [piece(below(1000), { clusterId: `cluster_${below(2)}` })] : []),
        ...(isSo(0.2)
          ? [
              piece(below(2000), {
                recordings: [{ id: `rec_${below(3)}`, fault_code: fault.code, href: '/r', size_bytes: below(9) }],
              }),
            ]
          : []),
        ...(isSo(0.2) ? [piece(below(2000), { blocksMotion: isSo(0.5) })] : []),
        ...(isSo(0.8) ? [piece(lengthMs, { healedMs: startedMs + lengthMs + below(50) })] : []),
        ...(isSo(0.2) ? [piece(lengthMs + 1, { clearedMs: startedMs + lengthMs + 1, clearedBy: 'jan' })] : []),
      ];
    }
  }
  return new Map(
    [...pieces].map(([origin, all]) => [
      origin,
      all.toSorted((a, b) => a.atMs - b.atMs).map(({ occurrence }) => occurrence),
    ]),
  );
}

type Cause = Pick<Occurrence, 'origin' | 'code'>;

interface Piece {
  readonly atMs: number;
  readonly occurrence: Occurrence;
}

/** Interleaves the reports of several gateways at random; keeps the order within each gateway. */
export function interleaved(history: History, { float }: Random): readonly Occurrence[] {
  const left = [...history.values()].map((pieces) => [...pieces]).filter(({ length }) => length > 0);
  const all: Occurrence[] = [];
  while (left.length > 0) {
    const at = Math.floor(float() * left.length);
    all.push(left[at]!.shift()!);
    if (left[at]!.length === 0) left.splice(at, 1);
  }
  return all;
}

/** Shuffles reports completely, with some duplicates. */
export function shuffled(all: readonly Occurrence[], { float }: Random): readonly Occurrence[] {
  const twice = [...all, ...all.filter(() => float() < 0.3)];
  for (let at = twice.length - 1; at > 0; at -= 1) {
    const other = Math.floor(float() * (at + 1));
    [twice[at], twice[other]] = [twice[other]!, twice[at]!];
  }
  return twice;
}
