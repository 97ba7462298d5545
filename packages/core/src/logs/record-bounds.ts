import type { LogRecord } from './log-entry.ts';

/** Characters of a message that are kept: a stack trace fits, a dump of a message does not. */
const MAX_MESSAGE_LENGTH = 8192;
/** Characters of a name or a path that are kept; names of nodes end at 255. */
const MAX_NAME_LENGTH = 512;

/** The record with what is too long of it shortened, its message with a remark; the same where nothing is. */
export function withinBounds(record: LogRecord): LogRecord {
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

/** A copy: a mere slice would keep the whole of a long text in memory. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return new TextDecoder().decode(new TextEncoder().encode(text.slice(0, length)));
}
