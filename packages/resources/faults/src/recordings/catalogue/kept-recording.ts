import type { FaultRecording } from '@medkit/core';

/** A recording that is in the books: its path is a folder, in a database of ros2_medkit also a single file. */
export type KeptRecording = Omit<FaultRecording, 'kind'> & { readonly path: string };
