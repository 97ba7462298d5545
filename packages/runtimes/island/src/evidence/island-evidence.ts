import type { Fault } from '@medkit/core';
import type { EvidenceSources, FaultRecords, TopicSampler } from '@medkit/faults';
import type { IndexedFault, Layout } from '../declared/layout.ts';
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
  resolveTopics: () => undefined,
  decode: async (type, octets) => decodedFrame(type, octets),
};

function islandRecords({ runtime, layout, memory }: Omit<IslandEvidenceOptions, 'taps'>): FaultRecords {
  const indexedFault = ({ code, reporters = [] }: Fault): IndexedFault | undefined =>
    reporters.some((reporter) => reporter.runtime === runtime)
      ? layout()?.faults.find(({ fault }) => fault.code === code)
      : undefined;
  return {
    has: (fault) => indexedFault(fault) !== undefined,
    of: (fault, frames) => {
      const known = layout();
      const indexed = indexedFault(fault);
      return known && indexed ? faultRecord(known, indexed, frames, memory()) : { name: fault.description };
    },
  };
}
