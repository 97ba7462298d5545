import { named, optional } from './compose.ts';
import * as Type from './type.ts';

export const VersionInfoVendor = named(
  'VersionInfoVendor',
  Type.Object({ name: Type.String(), version: Type.String({ description: 'Version of the gateway.' }) }),
);
export type VersionInfoVendor = Type.Static<typeof VersionInfoVendor>;

export const VersionInfoEntry = named(
  'VersionInfoEntry',
  Type.Object({
    base_uri: Type.String(),
    version: Type.String({ description: 'Version of SOVD.' }),
    vendor_info: optional(VersionInfoVendor),
    'x-medkit': optional(
      Type.Object({
        origin: Type.String({ description: 'The name of the other gateway, if the entry is not for this one.' }),
      }),
    ),
  }),
);
export type VersionInfoEntry = Type.Static<typeof VersionInfoEntry>;

export const XMedkitVersionInfo = named(
  'XMedkitVersionInfo',
  Type.Object({ failed_peers: optional(Type.Array(Type.String())), partial: optional(Type.Boolean()) }),
);
export type XMedkitVersionInfo = Type.Static<typeof XMedkitVersionInfo>;

export const VersionInfo = named(
  'VersionInfo',
  Type.Object({
    items: Type.Array(VersionInfoEntry),
    sovd_info: optional(Type.Array(VersionInfoEntry, { description: 'The same entries under the name ISO uses.' })),
    'x-medkit': optional(XMedkitVersionInfo),
  }),
);
export type VersionInfo = Type.Static<typeof VersionInfo>;
