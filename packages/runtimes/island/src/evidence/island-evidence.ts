import type { Fault } from '@medkit/core';
import type { EvidenceSources, FaultRecords, TopicSampler } from '@medkit/faults';
import type { LaidFault, Layout } from '../declared/layout.ts';
import type { PortMemory } from '../ports/port-memory.ts';
import { decodedFrame, faultRecord } from './freeze-frame.ts';
import type { PortTaps } from './port-taps.ts';

export interface IslandEvidenceOptions {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  readonly taps: PortTaps;
  readonly layout: () => Layout | undefined;
  readonly memory: () => PortMemory | undefined;
}

/** Evidence sources of an island: its ports for recordings, and its freeze frames, whose format it knows. */
export function islandEvidence({ runtime, taps, layout, memory }: IslandEvidenceOptions): EvidenceSources {
  return {
    sampler: FRAMES_ALONE,
    taps,
    logs: { between: () => [] },
    records: islandRecords({ runtime, layout, memory }),
  };
}

/** Frames are attached to reports; ports are not sampled otherwise. */
const FRAMES_ALONE: TopicSampler = {
  watch: () => undefined,
  held: () => undefined,
  sample: async () => undefined,
  publishedBy: () => undefined,
  topicsMeant: () => undefined,
  decode: async (type, octets) => decodedFrame(type, octets),
};

function islandRecords({ runtime, layout, memory }: Omit<IslandEvidenceOptions, 'taps'>): FaultRecords {
  const laidOf = ({ code, reporters = [] }: Fault): LaidFault | undefined =>
    reporters.some((reporter) => reporter.runtime === runtime)
      ? layout()?.faults.find(({ fault }) => fault.code === code)
      : undefined;
  return {
    has: (fault) => laidOf(fault) !== undefined,
    of: (fault, frames) => {
      const known = layout();
      const laid = laidOf(fault);
      return known && laid ? faultRecord(known, laid, frames, memory()) : { name: fault.description };
    },
  };
}
