import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const GatewaySetting = named(
  'GatewaySetting',
  Type.Object({
    key: Type.String({ description: 'Key in the configuration file, such as `server.port`.' }),
    value: optional(
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())], {
        description:
          'The effective value, without credentials of URLs. Long texts are truncated. Absent if the setting is secret and has a value.',
      }),
    ),
    secret: optional(Type.Boolean({ description: 'The setting is secret and has a value.' })),
    omitted: optional(Type.Integer({ description: 'Number of further entries of a long list.' })),
    origin: optional(
      Type.String({
        description:
          'Source of the value: file and line, environment variable, flag, credential, or the setting that names a file with the secret. Absent if it is the default.',
      }),
    ),
    about: Type.String({ description: 'What the setting does.' }),
  }),
);
export type GatewaySetting = Type.Static<typeof GatewaySetting>;

export const SettingRemark = named(
  'SettingRemark',
  Type.Object({
    level: oneOf('note', 'warning', 'error'),
    text: Type.String(),
  }),
);
export type SettingRemark = Type.Static<typeof SettingRemark>;

export const GatewaySettings = named(
  'GatewaySettings',
  Type.Object({
    file: optional(Type.String({ description: 'The configuration file that was read at the start.' })),
    file_changed: optional(
      Type.Boolean({ description: 'The file was changed or removed since. A restart applies its content.' }),
    ),
    items: Type.Array(GatewaySetting, {
      description: 'Every setting in the order of the documents, then the options of receivers.',
    }),
    fault_manager: Type.Object(
      {
        file: optional(Type.String({ description: 'The parameter file that was read at the start.' })),
        parameters: Type.Array(GatewaySetting),
        effect: Type.Array(Type.String(), { description: 'The combined effect of the parameters, one sentence each.' }),
      },
      { description: 'Parameters of the fault manager. Empty if this gateway has none.' },
    ),
    remarks: Type.Array(SettingRemark, {
      description:
        'What the gateway reported when it read its configuration: replaced values, ignored keys, and risks.',
    }),
    remarks_omitted: optional(
      Type.Integer({ description: 'Number of further remarks; the log of the start has them.' }),
    ),
  }),
);
export type GatewaySettings = Type.Static<typeof GatewaySettings>;
