import type { Fault } from '../fault/fault.ts';
import type { DebounceStep } from './step-fault.ts';

/** What subscribers hear of a fault. A healed fault is announced as cleared, with the status HEALED. */
export const ANNOUNCEMENTS = ['fault_confirmed', 'fault_updated', 'fault_cleared'] as const;

export type Announcement = (typeof ANNOUNCEMENTS)[number];

/** What subscribers hear of a step, if anything. A fault that stays confirmed is announced with every report. */
export function announcementOf(before: Fault | undefined, { fault, reached }: DebounceStep): Announcement | undefined {
  if (reached !== undefined) return reached === 'CONFIRMED' ? 'fault_confirmed' : 'fault_cleared';
  return fault?.status === 'CONFIRMED' && fault !== before ? 'fault_updated' : undefined;
}
