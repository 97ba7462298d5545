import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Parses `300`, `90s`, `5m`, `1h30m` or `2d` into seconds. Throws `CommandFailed` for other texts and for 0. */
export function durationSeconds(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})([smhd]?)/g)];
  const isWhole = parts.map(([part]) => part).join('') === text && (parts.length === 1 || !/\d$/.test(text));
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit] ?? 1), 0);
  if (isWhole && seconds > 0) return seconds;
  throw new CommandFailed(
    `--${option}: expected a duration such as 300 (seconds), 90s, 5m, 1h30m or 2d, found "${text}"`,
    ExitCode.usage,
  );
}
