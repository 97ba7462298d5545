import { isLogSeverity, type LogRecord } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { EntityLine } from '../plugin-context.ts';

export interface EntityLogOptions {
  /** The name of the plugin. */
  readonly plugin: string;
  readonly clock: Clock;
  /** Returns whether the plugin contributes an app or component with this id. */
  readonly contributes: (entityId: string) => boolean;
  /** Returns whether the plugin has a log provider. Clients would never see lines stored by the gateway then. */
  readonly servesLogs: () => boolean;
  /** Stores a line in the gateway, which truncates it if it is too long. */
  readonly keep: (record: LogRecord) => void;
}

/**
 * Returns the function with which a plugin adds lines to the logs of its entities. A plugin may be written in
 * JavaScript or run in another process, so types alone do not protect the log. The function throws an error that names
 * the invalid field.
 */
export function entityLog({ plugin, clock, contributes, servesLogs, keep }: EntityLogOptions) {
  return (entityId: string, line: EntityLine): void => {
    if (servesLogs())
      throw new Error(`plugin ${plugin} serves the logs of its entities itself: it must store the line itself`);
    if (!contributes(entityId)) {
      throw new Error(
        `plugin ${plugin} contributes no app or component "${entityId}": it can only record lines of entities ` +
          'that it contributes, once they are in the entity tree',
      );
    }
    keep(recordOf(entityId, line, clock));
  };
}

function recordOf(logger: string, line: EntityLine | undefined, clock: Clock): LogRecord {
  const {
    timestampNs = clock.wallNs(),
    severity,
    message,
    function: from,
    file,
    line: at,
  } = line ?? ({} as EntityLine);
  const texts = [message, from ?? '', file ?? ''];
  if (!isLogSeverity(severity)) throw new Error(`invalid severity "${severity}" of a line of "${logger}"`);
  if (texts.some((text) => typeof text !== 'string'))
    throw new Error(`a line of "${logger}" has a field that is not a text`);
  if (typeof timestampNs !== 'bigint') throw new Error(`timestampNs of a line of "${logger}" is not a bigint`);
  return {
    ...{ timestampNs, severity, logger, message },
    ...(from !== undefined && { function: from }),
    ...(file !== undefined && { file }),
    ...(typeof at === 'number' && { line: at }),
  };
}
