import type { RosMessage } from '@medkit/ros2/decode';
import type { Sample } from '../charts/chart-series.ts';
import type { CutPart } from './message-budget.ts';

/** A topic of a recording. `problem` is the reason why its messages cannot be read. */
export interface BagTopic {
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly problem?: string;
}

/** Summary of a recording. Times are recording times in milliseconds since 1970. */
export interface BagSummary {
  readonly topics: readonly BagTopic[];
  readonly startMs: number;
  readonly endMs: number;
  readonly messages: number;
  /** File size in bytes. */
  readonly size: number;
}

/** Numbers of one topic over time; `isThinned` is true if samples were left out. */
export interface BagSamples {
  readonly samples: readonly Sample[];
  readonly isThinned: boolean;
}

/** A decoded message and its recording time. */
export interface BagMessage {
  readonly ms: number;
  readonly message: RosMessage;
  /** Parts that were left out because they are too large for a page. */
  readonly cut: readonly CutPart[];
}

/** Requests to the worker that reads a recording. */
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
