import { type GatewaySetting, type GatewaySettings, type SettingRemark, shortened } from '@medkit/contract';
import type { FaultDocuments } from '../config/fault-documents.ts';
import type { ConfigReading } from '../config/index.ts';
import { type ExplainedSetting, explainReading } from '../explain-config.ts';

/** Maximum characters of a value, an origin or a remark: longer ones cannot be read in a list. */
const MAX_TEXT = 1000;
/** Maximum entries of a list in the reply; a name of 1000 characters each leaves the setting below 100 kB. */
const MAX_ENTRIES = 100;
/** Maximum remarks: a file of another program can cause one for each of its lines. */
const MAX_REMARKS = 200;

/** Returns the settings as the API sends them: without secrets, and of limited size. */
export function settingsReply(
  reading: ConfigReading,
  faultDocuments: FaultDocuments | undefined,
  isFileChanged: boolean,
): GatewaySettings {
  const { file, settings, faultManager, remarks, problems } = explainReading(reading, faultDocuments);
  const all: readonly SettingRemark[] = [
    ...problems.map(({ level, text }) => ({ level: level === 'refusal' ? 'error' : level, text }) as const),
    ...remarks.map((text) => ({ level: 'note' as const, text })),
  ];
  return {
    ...(file !== undefined && { file: shortened(file, MAX_TEXT) }),
    ...(isFileChanged && { file_changed: true }),
    items: settings.map(settingItem),
    fault_manager: {
      ...(faultManager.file !== undefined && { file: shortened(faultManager.file, MAX_TEXT) }),
      parameters: faultManager.parameters.map(settingItem),
      effect: faultManager.meaning.map((text) => shortened(text, MAX_TEXT)),
    },
    remarks: all.slice(0, MAX_REMARKS).map(({ level, text }) => ({ level, text: shortened(text, MAX_TEXT) })),
    ...(all.length > MAX_REMARKS && { remarks_omitted: all.length - MAX_REMARKS }),
  };
}

function settingItem({ key, value, origin, about, secret }: ExplainedSetting): GatewaySetting {
  const isList = typeof value === 'object';
  const sent = isList
    ? value.slice(0, MAX_ENTRIES).map((each) => shortened(each, MAX_TEXT))
    : typeof value === 'string'
      ? shortened(value, MAX_TEXT)
      : value;
  return {
    key: shortened(key, MAX_TEXT),
    ...(secret ? { secret } : { value: sent }),
    ...(!secret && isList && value.length > MAX_ENTRIES && { omitted: value.length - MAX_ENTRIES }),
    ...(origin !== undefined && { origin: shortened(origin, MAX_TEXT) }),
    about,
  };
}
