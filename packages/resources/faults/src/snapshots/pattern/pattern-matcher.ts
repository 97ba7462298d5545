import { parsePattern } from './parse-pattern.ts';
import type { PatternNode } from './pattern-node.ts';

/** Maximum steps of a compiled pattern; a counted repeat contains its part that many times. */
const MAX_STEPS = 2000;

/** A step: accepts a character and continues with the next step, or continues with several steps. */
type Step = { readonly accepts: (character: string) => boolean } | { readonly next: number[] };

/**
 * Compiles a regular expression to a function that returns whether the whole text matches. It follows all alternatives
 * in parallel, so its time is bounded by the product of both lengths, and no configured pattern can block a report.
 * Throws an `Error` with the problem of the pattern.
 */
export function patternMatcher(pattern: string): (text: string) => boolean {
  const steps: Step[] = [];
  emit(parsePattern(pattern), steps);
  return (text) => {
    let places = reach(steps, [0]);
    for (const character of text) {
      const onward: number[] = [];
      for (const place of places) {
        const step = steps[place];
        if (step !== undefined && 'accepts' in step && step.accepts(character)) onward.push(place + 1);
      }
      if (onward.length === 0) return false;
      places = reach(steps, onward);
    }
    // The index after the last step is the end.
    return places.has(steps.length);
  };
}

/** Returns the steps that are reached from `from` without a character. */
function reach(steps: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set(from);
  for (const place of reached) {
    const step = steps[place];
    if (step !== undefined && 'next' in step) for (const next of step.next) reached.add(next);
  }
  return reached;
}

function push(steps: Step[], step: Step): void {
  if (steps.length >= MAX_STEPS) throw new Error('its repeats are too large');
  steps.push(step);
}

function emit(node: PatternNode, steps: Step[]): void {
  switch (node.kind) {
    case 'character':
      push(steps, { accepts: node.accepts });
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, steps);
      return;
    case 'choice':
      emitChoice(node.options, steps);
      return;
    case 'repeat':
      for (let count = 0; count < node.min; count += 1) {
        const before = steps.length;
        emit(node.part, steps);
        // An empty part is not repeated: it adds no steps, and so the step limit would not bound nested repeats.
        if (steps.length === before) break;
      }
      if (node.max === Number.POSITIVE_INFINITY) emitLoop(node.part, steps);
      else for (let count = node.min; count < node.max; count += 1) emitChoice([node.part, EMPTY], steps);
  }
}

const EMPTY: PatternNode = { kind: 'sequence', parts: [] };

function emitChoice(options: readonly PatternNode[], steps: Step[]): void {
  const fork: number[] = [];
  const ends: number[][] = [];
  push(steps, { next: fork });
  for (const option of options) {
    fork.push(steps.length);
    emit(option, steps);
    const end: number[] = [];
    push(steps, { next: end });
    ends.push(end);
  }
  for (const end of ends) end.push(steps.length);
}

function emitLoop(part: PatternNode, steps: Step[]): void {
  const start = steps.length;
  const fork = [start + 1];
  push(steps, { next: fork });
  emit(part, steps);
  push(steps, { next: [start] });
  fork.push(steps.length);
}
