import type { Fault, FaultEventType } from '@medkit/core';
import type { DebounceStep } from './step-fault.ts';

/** Types of what subscribers hear of a fault. */
export const ANNOUNCEMENTS: readonly FaultEventType[] = ['fault_confirmed', 'fault_updated', 'fault_cleared'];

/** What subscribers hear of a step, if anything. A fault that stays confirmed is announced with every report. */
export function announcementOf(
  before: Fault | undefined,
  { fault, reached }: DebounceStep,
): FaultEventType | undefined {
  if (reached !== undefined) return reached === 'CONFIRMED' ? 'fault_confirmed' : 'fault_cleared';
  return fault?.status === 'CONFIRMED' && fault !== before ? 'fault_updated' : undefined;
}
