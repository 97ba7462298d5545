import type { LogRecord } from './log-entry.ts';

/** Maximum length of a message in characters: fits a stack trace, but not a dumped message. */
const MAX_MESSAGE_LENGTH = 8192;
/** Maximum length of a name or path in characters; node names have at most 255. */
const MAX_NAME_LENGTH = 512;

/**
 * Returns the record with fields that are too long truncated and a note at the end of the message. Returns the same
 * object if everything fits.
 */
export function truncateRecord(record: LogRecord): LogRecord {
  const { logger, message, function: from = '', file = '' } = record;
  const fits =
    message.length <= MAX_MESSAGE_LENGTH && Math.max(logger.length, from.length, file.length) <= MAX_NAME_LENGTH;
  if (fits) return record;
  const over = message.length - MAX_MESSAGE_LENGTH;
  return {
    ...record,
    logger: shortened(logger, MAX_NAME_LENGTH),
    message: shortened(message, MAX_MESSAGE_LENGTH) + (over > 0 ? ` … [${over} more characters]` : ''),
    ...(record.function !== undefined && { function: shortened(from, MAX_NAME_LENGTH) }),
    ...(record.file !== undefined && { file: shortened(file, MAX_NAME_LENGTH) }),
  };
}

/** Truncates a text. Returns a copy, because a slice would keep the whole text in memory. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return new TextDecoder().decode(new TextEncoder().encode(text.slice(0, length)));
}
