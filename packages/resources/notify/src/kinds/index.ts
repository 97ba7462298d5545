/** The kinds of receivers, for reading their configuration without loading the rest of the package. */
export type { EndpointOption, ReceiverKind } from './receiver-kind.ts';
export { type Endpoint, RECEIVER_KINDS, type ReceiverType } from './receiver-kinds.ts';
