/** Software updates of a robot: their states, their storage interface, and the gate on faults. */
export { faultGate } from './service/fault-gate.ts';
export { openUpdates, type Updates } from './service/open-updates.ts';
export { updateSampler } from './service/update-sampler.ts';
export { type UpdateService, updateHref } from './service/update-service.ts';
export type { UpdateAction, UpdateState } from './service/update-state.ts';
export type { UpdateStorage } from './service/update-storage.ts';
export type { ArtifactPart, ArtifactReceiver } from './transfer/artifact-transfers.ts';
