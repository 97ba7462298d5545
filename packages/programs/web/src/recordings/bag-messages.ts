import type { RosMessage } from '@medkit/ros2/decode';
import type { CutPart } from './message-budget.ts';

/** A topic of a recording. `problem` says in words why its messages cannot be read. */
export interface BagTopic {
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly problem?: string;
}

/** What a recording holds. Times are milliseconds since 1970, as they were recorded. */
export interface BagSummary {
  readonly topics: readonly BagTopic[];
  readonly startMs: number;
  readonly endMs: number;
  readonly messages: number;
  /** Octets of the file. */
  readonly size: number;
}

/** Numbers of one topic over time; `isThinned` where not all of them are here. */
export interface BagSamples {
  readonly samples: readonly (readonly [atMs: number, value: number])[];
  readonly isThinned: boolean;
}

/** A decoded message with when it was recorded. */
export interface BagMessage {
  readonly ms: number;
  readonly message: RosMessage;
  /** What of it was left out, as it is too much for a page. */
  readonly cut: readonly CutPart[];
}

/** What the worker that reads a recording can be asked. */
export interface BagQuestions {
  open(href: string, token: string): BagSummary;
  samples(topic: string, path: string, fromMs: number, toMs: number, maxCount: number): BagSamples;
  message(topic: string, ms: number): BagMessage | undefined;
  momentBeside(topic: string, ms: number, steps: 1 | -1): number | undefined;
}

export type BagQuestion = {
  [Name in keyof BagQuestions]: { readonly ask: Name; readonly of: Parameters<BagQuestions[Name]> };
}[keyof BagQuestions];

export type ToBag = BagQuestion & { readonly id: number };
export type FromBag =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly problem: string };
