/** The supported versions of VDA 5050. */
export const PROTOCOL_VERSIONS = ['2.0.0', '2.1.0', '3.0.0'] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** Version-specific levels of topic names (2.1.0, 6.3; 3.0.0, 4.2). */
export const TOPIC_LEVELS: Readonly<
  Record<ProtocolVersion, { readonly interfaceName: string; readonly majorVersion: string }>
> = {
  '2.0.0': { interfaceName: 'uagv', majorVersion: 'v2' },
  '2.1.0': { interfaceName: 'uagv', majorVersion: 'v2' },
  '3.0.0': { interfaceName: 'vda5050', majorVersion: 'v3' },
};
