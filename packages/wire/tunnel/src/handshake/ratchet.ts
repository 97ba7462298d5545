import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@medkit/edges';

/** Random bytes of a step. */
const STEP_BYTES = 16;
const STEP = /^(\d{1,15})\.([\w-]{22})\.([\w-]{43})$/;

/** What a hub stores of a robot's ratchet. */
export interface RatchetState {
  /** The step that the robot confirmed last. */
  readonly current?: string;
  /** The step that the hub sent after it, not confirmed yet. */
  readonly next?: string;
}

/** Secret of the hub, and what the steps are bound to: the hub's number of the robot, which no other robot gets. */
export interface RatchetKey {
  readonly secret: Uint8Array;
  readonly robot: string;
}

export type RatchetVerdict =
  /** Store `state`, then send `state.next`. `hubWentBack`: the robot is ahead, so the hub's record is an older copy. */
  | {
      readonly verdict: 'accepted';
      readonly state: RatchetState & { readonly next: string };
      readonly hubWentBack: boolean;
    }
  /** Two disks use the key, or the disk is an older copy. */
  | { readonly verdict: 'cloned'; readonly reason: string };

/**
 * Judges the step that a robot presents at a connect. Accepted: the current step; the next one, if its confirmation was
 * lost; and a genuine step with a greater number. A robot without a step is accepted until the first confirmation.
 */
export function judgeRatchet(
  state: RatchetState,
  presented: string | undefined,
  key: RatchetKey,
  random: Pick<Random, 'bytes'>,
): RatchetVerdict {
  const known = Math.max(numberOf(state.current), numberOf(state.next));
  const accepted = (hubWentBack: boolean): RatchetVerdict => {
    const number = Math.max(known, numberOf(presented)) + 1;
    const next = newStep(number, key, random);
    return {
      verdict: 'accepted',
      state: { ...(presented !== undefined && { current: presented }), next },
      hubWentBack,
    };
  };
  if (presented === undefined) {
    return state.current === undefined
      ? accepted(false)
      : { verdict: 'cloned', reason: 'the robot has no ratchet, but this key has connected before' };
  }
  if (presented === state.current || presented === state.next) return accepted(false);
  if (!isGenuine(presented, key)) return { verdict: 'cloned', reason: 'the ratchet of the robot is not from this hub' };
  if (numberOf(presented) > known) return accepted(true);
  return { verdict: 'cloned', reason: 'the ratchet of the robot is older than the last one that this key used' };
}

/** Returns whether a text has the form of a step. */
export const isRatchetStep = (text: string): boolean => STEP.test(text);

/** Returns the state after the robot has confirmed that it stored the next step. */
export function confirmRatchet({ current, next }: RatchetState): RatchetState {
  const confirmed = next ?? current;
  return confirmed === undefined ? {} : { current: confirmed };
}

const numberOf = (step: string | undefined): number => Number(STEP.exec(step ?? '')?.[1] ?? 0);

function newStep(number: number, key: RatchetKey, random: Pick<Random, 'bytes'>): string {
  const body = `${number}.${Buffer.from(random.bytes(STEP_BYTES)).toString('base64url')}`;
  return `${body}.${macOf(body, key).toString('base64url')}`;
}

function isGenuine(step: string, key: RatchetKey): boolean {
  const [, number, bytes, mac] = STEP.exec(step) ?? [];
  if (mac === undefined) return false;
  const found = Buffer.from(mac, 'base64url');
  const expected = macOf(`${number}.${bytes}`, key);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

const macOf = (body: string, { secret, robot }: RatchetKey): Buffer =>
  createHmac('sha256', secret).update(`${robot}\n${body}`).digest();
