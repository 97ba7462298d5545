import { SovdError } from '@medkit/contract';
import type { Files } from '@medkit/edges';
import type { FaultDocuments } from '../config/fault-documents.ts';
import type { ConfigReading } from '../config/index.ts';
import type { Handlers } from '../http/exchange.ts';

export interface SettingsOptions {
  /** The configuration as read at the start. Absent if a program passed its configuration as values. */
  readonly reading?: ConfigReading | undefined;
  /** Parameters of the fault manager as read at the start. */
  readonly faultDocuments?: FaultDocuments | undefined;
  /** To find out whether the configuration file changed since. */
  readonly storage: Pick<Files, 'stateOf'>;
}

/** The handler of the settings. The code that explains them is loaded with the first request. */
export function settingsHandlers({
  reading,
  faultDocuments,
  storage,
}: SettingsOptions): Pick<Handlers, 'listSettings'> {
  return {
    listSettings: async () => {
      if (!reading) {
        const message = 'The program that started this gateway does not pass on where its settings come from';
        throw new SovdError({ code: 'not-implemented', message });
      }
      const { settingsReply } = await import('./settings-reply.ts');
      return settingsReply(reading, faultDocuments, await isFileChanged(reading, storage));
    },
  };
}

/** Returns whether the configuration file was changed or removed after it was read. */
async function isFileChanged({ file, fileState }: ConfigReading, storage: Pick<Files, 'stateOf'>): Promise<boolean> {
  if (file === undefined || fileState === undefined) return false;
  // A folder that cannot be read any more says nothing about the content of the file.
  const now = await storage.stateOf(file).catch(() => fileState);
  return now?.bytes !== fileState.bytes || now.modifiedMs !== fileState.modifiedMs;
}
